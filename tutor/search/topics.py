"""Which guide question is meant: every topic gets one score from six numbers.

A topic is a guide question with all its chunks. One good passage can mislead, many fair ones
seldom do, so best values are joined by means over a topic's four best chunks, and by a word search
over the topic's text as one document. A classifier trained on the guide's questions adds what it
makes of the vector. The six are weighed by numbers fitted on labelled questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tutor.guide.chunks import Chunk
from tutor.search.index import Hit
from tutor.search.lexical import Lexical

BEST = 4  # chunks averaged
BM25_UNIT = 20.0  # brings BM25 scores to about the size of cosines
LEXICAL_HITS = 200  # chunks by BM25 that count

# Column by column, what a row of `Topics.features` holds.
FEATURES = (
    "best_question",  # cosine to the nearest question that the topic answers
    "best_answer",  # cosine to the nearest text
    "mean_answer",  # mean cosine of the four nearest texts
    "mean_bm25",  # mean BM25 of the four best chunks, in units
    "document_bm25",  # BM25 of the topic's whole text, in units
    "learned",  # score by the classifier, about 0 to 1; 0 without one
)


@dataclass(frozen=True)
class View:
    """One text searched for: nearest entries, BM25 of every chunk, words, classifier's view."""

    hits: Sequence[Hit]
    bm25: NDArray[np.float32]  # (chunk,)
    words: tuple[str, ...]
    learned: Mapping[int, float] = field(default_factory=dict)  # topic → score


class Topics:
    """The guide questions as candidates for what is meant."""

    def __init__(self, chunks: Sequence[Chunk], lexical: Lexical):
        """`chunks` in the order that `lexical` was built from."""
        self.numbers = tuple(dict.fromkeys(chunk.number for chunk in chunks))
        place = {number: i for i, number in enumerate(self.numbers)}
        self._topic = np.array([place[chunk.number] for chunk in chunks])  # (chunk,)
        self._topic_of = {chunk.id: place[chunk.number] for chunk in chunks}
        self._documents: list[list[str]] = [[] for _ in self.numbers]
        for chunk in chunks:
            text = " ".join([chunk.embedded, *chunk.answers])
            self._documents[place[chunk.number]] += lexical.words(text)
        self._words = [frozenset(document) for document in self._documents]
        self._bm25 = lexical.over(self._documents)
        self._lexical = lexical

    def features(self, view: View) -> NDArray[np.float64]:
        """The columns of FEATURES, shape (topic, feature)."""
        found = np.zeros((len(self.numbers), len(FEATURES)))
        questions = [hit for hit in view.hits if hit.side == "question"]
        answers = [hit for hit in view.hits if hit.side == "answer"]
        found[:, 0] = self._best(questions, 1)
        found[:, 1] = self._best(answers, 1)
        found[:, 2] = self._best(answers, BEST)
        found[:, 3] = self._best_chunks(view.bm25) / BM25_UNIT
        found[:, 4] = self._bm25(view.words) / BM25_UNIT
        found[:, 5] = [view.learned.get(number, 0.0) for number in self.numbers]
        return found

    def coverage(self, words: Sequence[str], topic: int) -> float:
        """Share of the words' rarity that the topic's text contains, 0 to 1; 0 without words."""
        rarity = {word: self._lexical.rarity(word) for word in words}
        known = sum(value for word, value in rarity.items() if word in self._words[topic])
        return known / sum(rarity.values()) if rarity else 0.0

    def _best(self, hits: Sequence[Hit], count: int) -> NDArray[np.float64]:
        """Mean of each topic's `count` nearest hits; missing ones count as the farthest found."""
        floor = min((hit.similarity for hit in hits), default=0.0)
        nearest = np.full((len(self.numbers), count), floor)
        filled = np.zeros(len(self.numbers), dtype=int)
        for hit in sorted(hits, key=lambda hit: -hit.similarity):
            topic = self._topic_of[hit.chunk_id]
            if filled[topic] < count:
                nearest[topic, filled[topic]] = hit.similarity
                filled[topic] += 1
        return nearest.mean(axis=1)

    def _best_chunks(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """Mean BM25 of each topic's four best chunks, zero for the missing ones."""
        total = np.zeros(len(self.numbers))
        taken = np.zeros(len(self.numbers), dtype=int)
        some = min(LEXICAL_HITS, len(scores))
        order = np.argpartition(-scores, some - 1)[:some]
        for chunk in order[np.argsort(-scores[order], kind="stable")]:
            topic = self._topic[chunk]
            if taken[topic] < BEST:
                total[topic] += scores[chunk]
                taken[topic] += 1
        return total / BEST
