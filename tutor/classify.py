"""Learns from the guide's own questions which topic a text is about: a linear classifier.

Nearest neighbors trust the one question that happens to be worded alike; a classifier trained on
all questions of all topics learns which directions of the embedding tell topics apart. It knows
vectors and topic numbers, and nothing about texts. It is trained once, with the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tutor.embed import Vector, Vectors

STRENGTH = 10.0  # scikit-learn's C, the inverse of the ridge penalty, for unit vectors
STEPS = 300
# Training time grows with topics times questions: minutes beyond this, and search does without.
MOST_TOPICS = 500


@dataclass(frozen=True)
class Classifier:
    """log p(topic | vector) = log softmax(weights · vector + intercepts) over `numbers`."""

    numbers: tuple[int, ...]
    weights: NDArray[np.float32]  # (topic, dimension)
    intercepts: NDArray[np.float32]  # (topic,)

    def log_probabilities(self, vector: Vector) -> NDArray[np.float64]:
        """Natural logarithms, shape (topic,), in the order of `numbers`.

        >>> two = Classifier((4, 7), np.eye(2, dtype=np.float32), np.zeros(2, dtype=np.float32))
        >>> np.exp(two.log_probabilities(np.array([1, 0], dtype=np.float32))).round(3)
        array([0.731, 0.269])
        """
        logits = (self.weights @ vector + self.intercepts).astype(np.float64)
        shifted = logits - logits.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()))

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        arrays = {"weights": self.weights, "intercepts": self.intercepts}
        np.savez(path, numbers=np.array(self.numbers), **arrays)  # type: ignore[arg-type]


def read_classifier(path: Path) -> Classifier | None:
    """What `save` has written; None if there is no file, as after a build without a classifier."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as stored:
        numbers = tuple(int(number) for number in stored["numbers"])
        return Classifier(numbers, stored["weights"], stored["intercepts"])


def train(vectors: Vectors, numbers: Sequence[int]) -> Classifier | None:
    """Multinomial logistic regression on questions (question, dimension) and their topics.

    None for fewer than two topics, or more than MOST_TOPICS.
    """
    topics = tuple(sorted(set(numbers)))
    if not 2 <= len(topics) <= MOST_TOPICS:
        return None
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(vectors, numbers)
    weights, intercepts = model.coef_, model.intercept_
    if len(topics) == 2:  # scikit-learn keeps one row, the logit of the second
        weights, intercepts = np.vstack([0 * weights, weights]), np.append(0, intercepts)
    return Classifier(topics, weights.astype(np.float32), intercepts.astype(np.float32))
