"""Embedding rows, a Jacobian, and descents at several rates and batch sizes."""

from dataclasses import dataclass

import numpy as np

from demos.gradients.descent import Descent, compare_batches, compare_rates, open_problem
from demos.gradients.embedding_rows import RowGradients, row_gradients
from demos.gradients.jacobian import Jacobian, autograd_jacobian, read_numbers, softmax_jacobian
from demos.shared.choices import check_ranges
from demos.shared.weights import Weights, open_weights

TEXT = "The cat saw the dog and the dog saw the bird"
LOGITS = "2, 1, 0"
ARRIVING = "1, 0, -1"
RATE = 0.5
# Smallest and largest of what a person may choose.
RANGES = {"scale": (0.1, 50.0), "rate": (0.01, 1.5), "steps": (5, 1000), "seed": (0, 2**32 - 1)}


@dataclass(frozen=True)
class Gradients:
    """Everything the demo computes; rates are in units of `limit`, 2 / the largest curvature."""

    rows: RowGradients
    jacobian: Jacobian
    difference: float  # largest, between the formula's Jacobian and autograd's
    limit: float
    rates: tuple[Descent, ...]
    batches: tuple[Descent, ...]


def run(
    text: str = TEXT,
    logits: str = LOGITS,
    arriving: str = "",
    scale: float = 1.0,
    rate: float = RATE,
    steps: int = 60,
    seed: int = 0,
    weights: Weights | None = None,
) -> Gradients:
    """All three parts; the same seed, the same numbers.

    `arriving` is the gradient that reaches the softmax's output, by default 1, 0, ..., -1; `scale`
    multiplies the logits; `rate` is in units of the stability limit. InputError for what cannot be
    read or lies outside RANGES.
    """
    check_ranges(RANGES, scale=scale, rate=rate, steps=steps, seed=seed)
    z = read_numbers(logits, "logits")
    g = read_numbers(arriving, "gradients") if arriving.strip() else None
    jacobian = softmax_jacobian(z, scale, g)
    problem = open_problem((weights or open_weights()).settings.corpus)
    return Gradients(
        row_gradients(text, seed),
        jacobian,
        float(np.abs(jacobian.matrix - autograd_jacobian(jacobian.logits)).max()),
        problem.limit,
        compare_rates(problem, rate, steps),
        compare_batches(problem, rate, steps, seed),
    )
