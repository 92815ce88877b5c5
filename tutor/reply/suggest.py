"""Suggests what to ask next: the follow-ups of the question at hand, then the category's others."""

from tutor.guide.read import Guide
from tutor.reply.lead import Lead
from tutor.search.retrieve import Evidence

SUGGESTIONS = 4
OPENERS = (
    "What is tokenization and why is it critical?",
    "Why are attention scores divided by the square root of d_k?",
    "Why would top-p keep only one token?",
    "How does LoRA need so little memory?",
)


def suggest(
    guide: Guide, evidence: Evidence | None = None, lead: Lead | None = None
) -> tuple[str, ...]:
    """Up to SUGGESTIONS questions, none of which the lead has just answered."""
    if not evidence or not evidence.topics:
        return OPENERS
    topic = guide.questions[evidence.topics[0]]
    answered = {chunk.heading for chunk in lead.chunks} if lead else set()
    # Near ones first: what the search found for this very question.
    near = [p.chunk.heading for p in evidence.passages if p.chunk.number == topic.number]
    own = [follow_up.question for follow_up in topic.follow_ups]
    neighbors = [q.title for q in guide.category(topic.category).questions if q is not topic]
    found = [text for text in near if text in own] + own
    unanswered = [text for text in dict.fromkeys(found) if text not in answered]
    return (*unanswered[: SUGGESTIONS - 1], *neighbors[:1])
