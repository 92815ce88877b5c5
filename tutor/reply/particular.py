"""The lead for something particular: a written answer to just that, or what was worked out.

Both rest on passages of the guide, which are shown with the sentence that comes nearest to what is
said.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from tutor.calls.fill import Computed
from tutor.choose.choice import Verdict
from tutor.engine.embed import Embedder, dots
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import ONE_MINUTE, WORKED_EXAMPLE
from tutor.guide.text import numbers, plain, sentences
from tutor.reply.close import under_its_question
from tutor.reply.lead import ANSWERING, Lead, Quote, said
from tutor.reply.support import words as said_words
from tutor.search.retrieve import Evidence, Passage
from tutor.turn.ask import Ask
from tutor.turn.kinds import ASKING, Kind

ANSWERS = 0.5  # probability from which a written answer is taken to answer the turn
# The same for a question, to which the guide's passage is as often the better reply.
TO_A_QUESTION = 0.6
UNCOVERED = 0.85  # the same where the gate says that the guide does not cover the turn
NEXT_BEST = 0.2  # the same when the learner asks for another try
RESTS = 2  # passages shown behind an answer
SAME_CODE = 0.45  # mean cosine from which a snippet is the code asked for
OWN_TOPIC = 0.1  # added to that for a snippet of the topic in question
JUST_THAT = 0.65  # the same where the turn was not read as a wish for code
ASKED_FOR = 0.5  # probability of a wish for a number from which a result is one
HARDLY = 0.12  # the same below which none is, however sure the calculation
ASKING_BACK = 0.8  # the same from which a missing argument is asked for
# Of a calculation, from which a missing number is asked for; added to that of a wish for one, from
# which a result is shown that was not clearly asked for.
PERHAPS = 0.9


def written_lead(
    ask: Ask,
    evidence: Evidence,
    passages: Passages,
    embedder: Embedder,
    attempt: int = 0,
    verdict: Verdict | None = None,
) -> Lead | None:
    """The written answer that answers the turn best and was not said yet; None if none does.
    `verdict` is that on the turn as a claim.

    A question that comes nearer to one that the guide answers gets the guide's passage, and so does
    whatever comes nearer to a whole guide question.
    """
    if ask.kind not in ASKING or ask.kind is Kind.CODE or asked_by_guide(ask, evidence):
        return None
    least = NEXT_BEST if attempt else least_sure(ask, evidence)
    rivals = ANSWERING if ask.kind is Kind.QUESTION else {ONE_MINUTE}
    guide = max((p.near for p in evidence.passages if p.chunk.section in rivals), default=0.0)
    fresh = [
        passage
        for passage in evidence.written
        if passage.answers >= least
        and passage.near > guide
        and not said(passage.chunk, ask.before)
        and not about_others(passage.chunk, ask)
    ]
    if attempt >= len(fresh):
        return None
    best = fresh[attempt]
    chunk = best.chunk
    text = under_its_question(ask.kind, best, chunk.questions[0], chunk.text, verdict)
    return Lead(text, (chunk,), quotes=quotes_of(chunk.text, rests(chunk, passages), embedder))


def least_sure(ask: Ask, evidence: Evidence) -> float:
    """The probability from which a written answer is the reply at the first try."""
    if not evidence.covered:
        return UNCOVERED
    return TO_A_QUESTION if ask.kind is Kind.QUESTION else ANSWERS


def about_others(chunk: Chunk, ask: Ask) -> bool:
    """Whether a written answer is for somebody with other numbers: its question has some that were
    never mentioned here, and its answer goes by them, as every worked out one does."""
    here = " ".join((ask.text, *(message.content for message in ask.before)))
    others = set(numbers(chunk.questions[0])) - set(numbers(here))
    return bool(others) if ask.kind is Kind.COMPUTE else bool(others & set(numbers(chunk.text)))


def asked_by_guide(ask: Ask, evidence: Evidence) -> bool:
    """Whether the turn is one of the guide's own questions, word for word: then it answers."""
    turn = said_words(ask.words)
    return any(turn == said_words(q) for p in evidence.passages for q in p.chunk.answers)


def rests(chunk: Chunk, passages: Passages) -> list[Chunk]:
    """The guide's passages behind a written answer, as far as the guide still has them."""
    found: list[Chunk] = []
    for number, heading in chunk.rests[:RESTS]:
        found += [c for c in passages.of(number) if (c.heading or c.section) == heading][:2]
    return found


def code_lead(
    snippets: Sequence[Passage], topics: Sequence[int] = (), least: float = SAME_CODE
) -> Lead | None:
    """The snippet of the guide that comes nearest to the code asked for, if one comes near; one of
    the first of the `topics` is a little nearer."""

    def near(passage: Passage) -> float:
        return passage.near + (OWN_TOPIC if passage.chunk.number in topics[:1] else 0.0)

    best = max(snippets, key=near, default=None)
    if best is None or near(best) < least:
        return None
    return Lead(best.chunk.text, (best.chunk,))


def computed_lead(
    ask: Ask, computed: Computed, evidence: Evidence, passages: Passages, embedder: Embedder
) -> Lead | None:
    """What was worked out, over a passage of the question behind it; None if a number is missing
    that the learner did not want worked out."""
    wants = ask.reading.kinds.get(Kind.COMPUTE, 0.0)
    if computed.worked is None and (wants < ASKING_BACK or computed.chance < PERHAPS):
        return None
    if wants < HARDLY or (wants < ASKED_FOR and wants + computed.chance < PERHAPS):
        return None
    found = [p.chunk for p in evidence.passages if p.chunk.number == computed.number]
    behind = found[:1] or list(passages.section(computed.number, WORKED_EXAMPLE)[:1])
    return Lead(computed.text, (), quotes=quotes_of(computed.text, behind, embedder))


def quotes_of(text: str, behind: Sequence[Chunk], embedder: Embedder) -> tuple[Quote, ...]:
    """For each passage behind a text, its sentence that comes nearest to it."""
    return tuple(_nearest(text, behind, embedder)) if behind else ()


def _nearest(text: str, behind: Sequence[Chunk], embedder: Embedder) -> Iterator[Quote]:
    offered = [sentences(chunk.stated) or [chunk.stated] for chunk in behind]
    flat = [plain(sentence) for found in offered for sentence in found]
    vectors = embedder.embed([plain(text), *flat])
    cosines = dots(vectors[1:], vectors[0])
    start = 0
    for chunk, found in zip(behind, offered, strict=True):
        best = int(np.argmax(cosines[start : start + len(found)]))
        yield Quote(found[best], chunk)
        start += len(found)
