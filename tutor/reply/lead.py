"""Chooses the authored passage that a reply begins with.

The lead is the guide's text, verbatim. What it is follows from what the turn is: a question, a
claim or a case gets the passage that answers best, a wish about the form a section of the topic
("an example?": the worked example), a turn about the preparation a plan or a question to practise.
What the guide does not cover is refused, with the nearest topics.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import (
    ANALOGY,
    FOLLOW_UPS,
    HOW_IT_WORKS,
    IN_SHORT,
    KEY_POINTS,
    ONE_MINUTE,
    PITFALLS,
    READING,
    WORKED_EXAMPLE,
    Guide,
)
from tutor.guide.text import numbers, plain, sentences
from tutor.reply.close import under_its_question
from tutor.reply.retold import ALOUD, PARTICULAR, beginning
from tutor.reply.small_talk import BEFORE_AN_ANSWER, small_talk
from tutor.reply.study import asked_next, study_plan
from tutor.search.retrieve import Evidence, Passage
from tutor.turn.ask import Ask
from tutor.turn.kinds import RETOLD, WISHES, Kind
from tutor.turn.wish import About, parts_wished

# A turn that is a claim is corrected with a pitfall whose wrong claim it repeats, from this cosine.
REPEATED_CLAIM = 0.7
NEAREST_TOPICS = 3
BRIEF = 30  # words of a reply that is told again in short
ALIKE = 0.5  # how near a worked example has to be to stand for an answer
SAME_MATTER = 0.35  # probability from which a written answer is about what was said last
UNCLEAR = 0.2  # probability of the best topic below which a wish has nothing to be about

# The sections that a wish is met by: the first that was not said yet.
SECTIONS_OF = {
    Kind.INTERVIEW: (IN_SHORT, ONE_MINUTE),
    Kind.SIMPLER: (ANALOGY,),
    Kind.EXAMPLE: (WORKED_EXAMPLE,),
    Kind.POINTS: (KEY_POINTS,),
    Kind.PITFALLS: (PITFALLS,),
    Kind.READING: (READING,),
    Kind.LONGER: (HOW_IT_WORKS,),
}
# Sections written to answer; the others are shown when they are wished for.
ANSWERING = {ONE_MINUTE, HOW_IT_WORKS, WORKED_EXAMPLE, PITFALLS, FOLLOW_UPS}
# Sections that are shown as they are: lists that the model has nothing to add to.
COMPLETE = {IN_SHORT, KEY_POINTS, PITFALLS, READING}
NOT_COVERED = "The guide does not cover that, and I would rather not guess."
OTHER_NUMBERS = "I cannot work that out with your numbers; this is how it goes with others:"
NO_CODE = "The guide has no code for this. What the code has to compute:"
AS_IT_STANDS = "Short enough to say as it stands:"
WHICH = "About which topic? Name it, or pick one of the questions below."


@dataclass(frozen=True)
class Quote:
    """A sentence of a passage that something rests on."""

    sentence: str
    chunk: Chunk


@dataclass(frozen=True)
class Lead:
    """The first part of a reply: Markdown, the chunks it is taken from, and whether the model goes
    on from it. `chunks` is empty when the words are the tutor's own, as in a greeting; `quotes` are
    what a written answer or a calculation rests on; `refused` says that the guide does not cover
    the turn."""

    text: str
    chunks: tuple[Chunk, ...]
    continued: bool = False
    refused: bool = False
    quotes: tuple[Quote, ...] = ()

    @property
    def number(self) -> int:
        """The guide question that it is taken from."""
        return self.chunks[0].number


def choose_lead(
    ask: Ask,
    evidence: Evidence,
    guide: Guide,
    passages: Passages,
    history: Sequence[Message] = (),
    attempt: int = 0,
    origin: Chunk | None = None,
) -> Lead:
    """The lead for a turn with its evidence; a further `attempt` gives the next best answer.
    `origin` is what the last reply was taken from."""
    return greeted(ask, lead_of(ask, evidence, guide, passages, history, attempt, origin))


def greeted(ask: Ask, lead: Lead) -> Lead:
    """The lead with an answer to the small talk that came with the turn, if any did."""
    if ask.talks is None or (ask.alone and ask.talks is Kind.THANKS):
        return lead  # nobody thanks for what was not said yet
    return replace(lead, text=BEFORE_AN_ANSWER[ask.talks] + lead.text)


def lead_of(
    ask: Ask,
    evidence: Evidence,
    guide: Guide,
    passages: Passages,
    history: Sequence[Message],
    attempt: int,
    origin: Chunk | None,
) -> Lead:
    """The lead without what small talk adds to it."""
    if (ask.asks and not evidence.covered) or not evidence.topics:
        return Lead(not_covered(evidence, guide), (), refused=True)
    if ask.kind in WISHES and evidence.shares[0] < UNCLEAR:
        return Lead(WHICH, ())
    if attempt:
        return best_answer(ask, evidence, passages, history, attempt)
    topic = evidence.topics[0]
    if origin and ask.kind in RETOLD:
        if lead := retold(ask.kind, origin, evidence, passages, history):
            return lead
        topic = origin.number
    match ask.kind:
        case Kind.SHORTER:
            short = in_short(topic, passages)
            named = ask.wish and ask.wish.about is About.NAMED  # "… in one line"
            return replace(short, text=beginning(short.text, BRIEF)) if named else short
        case Kind.FORMULA:
            return formula(topic, passages)
        case Kind.CODE:
            shown = formula(topic, passages)
            return replace(shown, text=f"{NO_CODE}\n\n{shown.text}")
        case Kind.QUIZ:
            return quiz(ask, topic, passages, history)
        case Kind.ANSWER:
            return compared(ask, evidence, passages, history)
        case Kind.NEXT:
            answered = [chunk.heading for chunk in passages.of(topic) if said(chunk, history)]
            return Lead(asked_next(guide.questions[topic], answered), ())
        case Kind.CLAIM if claim := matching_claim(evidence):
            return Lead(f"Not quite. {claim.chunk.stated}", (claim.chunk,), continued=True)
    for section in SECTIONS_OF.get(ask.kind, ()):
        chunks = [c for c in passages.section(topic, section) if not said(c, history)]
        if chunks:
            lead = whole_section(tuple(chunks), section)
            most = parts_wished(ask.text) if section == KEY_POINTS else None
            return replace(lead, text=first_points(lead.text, most)) if most else lead
    own = ask.kind is Kind.COMPUTE and bool(numbers(ask.text))
    return best_answer(ask, evidence, passages, history, worked_out=own)


def own_words(ask: Ask, guide: Guide, talked_about: Sequence[int]) -> str | None:
    """What the tutor says by itself to a turn that needs no passage; None if it needs one."""
    if ask.kind is Kind.PLAN:
        return study_plan(guide, talked_about)
    return small_talk(ask.kind)


def best_answer(
    ask: Ask,
    evidence: Evidence,
    passages: Passages,
    history: Sequence[Message] = (),
    attempt: int = 0,
    worked_out: bool = False,
) -> Lead:
    """The passage that fits best among those written to answer; if retried, the next best.

    It belongs to the topic that was found, and is not what the last reply has just said. Where
    something was to be `worked_out`, an example with other numbers is said to be one.
    """
    last = [message for message in history if message.role == "assistant"][-1:]
    topic = evidence.topics[0]
    answering = [
        passage
        for passage in evidence.passages
        if passage.chunk.section in ANSWERING
        and passage.chunk.number == topic
        and not said(passage.chunk, last)
        and not (passage.chunk.section == WORKED_EXAMPLE and passage.near < ALIKE)
    ]
    if not answering:
        return whole_section(passages.section(topic, ONE_MINUTE), ONE_MINUTE)
    best = answering[attempt % len(answering)]
    chunk = best.chunk
    if chunk.section == PITFALLS:
        return Lead(chunk.stated, (chunk,), continued=True)
    if chunk.section == WORKED_EXAMPLE and worked_out:
        return Lead(f"{OTHER_NUMBERS}\n\n{chunk.text}", (chunk,))
    if chunk.section in (HOW_IT_WORKS, WORKED_EXAMPLE):
        return Lead(chunk.text, (chunk,), continued=True)
    chunks = passages.siblings(chunk)
    text = joined(chunks)
    if chunk.section == FOLLOW_UPS:
        text = under_its_question(ask.kind, best, chunk.heading, text)
    return Lead(text, chunks, continued=True)


def said(chunk: Chunk, history: Sequence[Message]) -> bool:
    """Whether one of the tutor's replies holds the beginning of a chunk."""
    opening = sentences(plain(chunk.stated))[:1]
    replies = [plain(m.content) for m in history if m.role == "assistant"]
    return any(opening[0] in reply for reply in replies) if opening else False


def key_points(
    ask: Ask, lead: Lead, history: Sequence[Message], passages: Passages
) -> tuple[Chunk, ...]:
    """The points that a complete answer makes, when a whole guide question was asked; else none."""
    whole = lead.chunks and lead.chunks[0].section == ONE_MINUTE and lead.continued
    # Whoever wants to say it in short wants to know what else belongs to it.
    named = ask.wish is not None and ask.wish.about is About.NAMED
    told = named and lead.chunks[:1] and lead.chunks[0].section == IN_SHORT
    if not (whole or told) or ask.kind not in (Kind.QUESTION, Kind.INTERVIEW):
        return ()
    chunks = passages.section(lead.number, KEY_POINTS)
    return () if any(said(chunk, history) for chunk in chunks) else chunks


def whole_section(chunks: tuple[Chunk, ...], section: str) -> Lead:
    """A section in its own Markdown; of the mechanism no more than the next two chunks."""
    if section == HOW_IT_WORKS:
        chunks = chunks[:2]
    return Lead(joined(chunks), chunks, continued=section not in COMPLETE)


def first_points(text: str, most: int) -> str:
    """The first points of a Markdown list.

    >>> first_points("- one\\n- two\\n- three", 2)
    '- one\\n- two'
    """
    return "\n".join([line for line in text.splitlines() if line][:most])


def retold(
    kind: Kind,
    origin: Chunk,
    evidence: Evidence,
    passages: Passages,
    history: Sequence[Message],
) -> Lead | None:
    """What was said last in fewer words, or in those of a simple answer to the same; None if it was
    about a whole guide question, which has sections for that, or cannot be said in fewer. What one
    says within half a minute anyway is said aloud as it stands."""
    if origin.section not in PARTICULAR:
        return None
    if kind is Kind.SIMPLER:
        for passage in evidence.written:
            same = passage.chunk.simple and passage.answers >= SAME_MATTER
            if same and not said(passage.chunk, history):
                return Lead(passage.chunk.text, (passage.chunk,))
        return simpler(origin, passages, history)
    words = len(origin.stated.split())
    most = ALOUD if kind is Kind.INTERVIEW else BRIEF if words > BRIEF else 1
    text = beginning(origin.stated, most)
    if kind is Kind.INTERVIEW:
        return Lead(text if len(text.split()) < words else f"{AS_IT_STANDS}\n\n> {text}", (origin,))
    return Lead(text, (origin,)) if len(text.split()) < words else None


def simpler(origin: Chunk, passages: Passages, history: Sequence[Message]) -> Lead:
    """The core of what was said last, and the picture that the guide has for its topic."""
    core = f"In short: {beginning(origin.stated, BRIEF)}"
    picture = passages.section(origin.number, ANALOGY)[:1]
    if not picture or said(picture[0], history):
        return Lead(core, (origin,))
    return Lead(f"{core}\n\nA picture for it: {picture[0].text}", (origin, *picture))


def in_short(number: int, passages: Passages) -> Lead:
    """A guide question's answer in 20 seconds."""
    return whole_section(passages.section(number, IN_SHORT), IN_SHORT)


def formula(topic: int, passages: Passages) -> Lead:
    """The first part of `How it works` with a display formula, or its beginning if it has none.

    The part after it belongs to it if that has a formula too; one further on would be out of place.
    """
    chunks = passages.section(topic, HOW_IT_WORKS)
    first = next((place for place, chunk in enumerate(chunks) if "$$" in chunk.text), 0)
    after = tuple(chunk for chunk in chunks[first + 1 : first + 2] if "$$" in chunk.text)
    shown = (*chunks[first : first + 1], *after)
    return Lead(joined(shown), shown, continued=True)


def quiz(ask: Ask, topic: int, passages: Passages, history: Sequence[Message]) -> Lead:
    """A follow-up question of the topic, not asked before, to be answered by the learner."""
    chunks = [
        chunk
        for chunk in passages.section(topic, FOLLOW_UPS)
        if not any(chunk.heading in message.content for message in history)
    ] or list(passages.section(topic, FOLLOW_UPS))
    chunk = chunks[sum(ask.text.encode()) % len(chunks)]
    text = f"Try this one, aloud or in writing, in about a minute:\n\n**{chunk.heading}**"
    return Lead(f"{text}\n\nAnswer here, and I show you the guide's answer to compare.", ())


def compared(ask: Ask, evidence: Evidence, passages: Passages, history: Sequence[Message]) -> Lead:
    """The guide's answer to the question that the tutor asked last, to compare with."""
    asked = next((m.content for m in reversed(history) if m.role == "assistant"), "")
    for chunk in passages:
        if chunk.section == FOLLOW_UPS and f"**{chunk.heading}**" in asked:
            chunks = passages.siblings(chunk)
            return Lead(f"Compare with the guide's answer:\n\n{joined(chunks)}", chunks)
    return best_answer(ask, evidence, passages, history)


def matching_claim(evidence: Evidence) -> Passage | None:
    """The pitfall whose wrong claim is nearest to the turn, if it is near and nothing is nearer."""
    claims = [p for p in evidence.passages if p.chunk.section == PITFALLS]
    best = max(claims, key=lambda p: p.to_question, default=None)
    others = [p.to_question for p in evidence.passages if p.chunk.section == FOLLOW_UPS]
    if best and best.to_question >= max([REPEATED_CLAIM, *others]):
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
