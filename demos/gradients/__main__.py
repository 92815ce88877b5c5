"""`python -m demos.gradients`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from demos import gradients
from demos.gradients.descent import ending
from demos.gradients.run import LOGITS, RATE, TEXT, Gradients, run
from demos.shared.arrays import Array
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(gradients)
    parser.add_argument("--text", default=TEXT, help="a sentence of two words or more")
    parser.add_argument("--logits", nargs="+", default=[LOGITS], help="2 to 8 numbers")
    parser.add_argument(
        "--arriving", nargs="+", default=[], help="as many gradients; default 1, 0, ..., -1"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the logits")
    parser.add_argument("--rate", type=float, default=RATE, help="learning rate / its limit")
    parser.add_argument("--steps", type=int, default=60, help="steps of gradient descent")
    parser.add_argument("--seed", type=int, default=0)
    return run_command(parser, show, argv)


def show(logits: list[str], arriving: list[str], **chosen: Any) -> None:
    """Run and print; numbers may come as one word or as several."""
    print(report(run(logits=" ".join(logits), arriving=" ".join(arriving), **chosen)))


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
    for one in found.rates:
        lines.append(f"  {one.rate / found.limit:4.2f} x limit = {one.rate:.3f}: {ending(one)}")
    lines.append(f"Batch size at {found.batches[0].rate / found.limit:.2f} x limit")
    lines += [f"  {one.batch:4} per step: {ending(one)}" for one in found.batches]
    return "\n".join(lines)


def numbers(values: Array) -> str:
    """Numbers with three decimals in parentheses."""
    return "(" + ", ".join(f"{value:.3f}" for value in values) + ")"


if __name__ == "__main__":
    sys.exit(main())
