"""Learning rate and batch size on a real small loss, where the limit can be computed beforehand.

A linear model tells from 100 frequent words whether a sentence of the guide is about one category
(+1) or another (-1), with half the mean squared error as loss. Its curvature is the same
everywhere: H = X^T X / n. A step multiplies the distance to the minimum along a direction of
curvature c by 1 - rate * c, so the steepest direction sets the limit 2 / c_max.

    5 w^2 has curvature 10 and the limit 0.2: at 0.25 the factor is -1.5, and w = 1 is -7.594 after
    five steps
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demos.shared.arrays import Array
from demos.shared.prose import SPECIAL, build_vocabulary, guide_sentences
from tutor.errors import InputError
from tutor.guide.read import read_guide

CATEGORIES = ("02_attention_mechanisms", "11_fine_tuning_methods")
WORDS = 100
CEILING = 1e3  # losses above it count as diverged; the curve ends there
MULTIPLES = (0.02, 0.2, 0.9, 1.1)  # learning rates to compare, in units of the limit
BATCHES = (1, 8, 64)  # and all sentences


@dataclass(frozen=True)
class Problem:
    """Sentences as rows of 0 and 1, one column per word and a last one that is always 1."""

    features: Array  # (sentence, column)
    labels: Array  # (sentence,), +1 or -1
    titles: tuple[str, str]
    limit: float  # 2 / largest curvature: full-batch descent shrinks below it

    @property
    def size(self) -> int:
        """How many sentences there are."""
        return len(self.labels)

    @property
    def alone(self) -> float:
        """The mean curvature of a single sentence: |x|^2, one for each of its words and one."""
        return float(np.square(self.features).sum(axis=1).mean())


@dataclass(frozen=True)
class Descent:
    """One run: the full loss before the first and after every step; it ends where it diverged."""

    rate: float
    batch: int
    losses: tuple[float, ...]
    accuracy: float  # at the end, 0 to 1

    @property
    def diverged(self) -> bool:
        """Whether the loss rose above CEILING."""
        return not self.losses[-1] <= CEILING


def open_problem(corpus: Path, categories: tuple[str, str] = CATEGORIES) -> Problem:
    """The sentences of two categories of the guide; GuideError if one of them is missing."""
    guide = read_guide(corpus)
    titles = tuple(guide.category(folder).title for folder in categories)
    sentences = [s for s in guide_sentences(guide) if s.category in categories]
    vocabulary = build_vocabulary([set_in_order(s.words) for s in sentences], WORDS)
    columns = vocabulary.words[len(SPECIAL) :]
    features = np.array([[*(word in s.words for word in columns), 1] for s in sentences], float)
    labels = np.array([1.0 if s.category == categories[0] else -1.0 for s in sentences])
    return Problem(features, labels, (titles[0], titles[1]), stability_limit(features))


def set_in_order(words: Sequence[str]) -> tuple[str, ...]:
    """Each word once, in order."""
    return tuple(dict.fromkeys(words))


def stability_limit(features: Array) -> float:
    """2 / the largest eigenvalue of X^T X / n (Goh 2017, "Why Momentum Really Works")."""
    return float(2 / np.linalg.eigvalsh(features.T @ features / len(features))[-1])


def descend(problem: Problem, rate: float, batch: int, steps: int = 60, seed: int = 0) -> Descent:
    """(Stochastic) gradient descent from zero; a batch is drawn anew at every step.

    A batch as large as the problem is the whole of it. InputError if a number is not positive.
    """
    if rate <= 0 or batch < 1 or steps < 1:
        raise InputError("Learning rate, batch size and steps must be positive.")
    draw = np.random.default_rng(seed)
    batch = min(batch, problem.size)
    weights = np.zeros(problem.features.shape[1])
    losses = [loss(problem, weights)]
    for _ in range(steps):
        rows = draw.choice(problem.size, batch, replace=False) if batch < problem.size else ...
        x, y = problem.features[rows], problem.labels[rows]  # (batch, column), (batch,)
        gradient = x.T @ (x @ weights - y) / len(y)  # (column,)
        weights = weights - rate * gradient
        losses.append(loss(problem, weights))
        if not losses[-1] <= CEILING:
            break
    right = (problem.features @ weights > 0) == (problem.labels > 0)
    return Descent(rate, batch, tuple(losses), float(right.mean()))


def loss(problem: Problem, weights: Array) -> float:
    """Half the mean squared error over all sentences."""
    errors = problem.features @ weights - problem.labels
    return float(errors @ errors) / (2 * problem.size)


def compare_rates(problem: Problem, multiple: float, steps: int = 60) -> tuple[Descent, ...]:
    """Full-batch runs at MULTIPLES of the limit and at one more."""
    multiples = sorted({*MULTIPLES, round(multiple, 4)})
    return tuple(descend(problem, m * problem.limit, problem.size, steps) for m in multiples)


def compare_batches(
    problem: Problem, multiple: float, steps: int = 60, seed: int = 0
) -> tuple[Descent, ...]:
    """Runs at one rate with batches of BATCHES sentences and of all."""
    rate = round(multiple, 4) * problem.limit
    return tuple(descend(problem, rate, b, steps, seed) for b in (*BATCHES, problem.size))


def ending(run: Descent) -> str:
    """Where a run ended, in words."""
    steps = len(run.losses) - 1
    if run.diverged:
        return f"diverged: loss {run.losses[-1]:,.0f} at step {steps}"
    return f"loss {run.losses[-1]:.3f} after {steps} steps, {run.accuracy:.0%} right"
