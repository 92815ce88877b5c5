"""Chooses the authored passage that a reply begins with.

The lead is the guide's text, verbatim. Its section follows from the intent of the turn (an example
is wanted: the worked example); for an ordinary question it is the passage that fits best among
those written to answer: the one-minute answer, a follow-up's answer, a pitfall's correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import (
    ANALOGY,
    FOLLOW_UPS,
    HOW_IT_WORKS,
    KEY_POINTS,
    ONE_MINUTE,
    PITFALLS,
    READING,
    WORKED_EXAMPLE,
    Guide,
)
from tutor.guide.text import plain, sentences
from tutor.search.retrieve import Evidence, Passage
from tutor.turn.ask import Ask
from tutor.turn.intent import Intent
from tutor.turn.understand import NOT_COVERED

# A turn that sounds like a claim is checked against the wrong claims from this cosine on.
SAME_CLAIM = 0.6
# A wrong claim answers an ordinary question only when no other passage comes near.
PITFALL_HANDICAP = 0.08
NEAREST_TOPICS = 3
# A follow-up answers a question only if it asks about the same; else the one-minute answer does.
SAME_QUESTION = 0.5

SECTION_OF = {
    Intent.INTERVIEW: ONE_MINUTE,
    Intent.SIMPLE: ANALOGY,
    Intent.EXAMPLE: WORKED_EXAMPLE,
    Intent.KEY_POINTS: KEY_POINTS,
    Intent.PITFALLS: PITFALLS,
    Intent.READING: READING,
}
# Replies that a list of what a complete answer covers rounds off.
ROUNDED_OFF = {Intent.EXPLAIN, Intent.COMPARE, Intent.INTERVIEW}
# Sections that are shown as they are: lists that the model has nothing to add to.
COMPLETE = {KEY_POINTS, PITFALLS, READING}


@dataclass(frozen=True)
class Lead:
    """The first part of a reply: Markdown, the chunks it is taken from, and whether the model goes
    on from it. `chunks` is empty when the words are the tutor's own, as in a greeting."""

    text: str
    chunks: tuple[Chunk, ...]
    continued: bool = False

    @property
    def number(self) -> int:
        """The guide question that it is taken from."""
        return self.chunks[0].number


def choose_lead(
    ask: Ask, evidence: Evidence, guide: Guide, passages: Passages, attempt: int = 0
) -> Lead:
    """The lead for a turn with its evidence; a further `attempt` gives the next best answer."""
    if not evidence.covered:
        return Lead(not_covered(evidence, guide), ())
    if attempt:
        return best_answer(ask, evidence, passages, attempt)
    topic = evidence.topics[0]
    if section := SECTION_OF.get(ask.intent):
        return whole_section(passages.section(topic, section), section)
    if ask.intent is Intent.SHORTER:
        chunks = passages.section(topic, ONE_MINUTE)
        return Lead(" ".join(sentences(chunks[0].text)[:2]), chunks)
    if ask.intent is Intent.LONGER:
        return whole_section(passages.section(topic, HOW_IT_WORKS)[:2], HOW_IT_WORKS)
    if ask.intent is Intent.FORMULA:
        return formula(topic, passages)
    if ask.intent is Intent.QUIZ:
        return quiz(ask, topic, passages)
    if ask.intent is Intent.CLAIM and (claim := matching_claim(evidence)):
        return Lead(f"Not quite. {claim.chunk.stated}", (claim.chunk,), continued=True)
    return best_answer(ask, evidence, passages)


def best_answer(ask: Ask, evidence: Evidence, passages: Passages, attempt: int = 0) -> Lead:
    """The passage that fits best among those written to answer; if retried, the next best.

    It belongs to the topic that was found, and is not what the last reply has just said.
    """
    said = plain(ask.query.reply)

    def fit(passage: Passage) -> float:
        handicap = PITFALL_HANDICAP if passage.chunk.section == PITFALLS else 0.0
        return passage.score - handicap

    answering = [
        p
        for p in evidence.passages
        if p.chunk.section in (ONE_MINUTE, FOLLOW_UPS, PITFALLS)
        and p.chunk.number == evidence.topics[0]
        and sentences(plain(p.chunk.stated))[0] not in said
        and (p.chunk.section == ONE_MINUTE or p.to_question >= SAME_QUESTION)
    ]
    if not answering:
        chunks = passages.section(evidence.topics[0], ONE_MINUTE)
        return Lead(joined(chunks), chunks, continued=True)
    ranked = sorted(answering, key=fit, reverse=True)
    chunk = ranked[attempt % len(ranked)].chunk
    if chunk.section == PITFALLS:
        return Lead(chunk.stated, (chunk,), continued=True)
    chunks = passages.siblings(chunk)
    return Lead(joined(chunks), chunks, continued=True)


def key_points(
    ask: Ask, lead: Lead, history: Sequence[Message], passages: Passages
) -> tuple[Chunk, ...]:
    """The points that a complete answer makes, for the first answer on a topic; else nothing."""
    if ask.intent not in ROUNDED_OFF or not lead.continued:
        return ()
    chunks = passages.section(lead.number, KEY_POINTS)
    first = sentences(plain(chunks[0].text))[0]
    told = any(first in plain(m.content) for m in history if m.role == "assistant")
    return () if told else chunks


def whole_section(chunks: tuple[Chunk, ...], section: str) -> Lead:
    """All of a section, in its own Markdown."""
    return Lead(joined(chunks), chunks, continued=section not in COMPLETE)


def formula(topic: int, passages: Passages) -> Lead:
    """The first part of `How it works` with a display formula, or its beginning if it has none.

    The part after it belongs to it if that has a formula too; one further on would be out of place.
    """
    chunks = passages.section(topic, HOW_IT_WORKS)
    first = next((place for place, chunk in enumerate(chunks) if "$$" in chunk.text), 0)
    after = tuple(chunk for chunk in chunks[first + 1 : first + 2] if "$$" in chunk.text)
    shown = (*chunks[first : first + 1], *after)
    return Lead(joined(shown), shown, continued=True)


def quiz(ask: Ask, topic: int, passages: Passages) -> Lead:
    """A follow-up question of the topic, to be answered aloud by the student."""
    chunks = passages.section(topic, FOLLOW_UPS)
    chunk = chunks[sum(ask.text.encode()) % len(chunks)]
    text = f"Try this one aloud, in about a minute:\n\n**{chunk.heading}**"
    return Lead(f"{text}\n\nThen ask me the same question to compare.", ())


def matching_claim(evidence: Evidence) -> Passage | None:
    """The pitfall whose wrong claim is nearest to the turn, if it is near and nothing is nearer."""
    claims = [p for p in evidence.passages if p.chunk.section == PITFALLS]
    best = max(claims, key=lambda p: p.to_question, default=None)
    others = [p.to_question for p in evidence.passages if p.chunk.section == FOLLOW_UPS]
    if best and best.to_question >= max([SAME_CLAIM, *others]):
        return best
    return None


def joined(chunks: tuple[Chunk, ...]) -> str:
    """Consecutive chunks of a section as one text."""
    return "\n\n".join(chunk.text for chunk in chunks)


def not_covered(evidence: Evidence, guide: Guide) -> str:
    """What to say when the guide has no answer: that, and what is near."""
    titles = [f"- Q{n}: {guide.questions[n].title}" for n in evidence.topics[:NEAREST_TOPICS]]
    if not titles:
        return NOT_COVERED
    return f"{NOT_COVERED} The nearest topics are:\n\n" + "\n".join(titles)
