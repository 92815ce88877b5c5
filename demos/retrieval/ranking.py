"""The tutor's search on one question, with the rank each of its searches gave every passage.

The retriever's own numbers are taken as they are; only their ranks, and reciprocal rank fusion of
the ranks as a second opinion, are computed here.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.engine.generate import Message
from tutor.errors import InputError
from tutor.search.retrieve import Passage, Retriever
from tutor.turn.reader import Reading
from tutor.turn.understand import understand

LONGEST = 500  # characters of a question
RRF = 60  # the constant of Cormack, Clarke and Buettcher 2009, SIGIR


@dataclass(frozen=True)
class Ranked:
    """A passage of the final list with its ranks among all candidates, 1 the best.

    A rank is None where that search did not return the passage. `fused_rank` is its place by its
    own fused score; the final list may also weigh the passage's topic.
    """

    passage: Passage
    read_rank: int | None
    question_rank: int | None
    answer_rank: int | None
    bm25_rank: int | None
    fused_rank: int
    rrf: float
    rrf_rank: int | None


@dataclass(frozen=True)
class Found:
    """A search, looked at: what the reader made of the turn, what was searched for, the final list,
    the gate's verdict. `shares` are the probabilities of the topics, in their order, `written` the
    written answers that come nearest, by how likely each answers the turn."""

    question: str
    query: str
    reading: Reading
    rows: tuple[Ranked, ...]
    candidates: int
    topics: tuple[int, ...]
    shares: tuple[float, ...]
    covered: bool
    confidence: float
    seconds: float
    written: tuple[Passage, ...] = ()


def check(question: str) -> None:
    """Raise InputError for what cannot be asked."""
    if not question.strip():
        raise InputError("Type a question first, for instance: What is HyDE?")
    if len(question) > LONGEST:
        raise InputError(f"Ask in at most {LONGEST} characters.")


def search_traced(retriever: Retriever, question: str, before: str = "") -> Found:
    """The retriever's final passages with the rank each of its searches gave them.

    `before` is what the learner said before, if anything: the reader reads it too.
    """
    start = time.perf_counter()
    history = [Message("user", before)] if before.strip() else []
    ask = understand(question, retriever.reader, history)
    evidence = retriever.search(ask)
    seconds = time.perf_counter() - start
    candidates = retriever.rank(ask)
    places = {passage.chunk.id: place for place, passage in enumerate(candidates)}
    by_reader = ranks([passage.read for passage in candidates])
    by_question = ranks([passage.to_question for passage in candidates])
    by_answer = ranks([passage.to_answer for passage in candidates])
    by_bm25 = ranks([passage.bm25 for passage in candidates])
    by_search = list(zip(by_reader, by_question, by_answer, by_bm25, strict=True))
    fused = [fuse_ranks(each) for each in by_search]
    rrf_ranks = ranks(fused)
    rows = []
    for passage in evidence.passages:
        i = places[passage.chunk.id]
        rows.append(Ranked(passage, *by_search[i], i + 1, fused[i], rrf_ranks[i]))
    return Found(
        question=question,
        query=evidence.query,
        reading=ask.reading,
        rows=tuple(rows),
        candidates=len(candidates),
        topics=evidence.topics,
        shares=evidence.shares,
        covered=evidence.covered,
        confidence=evidence.confidence,
        seconds=seconds,
        written=evidence.written,
    )


def ranks(scores: Sequence[float]) -> list[int | None]:
    """The rank of every score, 1 for the highest, equals sharing one; None for 0 and below.

    [0.5, 0.9, 0.0, 0.5] gives [2, 1, None, 2].
    """
    return [1 + sum(other > score for other in scores) if score > 0 else None for score in scores]


def fuse_ranks(places: Sequence[int | None], k: int = RRF) -> float:
    """Reciprocal rank fusion: the sum of 1 / (k + rank) over the searches that found the passage.

    Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion outperforms Condorcet and individual
    rank learning methods", SIGIR.
    """
    return sum(1 / (k + place) for place in places if place is not None)
