"""Which embedding rows get a gradient, the softmax's Jacobian, and what the learning rate decides.

    python -m demos.gradients
    python -m demos.gradients --text "to be or not to be" --logits 3 1 0.2 --rate 0.95

In "the cat saw the dog" the untied input table gets a gradient in the rows the, cat and saw: the
last word is only a target. The output table, or one table for both, gets one in every row. Softmax
of 2, 1, 0 has the Jacobian row 0.2227, -0.1628, -0.0599. Descent on a loss of largest curvature
10 converges below a learning rate of 2 / 10 = 0.2 and blows up above it.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from demos.descent import Descent, compare_batches, compare_rates, open_problem
from demos.jacobian import Array, Jacobian, autograd_jacobian, read_numbers, softmax_jacobian
from demos.rows import RowGradients, row_gradients
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Gradients"
QUESTIONS = (26, 27, 48)
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


def check(**numbers: float) -> None:
    """InputError for a number outside RANGES."""
    for name, number in numbers.items():
        low, high = RANGES[name]
        if not low <= number <= high:
            raise InputError(f"{name} cannot be {number}. Choose from {low} to {high}.")


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
    check(scale=scale, rate=rate, steps=steps, seed=seed)
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


def view(weights: Weights) -> Any:
    """Three tabs: embedding rows, Jacobian, learning rate; returns the sentence's box."""
    from demos.gradients_tabs import build

    return build(weights)


def ending(run: Descent) -> str:
    """Where a run ended, in words."""
    steps = len(run.losses) - 1
    if run.diverged:
        return f"diverged: loss {run.losses[-1]:,.0f} at step {steps}"
    return f"loss {run.losses[-1]:.3f} after {steps} steps, {run.accuracy:.0%} right"


def report(found: Gradients) -> str:
    """The same for a terminal."""
    rows = found.rows
    lines = [
        f"Gradient norms of {len(rows.vocabulary)} embedding rows after one backward pass",
        f"{'':>14}  in text  input table  output table  one table for both",
    ]
    norms = [np.linalg.norm(g, axis=1) for g in (rows.embedding, rows.output, rows.tied)]
    for word, *values in zip(rows.vocabulary, *norms, strict=True):
        cells = [f"{value:.4f}" if value else "0" for value in values]
        count = rows.inputs.count(word)
        lines.append(f"{word:>14} {count:8} {cells[0]:>12} {cells[1]:>13} {cells[2]:>19}")
    lines.append(f"  largest difference from the formulas: {rows.difference:.1g}")
    jacobian = found.jacobian
    lines.append("\nSoftmax Jacobian diag(p) - p p^T")
    for p, row in zip(jacobian.chances, jacobian.matrix, strict=True):
        lines.append(f"  p {p:.4f}   " + "  ".join(f"{value:8.4f}" for value in row))
    lines += [
        f"  largest difference from autograd's: {found.difference:.1g}",
        f"  arriving {numbers(jacobian.arriving)}; passed on {numbers(jacobian.passed)}",
        f"\nLearning rate: 2 / largest curvature = {found.limit:.3f}; all sentences per step",
    ]
    for run in found.rates:
        lines.append(f"  {run.rate / found.limit:4.2f} x limit = {run.rate:.3f}: {ending(run)}")
    lines.append(f"Batch size at {found.batches[0].rate / found.limit:.2f} x limit")
    lines += [f"  {run.batch:4} per step: {ending(run)}" for run in found.batches]
    return "\n".join(lines)


def numbers(values: Array) -> str:
    """Numbers with three decimals in parentheses."""
    return "(" + ", ".join(f"{value:.3f}" for value in values) + ")"


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.gradients",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--text", default=TEXT, help="a sentence of two words or more")
    parser.add_argument("--logits", nargs="+", default=[LOGITS], help="2 to 8 numbers")
    parser.add_argument(
        "--arriving", nargs="+", default=[], help="as many gradients; default 1, 0, ..., -1"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the logits")
    parser.add_argument("--rate", type=float, default=RATE, help="learning rate / its limit")
    parser.add_argument("--steps", type=int, default=60, help="steps of gradient descent")
    parser.add_argument("--seed", type=int, default=0)
    chosen = vars(parser.parse_args(argv))
    try:
        logits, arriving = (" ".join(chosen.pop(name)) for name in ("logits", "arriving"))
        print(report(run(logits=logits, arriving=arriving, **chosen)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
