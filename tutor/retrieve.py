"""Finds the passages that answer a question: dense and lexical search, fused and gated.

Three numbers are kept for every passage, so that each stage can be looked at: the cosine to the
passage's text, the cosine to the nearest question it answers, and its BM25 score. A weighted sum
ranks passages, the best passages rank guide questions, and a logistic gate decides whether the
guide covers what was asked at all. Read-only: one Retriever serves all visitors.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.chunks import Chunk
from tutor.embed import Embedder
from tutor.index import Index
from tutor.lexical import Lexical
from tutor.support import Support

CANDIDATES = 80  # entries taken from the dense search
PASSAGES = 8  # passages returned

# Weights of the fused score. Fitted by `python -m tests.eval.fit` on tests/eval.
WEIGHT_QUESTION = 0.55
WEIGHT_ANSWER = 0.30
WEIGHT_BM25 = 0.15
BM25_SCALE = 12.0  # a BM25 score that counts as full agreement


@dataclass(frozen=True)
class Passage:
    """A chunk with its scores: cosines -1 to 1, BM25 >= 0, `score` their weighted sum."""

    chunk: Chunk
    score: float
    to_question: float
    to_answer: float
    bm25: float


@dataclass(frozen=True)
class Evidence:
    """What the guide has on a question: passages and topics, best first; whether it covers it."""

    query: str
    passages: tuple[Passage, ...]
    topics: tuple[int, ...]
    covered: bool
    confidence: float


class Retriever:
    """Searches one guide."""

    def __init__(self, index: Index, embedder: Embedder, chunks: Sequence[Chunk]):
        """`index` must have been built from `chunks` with `embedder`."""
        self.chunks = {chunk.id: chunk for chunk in chunks}
        self._order = [chunk.id for chunk in chunks]
        self._index = index
        self.embedder = embedder
        self._lexical = Lexical(chunks)

    def search(
        self, query: str, category: str | None = None, section: str | None = None
    ) -> Evidence:
        """Evidence for a question in plain words, from one category or section if given."""
        passages = self.rank(query, category, section)
        topics = tuple(dict.fromkeys(passage.chunk.number for passage in passages))
        confidence = self._confidence(query, passages)
        return Evidence(query, tuple(passages[:PASSAGES]), topics, confidence >= 0.5, confidence)

    def rank(
        self, query: str, category: str | None = None, section: str | None = None
    ) -> list[Passage]:
        """All candidate passages with their scores, best first."""
        vector = self.embedder.embed([query])[0]
        to_answer: dict[str, float] = {}
        to_question: dict[str, float] = {}
        for hit in self._index.nearest(vector, CANDIDATES, category, section):
            found = to_question if hit.side == "question" else to_answer
            found[hit.chunk_id] = max(hit.similarity, found.get(hit.chunk_id, -1.0))
        bm25 = dict(zip(self._order, self._lexical.scores(query).tolist(), strict=True))
        lexical = sorted(self._order, key=lambda id_: -bm25[id_])[: CANDIDATES // 2]
        candidates = {*to_answer, *to_question, *(id_ for id_ in lexical if bm25[id_] > 0)}
        passages = []
        for chunk_id in candidates:
            chunk = self.chunks[chunk_id]
            if (category and chunk.category != category) or (section and chunk.section != section):
                continue
            a, q = to_answer.get(chunk_id, 0.0), to_question.get(chunk_id, 0.0)
            score = fuse(q, a, bm25[chunk_id])
            passages.append(Passage(chunk, score, q, a, bm25[chunk_id]))
        return sorted(passages, key=lambda passage: -passage.score)

    def section(self, number: int, section: str) -> tuple[Chunk, ...]:
        """The chunks of one section of a guide question, in reading order."""
        return tuple(
            chunk
            for chunk in self.chunks.values()
            if chunk.number == number and chunk.section == section
        )

    def siblings(self, chunk: Chunk) -> tuple[Chunk, ...]:
        """The chunk with those cut from the same section and heading, in reading order."""
        return tuple(
            other
            for other in self.section(chunk.number, chunk.section)
            if other.heading == chunk.heading
        )

    def support(self, number: int) -> Support:
        """The checker of sentences against all that the guide says on one question."""
        chunks = [chunk for chunk in self.chunks.values() if chunk.number == number]
        return Support(chunks, self._lexical.stem)

    def _confidence(self, query: str, passages: list[Passage]) -> float:
        """Probability that the guide covers the question, from the best passage's scores."""
        if not passages:
            return 0.0
        best = max(max(p.to_question, p.to_answer) for p in passages)
        known = self._lexical.coverage(query)
        return 1.0 / (1.0 + math.exp(-(14.0 * (best - 0.5) + 2.0 * (known - 0.6))))


def fuse(to_question: float, to_answer: float, bm25: float) -> float:
    """One score from three, about 0 to 1."""
    agreement = min(1.0, bm25 / BM25_SCALE)
    return (
        WEIGHT_QUESTION * max(to_question, 0.8 * to_answer)
        + WEIGHT_ANSWER * to_answer
        + WEIGHT_BM25 * agreement
    )
