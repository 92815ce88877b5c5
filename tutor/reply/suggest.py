"""Suggests what to ask next: what lies near the turn, follow-ups, then the category's others.

The reply may have missed the very thing that was asked while the search had found it: the questions
that the turn may have meant stand first, a click away.
"""

from collections.abc import Iterator

from tutor.guide.read import Guide
from tutor.guide.text import numbers
from tutor.reply.lead import Lead
from tutor.reply.support import words
from tutor.search.retrieve import Evidence

SUGGESTIONS = 4
NEAR = 2  # of them, questions with a written answer that the turn may have meant
LIKELY = 0.1  # probability that it answers the turn, from which one is suggested
OPENERS = (
    "What is tokenization and why is it critical?",
    "Why are attention scores divided by the square root of d_k?",
    "Why would top-p keep only one token?",
    "How does LoRA need so little memory?",
)


def suggest(
    guide: Guide, evidence: Evidence | None = None, lead: Lead | None = None
) -> tuple[str, ...]:
    """Up to SUGGESTIONS different questions, none of which the lead has just answered."""
    if not evidence or not evidence.topics:
        return OPENERS
    topic = guide.questions[evidence.topics[0]]
    answered = {chunk.heading for chunk in lead.chunks} if lead else set()
    # What the search found for this very question comes before the rest of the topic.
    found = [p.chunk.heading for p in evidence.passages]
    own = [follow_up.question for follow_up in topic.follow_ups]
    neighbors = [q.title for q in guide.category(topic.category).questions if q is not topic]
    meant = list(maybe_meant(evidence, lead))[:NEAR]
    follow_ups = [text for text in (*(t for t in found if t in own), *own) if text not in answered]
    first = list(dict.fromkeys((*meant, *follow_ups)))[: SUGGESTIONS - 1]
    return tuple(dict.fromkeys((*first, *neighbors[:1])))


def maybe_meant(evidence: Evidence, lead: Lead | None) -> Iterator[str]:
    """Questions with a written answer that the turn may have meant, likeliest first.

    No claims, not the turn itself, and none with numbers that the turn does not have: those are
    somebody else's.
    """
    shown = lead.chunks if lead else ()
    here = set(numbers(evidence.query))
    asked = words(evidence.query)
    for passage in sorted(evidence.written, key=lambda one: -one.answers):
        chunk = passage.chunk
        if passage.answers < LIKELY or chunk.verdict or chunk in shown:
            continue
        if any(words(text) == asked for text in chunk.questions):
            continue
        questions = (text for text in chunk.questions if text.endswith("?"))
        fitting = next((text for text in questions if here.issuperset(numbers(text))), "")
        if fitting:
            yield fitting[0].upper() + fitting[1:] if fitting.split()[0].isalpha() else fitting
