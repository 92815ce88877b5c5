"""Decides whether the guide covers what was asked: a logistic regression over a few numbers.

Refusing well needs both sides: how near the guide is, how near the nearest topic is that the guide
leaves out (corpus/outside.txt), and what the reader makes of the turn. A question about k-means is
near to much of the guide, and nearer still to "k-means clustering and its centroids".
"""

import math
from collections.abc import Sequence

from tutor.engine.embed import Vector, Vectors, dots
from tutor.search.topics import Topics, View
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind

# What a row of `Gate.features` holds.
GATE_FEATURES = (
    "near",  # log-odds, by the reader, that this is a neighbor of the guide's matter
    "far",  # log-odds, by the reader, that this is something else altogether
    "asked",  # log-odds that something is asked of the guide's matter, as a question or wish
    "sure",  # the reader's probability of the topic
    "read",  # cosine of the reader's vector to the nearest entry of the guide
    "said",  # cosine of the turn by itself to the nearest entry of the guide
    "coverage",  # share of the words' rarity found in the topic's text
    "outside",  # cosine to the nearest topic that the guide leaves out
    "written",  # cosine of the reader's vector to the nearest question of a written answer
    # The rest count differently for a turn that nothing was said before: its own words are
    # then all there is. Each again, or 0 within a conversation.
    "alone",
    "alone_read",
    "alone_said",
    "alone_coverage",
    "alone_outside",
    "alone_written",
)
SUREST = 6.0  # log-odds that count as certain


class Gate:
    """The probability that a guide covers a turn."""

    def __init__(self, topics: Topics, outside: Vectors, weights: Sequence[float]):
        """`weights` are the intercept and one weight per feature."""
        self._topics = topics
        self._outside = outside  # (topic left out, dimension)
        self._weights = weights

    def features(self, ask: Ask, view: View, said: Vector, topic: int) -> list[float]:
        """What GATE_FEATURES names; `said` is the turn by itself, `topic` the best one's place."""
        kinds = ask.reading.kinds
        left_out = max(kinds.get(Kind.NEAR, 0.0), kinds.get(Kind.FAR, 0.0))
        asked = max((p for kind, p in kinds.items() if kind not in UNASKED), default=0.5)
        outside = float(dots(self._outside, said).max()) if len(self._outside) else 0.0
        known = [
            max((hit.similarity for hit in view.read), default=0.0),
            max((hit.similarity for hit in view.said), default=0.0),
            self._topics.coverage(view.words, topic),
            outside,
            max((hit.similarity for hit in view.written_read), default=0.0),
        ]
        return [
            log_odds(kinds.get(Kind.NEAR, left_out)),
            log_odds(kinds.get(Kind.FAR, left_out)),
            log_odds(asked),
            view.topics.get(self._topics.numbers[topic], 0.0),
            *known,
            float(ask.alone),
            *(value * ask.alone for value in known),
        ]

    def confidence(self, features: Sequence[float]) -> float:
        """Probability, 0 to 1."""
        intercept, *weights = self._weights
        logit = intercept + sum(w * x for w, x in zip(weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))


UNASKED = frozenset(
    {Kind.NEAR, Kind.FAR, Kind.HOSTILE, Kind.HELLO, Kind.THANKS, Kind.ABOUT, Kind.PLAN}
)


def log_odds(probability: float) -> float:
    """log(p / (1 - p)), between -SUREST and SUREST; 0.5 gives 0."""
    kept = min(1 - 1e-6, max(1e-6, probability))
    return max(-SUREST, min(SUREST, math.log(kept / (1 - kept))))
