"""Finds what the guide says to a turn: topics, passages, and whether it covers the matter at all.

A turn is looked at through up to three views: its own words, its words with the topic carried from
the conversation, and the last reply. Each view is searched densely and by words (`topics.py`); how
much each view counts depends on how much the turn leans on what was said. Numbers of every
stage are kept, so that they can be shown. Read-only: one Retriever serves all visitors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutor.engine.embed import Embedder, Vector
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.search.fitted import Fitted
from tutor.search.gate import Gate
from tutor.search.index import Index
from tutor.search.lexical import Lexical
from tutor.search.spelling import Spelling
from tutor.search.topics import Topics, View
from tutor.turn.ask import Query

ENTRIES = 400  # taken from the dense search
PASSAGES = 8  # returned
REPLY_CHARS = 300  # of the last reply that are looked at


@dataclass(frozen=True)
class Passage:
    """A chunk with its scores: cosines -1 to 1, BM25 >= 0, `score` what it is ranked by."""

    chunk: Chunk
    score: float
    to_question: float
    to_answer: float
    bm25: float


@dataclass(frozen=True)
class Evidence:
    """What the guide has: passages and topics, best first; whether it covers the question.

    `query` is what was searched for, `confidence` the probability that the guide covers it;
    `covered` is confidence >= 0.5. `shares` are the topics' probabilities, in their order.
    """

    query: str
    passages: tuple[Passage, ...]
    topics: tuple[int, ...]
    shares: tuple[float, ...]
    covered: bool
    confidence: float


class Retriever:
    """Searches one guide."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        chunks: Sequence[Chunk],
        fitted: Fitted | None = None,
    ):
        """`index` must have been built from `chunks` with `embedder`."""
        self.passages = Passages(chunks)
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
        self, query: Query | str, category: str | None = None, section: str | None = None
    ) -> Evidence:
        """Evidence for a query, from one category or section if given."""
        query = self.mended(Query(query) if isinstance(query, str) else query)
        texts = self.views_of(query)
        vectors = self.embedder.embed(texts)
        views = [
            self.look_at(text, vector, category, section)
            for text, vector in zip(texts, vectors, strict=True)
        ]
        scores = self.topic_scores(views, query.leaning)
        # A turn that leans is searched for as it stands and with its topic.
        leans = bool(query.leaning) and len(views) > 1
        passages = self._passages(views[0], category, section)
        if leans:
            passages = averaged(passages, self._passages(views[1], category, section))
        found = {passage.chunk.number for passage in passages}
        order = [i for i in np.argsort(-scores, kind="stable") if self.topics.numbers[i] in found]
        if not order:
            return Evidence(texts[leans], (), (), (), False, 0.0)
        shares = softmax(scores[order])
        topics = tuple(self.topics.numbers[i] for i in order)
        share = dict(zip(topics, shares, strict=True))
        ranked = sorted(
            (lifted(p, self.fitted.topic_lift * share[p.chunk.number]) for p in passages),
            key=lambda passage: -passage.score,
        )
        # A turn without a topic of its own is covered if what it continues is.
        judged = 1 + max(query.leaning, int(query.continues))
        confidence = max(
            self._confidence(view, vector)
            for view, vector in list(zip(views, vectors, strict=True))[:judged]
        )
        return Evidence(
            texts[leans],
            tuple(ranked[:PASSAGES]),
            topics,
            tuple(float(value) for value in shares),
            confidence >= 0.5,
            confidence,
        )

    def rank(
        self, query: str, category: str | None = None, section: str | None = None
    ) -> list[Passage]:
        """All candidate passages for a text by their own scores alone, best first."""
        (vector,) = self.embedder.embed([query])
        passages = self._passages(self.look_at(query, vector, category, section), category, section)
        return sorted(passages, key=lambda passage: -passage.score)

    def mended(self, query: Query) -> Query:
        """The query without typing errors."""
        mend = self._spelling.mend
        return replace(query, text=mend(query.text), joined=mend(query.joined))

    def views_of(self, query: Query) -> list[str]:
        """The texts that are searched for: the turn, and in a conversation its context."""
        return [query.text, *filter(None, [query.joined, query.reply[:REPLY_CHARS]])]

    def topic_scores(self, views: Sequence[View], leaning: int) -> Vector:
        """One score per topic, shape (topic,): the views' features, weighed and mixed."""
        weights = np.array(self.fitted.topics)
        by_view = [self.topics.features(view) @ weights for view in views]
        if len(by_view) == 1:
            return np.asarray(by_view[0])
        mix = self.fitted.views[leaning]
        return np.asarray(sum(m * s for m, s in zip(mix, by_view, strict=False)))

    def look_at(
        self, text: str, vector: Vector, category: str | None = None, section: str | None = None
    ) -> View:
        """One text and its vector, searched for."""
        words = tuple(self.lexical.words(text))
        hits = self._index.nearest(vector, ENTRIES, category, section)
        return View(hits, self.lexical.scores(words), words, self._learned(vector))

    def _learned(self, vector: Vector) -> dict[int, float]:
        """What the index's classifier makes of a vector: topic → score."""
        classifier = self._index.classifier
        if not classifier:
            return {}
        scores = classifier.scores(vector).tolist()
        return dict(zip(classifier.numbers, scores, strict=True))

    def _confidence(self, view: View, vector: Vector) -> float:
        """The gate's probability for one view by itself."""
        scores = self.topic_scores([view], 0)
        best = int(np.argmax(scores))
        return self.gate.confidence(view, vector, float(scores[best]), best)

    def _passages(self, view: View, category: str | None, section: str | None) -> list[Passage]:
        """The chunks among a view's hits and best by words, with their scores."""
        sides: dict[str, dict[str, float]] = {"question": {}, "answer": {}}
        for hit in view.hits:
            side = sides[hit.side]
            side[hit.chunk_id] = max(hit.similarity, side.get(hit.chunk_id, -1.0))
        most = min(PASSAGES, len(self._order))
        best = np.argpartition(-view.bm25, most - 1)[:most]
        best = best[np.argsort(-view.bm25[best], kind="stable")]
        by_words = [self._order[place] for place in best]
        passages = []
        for id_ in {**sides["answer"], **sides["question"], **dict.fromkeys(by_words)}:
            chunk = self.passages[id_]
            if (category and chunk.category != category) or (section and chunk.section != section):
                continue
            q, a = sides["question"].get(id_, 0.0), sides["answer"].get(id_, 0.0)
            bm25 = float(view.bm25[self._place[id_]])
            passages.append(Passage(chunk, self.fitted.fuse(q, a, bm25), q, a, bm25))
        return passages


def averaged(one: Sequence[Passage], other: Sequence[Passage]) -> list[Passage]:
    """The passages of two views, each with the mean of its scores; one not found counts zero."""
    by_id = {passage.chunk.id: passage for passage in [*other, *one]}
    scores = [{passage.chunk.id: passage.score for passage in view} for view in (one, other)]
    return [
        replace(passage, score=sum(view.get(id_, 0.0) for view in scores) / 2)
        for id_, passage in by_id.items()
    ]


def lifted(passage: Passage, lift: float) -> Passage:
    """The passage with its score raised by `lift`."""
    return replace(passage, score=passage.score + lift)


def softmax(scores: Vector) -> Vector:
    """Probabilities, shape (topic,)."""
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())
