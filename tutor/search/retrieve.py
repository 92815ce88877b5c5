"""Finds what the guide says to a turn: topics, passages, and whether it covers the matter at all.

A turn is searched for three times: by the vector that the reader gives it in its conversation, by
its own vector, and by its words. The numbers of every stage are kept, so that they can be shown.
Read-only: one Retriever serves all visitors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.engine.embed import Embedder, Vector
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.search.fitted import BM25_SCALE, Fitted
from tutor.search.gate import Gate
from tutor.search.index import Hit, Index
from tutor.search.lexical import Lexical
from tutor.search.spelling import Spelling
from tutor.search.topics import Topics, View
from tutor.search.written import Candidate as WrittenCandidate
from tutor.search.written import probability, same_numbers
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.reader import Reader
from tutor.turn.understand import understand

ENTRIES = 400  # taken from each dense search
BY_WORDS = 8  # passages taken from the word search
PASSAGES = 8  # returned
WRITTEN_ENTRIES = 100  # questions of written answers taken from each dense search
WRITTEN = 8  # written answers looked at closely
# Of them for a turn that claims nothing: most are written for claims, three for every fact.
VERDICTS_ON_QUESTIONS = 3


# The reader's cosine, the turn's to the nearest question and to the text, BM25.
Numbers = tuple[float, float, float, float]
Candidate = tuple[Chunk, Numbers]


@dataclass(frozen=True)
class Passage:
    """A chunk with its scores: cosines -1 to 1, BM25 >= 0, `score` what it is ranked by.

    `read` is the reader's cosine to its nearest text, `to_question` and `to_answer` those of the
    turn by itself. A written answer has the probability that it `answers` the turn, by its `signs`,
    which are WRITTEN_FEATURES.
    """

    chunk: Chunk
    score: float
    read: float
    to_question: float
    to_answer: float
    bm25: float
    answers: float = 0.0
    signs: tuple[float, ...] = ()

    @property
    def near(self) -> float:
        """How near its questions are to the turn, in its conversation and by itself."""
        return (self.read + self.to_question) / 2


@dataclass(frozen=True)
class Evidence:
    """What there is: passages, written answers and topics, best first; whether the guide covers
    the question.

    `query` is what was searched for, `confidence` the probability that the guide covers it;
    `covered` is confidence >= 0.5. `shares` are the topics' probabilities, in their order.
    """

    query: str
    passages: tuple[Passage, ...]
    topics: tuple[int, ...]
    shares: tuple[float, ...]
    covered: bool
    confidence: float
    written: tuple[Passage, ...] = ()


class Retriever:
    """Searches one guide."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        chunks: Sequence[Chunk],
        reader: Reader,
        fitted: Fitted | None = None,
        written: Sequence[Chunk] = (),
    ):
        """`index` must have been built from `chunks` and `written` with `embedder`, on which
        `reader` rests."""
        self.passages = Passages(chunks)
        self.written = Passages(written)
        self.reader = reader
        self.embedder = embedder
        self.fitted = fitted or Fitted()
        self.lexical = Lexical(chunks)
        self.topics = Topics(chunks, self.lexical)
        self._order = [chunk.id for chunk in chunks]
        self._place = {id_: place for place, id_ in enumerate(self._order)}
        self._index = index
        self._spelling = Spelling([chunk.embedded for chunk in chunks], embedder.knows)
        self.gate = Gate(self.topics, index.outside, self.fitted.gate)

    def search(
        self, turn: Ask | str, category: str | None = None, section: str | None = None
    ) -> Evidence:
        """Evidence for a turn, or a text that stands alone; from one category or section if given.

        Raises InputError for a text that cannot be read.
        """
        ask = understand(turn, self.reader) if isinstance(turn, str) else turn
        query, view, said = self.look_at(ask, category, section)
        candidates = self.candidates(view, category, section)
        scores = self.topics.features(view) @ np.array(self.fitted.topics)
        found = {chunk.number for chunk, _ in candidates}
        order = [i for i in np.argsort(-scores, kind="stable") if self.topics.numbers[i] in found]
        if not order:
            return Evidence(query, (), (), (), False, 0.0)
        shares = softmax(scores[order])
        topics = tuple(self.topics.numbers[i] for i in order)
        share = dict(zip(topics, shares.tolist(), strict=True))
        ranked = self.ranked(candidates, share)
        written = self.written_for(ask, view, share, ranked)
        confidence = self.gate.confidence(self.gate.features(ask, view, said, int(order[0])))
        return Evidence(
            query,
            tuple(ranked[:PASSAGES]),
            topics,
            tuple(float(value) for value in shares),
            confidence >= 0.5,
            confidence,
            tuple(written),
        )

    def rank(
        self, turn: Ask | str, category: str | None = None, section: str | None = None
    ) -> list[Passage]:
        """All candidate passages by their own numbers, whatever their topic, best first."""
        ask = understand(turn, self.reader) if isinstance(turn, str) else turn
        _, view, _ = self.look_at(ask, category, section)
        return self.ranked(self.candidates(view, category, section), {})

    def look_at(
        self, ask: Ask, category: str | None = None, section: str | None = None
    ) -> tuple[str, View, Vector]:
        """The turn's words without typing errors, all that was found for it, its own vector."""
        query = self.mend(ask.words)
        (said,) = self.embedder.embed([query])
        words = tuple(self.lexical.words(query))
        read = self._index.nearest(ask.reading.vector, ENTRIES, category, section)
        near = self._index.nearest(said, ENTRIES, category, section)
        written = [
            self._index.nearest_written(vector, WRITTEN_ENTRIES, category)
            for vector in (ask.reading.vector, said)
        ]
        scores = self.lexical.scores(words)
        return query, View(read, near, scores, words, ask.reading.topics, *written), said

    def mend(self, text: str) -> str:
        """The text with the guide's own spelling of its words: without typing errors."""
        return self._spelling.mend(text)

    def written_near(self, view: View, claim: bool = False) -> list[WrittenCandidate]:
        """The written answers whose questions are nearest, best first, by both vectors together;
        whatever their verdict for a turn that is a `claim`."""
        read, _ = by_side(view.written_read)
        said, _ = by_side(view.written_said)
        least = min([*read.values(), *said.values()], default=0.0)
        found = [
            WrittenCandidate(self.written[id_], read.get(id_, least), said.get(id_, least))
            for id_ in {**read, **said}
        ]
        found.sort(key=lambda one: -one.near)
        if not claim:
            judging = [one.chunk.id for one in found if one.chunk.verdict]
            beyond = set(judging[VERDICTS_ON_QUESTIONS:])
            found = [one for one in found if one.chunk.id not in beyond]
        return found[:WRITTEN]

    def written_for(
        self, ask: Ask, view: View, share: Mapping[int, float], ranked: Sequence[Passage]
    ) -> list[Passage]:
        """The nearest written answers with the probability that each answers the turn, best first;
        `share` are the topics' probabilities, `ranked` the guide's own passages."""
        guide = max((passage.near for passage in ranked), default=0.0)
        claimed = ask.reading.kinds.get(Kind.CLAIM, 0.0)
        typed = set(view.words)
        found = []
        for one in self.written_near(view, ask.kind is Kind.CLAIM):
            asked = set(self.lexical.words(" ".join(one.chunk.questions)))
            signs = (
                one.read,
                one.said,
                same_numbers(ask.text, one.chunk),
                len(asked & typed) / max(1, len(asked)),
                share.get(one.chunk.number, 0.0),
                guide,
                (1.0 - claimed) if one.chunk.verdict else 0.0,
            )
            answers = probability(signs, self.fitted.written)
            found.append(Passage(one.chunk, one.near, one.read, one.said, 0.0, 0.0, answers, signs))
        return sorted(found, key=lambda passage: -passage.answers)

    def candidates(
        self, view: View, category: str | None = None, section: str | None = None
    ) -> list[Candidate]:
        """The chunks found by any of the searches, each with its four numbers: the reader's
        cosine, the turn's to its nearest question and to its text, and BM25."""
        read: dict[str, float] = {}
        for hit in view.read:
            read[hit.chunk_id] = max(hit.similarity, read.get(hit.chunk_id, -1.0))
        questions, answers = by_side(view.said)
        most = min(BY_WORDS, len(self._order))
        by_words = [self._order[place] for place in np.argpartition(-view.bm25, most - 1)[:most]]
        found = []
        for id_ in {**read, **answers, **questions, **dict.fromkeys(by_words)}:
            chunk = self.passages[id_]
            if (category and chunk.category != category) or (section and chunk.section != section):
                continue
            bm25 = float(view.bm25[self._place[id_]])
            numbers = read.get(id_, 0.0), questions.get(id_, 0.0), answers.get(id_, 0.0), bm25
            found.append((chunk, numbers))
        return found

    def ranked(self, candidates: Sequence[Candidate], shares: Mapping[int, float]) -> list[Passage]:
        """The candidates with their scores, best first, given the probabilities of the topics."""
        weights = np.array(self.fitted.passages)
        passages = [
            Passage(
                chunk,
                float(passage_features(numbers, shares.get(chunk.number, 1.0)) @ weights),
                *numbers,
            )
            for chunk, numbers in candidates
        ]
        return sorted(passages, key=lambda passage: -passage.score)


def passage_features(numbers: Numbers, share: float) -> NDArray[np.float64]:
    """What `Fitted.passages` weighs, shape (4,).

    A passage without questions of its own, such as a formula, is measured by its text alone, a
    little less than one whose question is the one that was asked.
    """
    read, to_question, to_answer, bm25 = numbers
    asked = max(to_question, 0.8 * to_answer)
    agreement = min(1.0, bm25 / BM25_SCALE)
    return np.array([read, asked, agreement, np.log(max(share, 1e-4))])


def by_side(hits: Sequence[Hit]) -> tuple[dict[str, float], dict[str, float]]:
    """The best similarity of every chunk: of its questions, and of its text."""
    sides: dict[str, dict[str, float]] = {"question": {}, "answer": {}}
    for hit in hits:
        side = sides[hit.side]
        side[hit.chunk_id] = max(hit.similarity, side.get(hit.chunk_id, -1.0))
    return sides["question"], sides["answer"]


def softmax(scores: Vector) -> Vector:
    """Probabilities, shape (topic,)."""
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())
