"""`python -m demos.dimensionality`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from demos import dimensionality
from demos.dimensionality.question_map import NEAR
from demos.dimensionality.run import QUESTION, Result, run
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(dimensionality)
    parser.add_argument("--question", default=QUESTION, help="text to place on the map")
    parser.add_argument("--share", type=float, default=0.9, help="variance to keep, 0 to 1")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random projection")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print_result(run(**chosen))


def print_result(result: Result) -> None:
    """Everything as lines of text."""
    questions, placed = result.questions, result.place
    parts = questions.components
    print(
        f"{len(questions.texts)} questions of the guide, {questions.vectors.shape[1]} numbers each"
    )
    kept = np.cumsum(parts.shares)
    print("component    eigenvalue   share    kept")
    for number in (1, 2, 3, 4, 5, 10, 20, 50, 100):
        if number <= len(kept):
            row = number - 1
            value, share = parts.eigenvalues[row], parts.shares[row]
            print(f"{number:9} {value:13.5f} {share:7.2%} {kept[row]:7.1%}")
    print(f"{result.needed} components keep {result.share:.0%} of the variance\n")
    x, y = placed.spot
    print(f"{placed.text!r} is at ({x:.3f}, {y:.3f}); the map shows {placed.shown:.0%} of it")
    for index, cosine in zip(placed.neighbors[:3], placed.cosines, strict=False):
        print(f"  cosine {cosine:.2f}  Q{questions.numbers[index]} {questions.texts[index]}")
    print(f"  {placed.kept} of its {NEAR} nearest are also nearest on the map\n")
    print("numbers kept   components   coordinates   random   (nearest is of the same question)")
    for cut in result.cuts:
        print(f"{cut.size:12} {cut.components:12.1%} {cut.coordinates:13.1%} {cut.random:8.1%}")


if __name__ == "__main__":
    sys.exit(main())
