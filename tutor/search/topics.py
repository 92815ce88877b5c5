"""Which guide question is meant: every topic gets one score from a few numbers.

A topic is a guide question with all its chunks. The reader's own guess counts most; how near the
turn and its words come to the topic's chunks corrects it, above all for what the guide was never
asked in training. The numbers are weighed by what was fitted on labelled conversations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.guide.chunks import Chunk
from tutor.search.index import Hit
from tutor.search.lexical import Lexical

BEST = 4  # chunks averaged
BM25_UNIT = 20.0  # brings BM25 scores to about the size of cosines
LEAST = 1e-4  # probability below which the reader's guesses are alike
UNKNOWN = 10.0  # -log(LEAST), about: brings the reader's guesses to about the size of cosines

# Column by column, what a row of `Topics.features` holds.
TOPIC_FEATURES = (
    "read",  # log-probability by the reader, from -1 (not that) to 0
    "read_question",  # cosine of the reader's vector to the topic's nearest question
    "read_answer",  # mean cosine of the reader's vector to the four nearest texts
    "said_question",  # cosine of the turn by itself to the topic's nearest question
    "document_bm25",  # BM25 of the topic's whole text, in units
)


@dataclass(frozen=True)
class View:
    """A turn, searched for: entries nearest to the reader's vector and to the turn's own, BM25 of
    every chunk, words, the reader's probabilities of the guide questions, and the questions of
    written answers nearest to both vectors."""

    read: Sequence[Hit]
    said: Sequence[Hit]
    bm25: NDArray[np.float32]  # (chunk,)
    words: tuple[str, ...]
    topics: Mapping[int, float]
    written_read: Sequence[Hit] = ()
    written_said: Sequence[Hit] = ()


class Topics:
    """The guide questions as candidates for what is meant."""

    def __init__(self, chunks: Sequence[Chunk], lexical: Lexical):
        """`chunks` in the order that `lexical` was built from."""
        self.numbers = tuple(dict.fromkeys(chunk.number for chunk in chunks))
        place = {number: i for i, number in enumerate(self.numbers)}
        self._topic_of = {chunk.id: place[chunk.number] for chunk in chunks}
        documents: list[list[str]] = [[] for _ in self.numbers]
        for chunk in chunks:
            text = " ".join([chunk.embedded, *chunk.answers])
            documents[place[chunk.number]] += lexical.words(text)
        self._words = [frozenset(document) for document in documents]
        self._bm25 = lexical.over(documents)
        self._lexical = lexical

    def features(self, view: View) -> NDArray[np.float64]:
        """The columns of TOPIC_FEATURES, shape (topic, feature)."""
        found = np.zeros((len(self.numbers), len(TOPIC_FEATURES)))
        for topic, number in enumerate(self.numbers):
            guess = max(LEAST, view.topics.get(number, 0.0))
            found[topic, 0] = np.log(guess) / UNKNOWN if view.topics else 0.0
        found[:, 1] = self._best([hit for hit in view.read if hit.side == "question"], 1)
        found[:, 2] = self._best([hit for hit in view.read if hit.side == "answer"], BEST)
        found[:, 3] = self._best([hit for hit in view.said if hit.side == "question"], 1)
        found[:, 4] = self._bm25(view.words) / BM25_UNIT
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
