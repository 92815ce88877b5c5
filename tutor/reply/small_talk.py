"""Replies to turns that are not questions: greetings, thanks, insults, attempts at a takeover."""

from tutor.turn.intent import Intent

REPLIES = {
    Intent.GREETING: (
        "Hello! I help you prepare for interviews about large language models, from a guide of "
        "50 questions. Ask me anything about tokenization, attention, sampling, fine-tuning, RAG "
        "and the rest, or say *quiz me on attention*."
    ),
    Intent.THANKS: (
        "You are welcome. When you want to go on, pick one of the questions below, or explain the "
        "last answer aloud in your own words: that is what the interview will ask of you."
    ),
    Intent.HOSTILE: (
        "I will stay with what I am here for: questions about large language models, answered "
        "from the guide. Which one shall we look at?"
    ),
}


def small_talk(intent: Intent) -> str | None:
    """The reply to a turn of this intent, or None if it needs the guide."""
    return REPLIES.get(intent)
