"""What the tutor says of itself: greetings, thanks, questions about it, attempts at a takeover."""

from tutor.turn.kinds import Kind

REPLIES = {
    Kind.HELLO: (
        "Hello! I help you prepare for interviews about large language models, from a guide of "
        "50 questions. Ask me anything about tokenization, attention, sampling, fine-tuning, RAG "
        "and the rest, say *quiz me on attention*, or *help me plan*."
    ),
    Kind.THANKS: (
        "You are welcome. When you want to go on, pick one of the questions below, or explain the "
        "last answer aloud in your own words: that is what the interview will ask of you."
    ),
    Kind.ABOUT: (
        "I am a tutor for interviews about large language models. What I say comes from a guide of "
        "50 questions that people wrote; a small model on this machine finds what fits your "
        "question and adds to it, and every passage is listed under Sources, so that you can check "
        "me. I see this conversation and nothing else about you, and I can be wrong about what you "
        "mean: then say it in other words."
    ),
    Kind.HOSTILE: (
        "I will stay with what I am here for: questions about large language models, answered "
        "from the guide. Which one shall we look at?"
    ),
}
BEFORE_AN_ANSWER = {Kind.HELLO: "Hello! ", Kind.THANKS: "You are welcome. "}


def small_talk(kind: Kind) -> str | None:
    """The reply to a turn of this kind, or None if it needs the guide."""
    return REPLIES.get(kind)
