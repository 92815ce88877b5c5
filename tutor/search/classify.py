"""Learns from the guide's own questions which topic a text is about: kernel ridge regression.

Nearest neighbors trust the one question that happens to be worded alike; here every question of
every topic has a say, the more the nearer it is, and the says are balanced so that together they
give back the guide's own labels. It knows vectors and topic numbers, and nothing about texts. It is
trained once, with the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.embed import Vector, Vectors, dots

WIDTH = 0.5  # gamma of the Gaussian kernel exp(-gamma |x - y|^2)
RIDGE = 0.03  # lambda: how much a question's own label is doubted
# Training solves a system with a row per question: minutes beyond this, and search does without.
MOST_QUESTIONS = 10_000


@dataclass(frozen=True)
class Classifier:
    """A score per topic of `numbers`: near 1 for the one a vector is about, near 0 for others."""

    numbers: tuple[int, ...]
    examples: NDArray[np.float32]  # (question, dimension), unit vectors
    says: NDArray[np.float32]  # (topic, question)

    def scores(self, vector: Vector) -> NDArray[np.float32]:
        """For a unit vector, shape (topic,), in the order of `numbers`.

        >>> axes = np.eye(2, dtype=np.float32)
        >>> classifier = train(axes, [4, 7])
        >>> classifier.scores(axes[0]).round(1)
        array([1., 0.], dtype=float32)
        """
        return dots(self.says, gaussian(dots(self.examples, vector)))

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        arrays = {"examples": self.examples, "says": self.says}
        np.savez(path, numbers=np.array(self.numbers), **arrays)  # type: ignore[arg-type]


def gaussian(cosines: NDArray[Any]) -> NDArray[Any]:
    """The kernel between unit vectors, from their cosines: |x - y|^2 = 2 - 2 cos."""
    return np.asarray(np.exp(2 * WIDTH * (cosines - 1)))


def read_classifier(path: Path) -> Classifier | None:
    """What `save` has written; None if there is no file, as after a build without a classifier."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as stored:
        numbers = tuple(int(number) for number in stored["numbers"])
        return Classifier(numbers, stored["examples"], stored["says"])


def train(vectors: Vectors, numbers: Sequence[int]) -> Classifier | None:
    """Fit to questions (question, dimension) and their topics: (K + lambda I) says = labels.

    Saunders, Gammerman & Vovk 1998, Ridge regression learning algorithm in dual variables, ICML.
    None for fewer than two topics, or more than MOST_QUESTIONS questions.
    """
    topics = tuple(sorted(set(numbers)))
    if len(topics) < 2 or len(vectors) > MOST_QUESTIONS:
        return None
    exact = vectors.astype(np.float64)
    kernel = gaussian(exact @ exact.T)
    kernel[np.diag_indices_from(kernel)] += RIDGE
    labels = np.array(numbers)[:, None] == np.array(topics)
    says = np.linalg.solve(kernel, labels.astype(np.float64))
    return Classifier(topics, vectors, np.ascontiguousarray(says.T, dtype=np.float32))
