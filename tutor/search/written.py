"""Which written answer answers a turn: how near its question is, and what else speaks for it.

Near is not the same: "the standard deviation at d_k = 64?" and "… at d_k = 256?" lie side by side,
and what the guide itself answers needs no other answer. How much each sign counts was fitted on
offers that judges compared with the turns (`training/choices.jsonl`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.guide.chunks import Chunk
from tutor.guide.text import numbers

# What a candidate is weighed by.
WRITTEN_FEATURES = (
    "read",  # cosine of the reader's vector to the nearest of its questions
    "said",  # the same of the turn by itself
    "numbers",  # share of the turn's numbers that it has
    "words",  # share of its questions' words that the turn has
    "topic",  # probability of its guide question
    "guide",  # how near the guide's own nearest passage is: the mean of the two cosines
    "verdict",  # probability that the turn is no claim, where the answer judges one
)


@dataclass(frozen=True)
class Candidate:
    """A written answer with the cosines of its nearest question: the reader's, the turn's own."""

    chunk: Chunk
    read: float
    said: float

    @property
    def near(self) -> float:
        """Both together."""
        return (self.read + self.said) / 2


def probability(features: Sequence[float], weights: Sequence[float]) -> float:
    """That a candidate answers, from its WRITTEN_FEATURES; an intercept and a weight for each."""
    intercept, *rest = weights
    logit = intercept + sum(w * value for w, value in zip(rest, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))


def same_numbers(text: str, chunk: Chunk) -> float:
    """Share of a turn's numbers that a written answer or its question has; 1 without numbers.

    >>> from tutor.guide.chunks import WRITTEN
    >>> chunk = Chunk("a", 4, "", WRITTEN, "9 heads of 64?", "576.", "", ("9 heads of 64?",))
    >>> same_numbers("8 heads of 64", chunk)
    0.5
    """
    typed = set(numbers(text))
    given = set(numbers(" ".join((*chunk.questions, chunk.text))))
    return len(typed & given) / len(typed) if typed else 1.0
