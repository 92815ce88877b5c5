"""Decides whether the guide covers what was asked: a logistic regression over four numbers.

Refusing well needs both sides: how near the guide is, and how near the nearest topic is that the
guide leaves out (corpus/outside.txt). A question about k-means is near to much of the guide, and
nearer still to "k-means clustering and its centroids".
"""

import math
from collections.abc import Sequence

from tutor.engine.embed import Vector, Vectors, dots
from tutor.search.topics import Topics, View

# What a row of `Gate.features` holds.
FEATURES = (
    "nearest",  # cosine to the nearest entry of the guide
    "coverage",  # share of the words' rarity found in the best topic's text
    "score",  # the best topic's score
    "outside",  # cosine to the nearest topic that the guide leaves out
)


class Gate:
    """The probability that a guide covers a text."""

    def __init__(self, topics: Topics, outside: Vectors, weights: Sequence[float]):
        """`weights` are the intercept and one weight per feature."""
        self._topics = topics
        self._outside = outside  # (topic left out, dimension)
        self._weights = weights

    def features(self, view: View, vector: Vector, score: float, topic: int) -> list[float]:
        """The four numbers for a text that was searched for; `topic` is the best one's place."""
        nearest = max((hit.similarity for hit in view.hits), default=0.0)
        outside = float(dots(self._outside, vector).max()) if len(self._outside) else 0.0
        return [nearest, self._topics.coverage(view.words, topic), score, outside]

    def confidence(self, view: View, vector: Vector, score: float, topic: int) -> float:
        """Probability, 0 to 1."""
        intercept, *weights = self._weights
        features = self.features(view, vector, score, topic)
        logit = intercept + sum(w * x for w, x in zip(weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))
