"""`python -m demos.regularization`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import regularization
from demos.regularization.run import (
    DECAY,
    DROPOUT,
    SECONDS,
    SENTENCE,
    Regularization,
    conclusion,
    ended_early,
    run,
)
from demos.regularization.training import REMEDIES
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(regularization)
    parser.add_argument(
        "--remedies",
        nargs="*",
        default=(),
        metavar="REMEDY",
        help=f"used together: {', '.join(REMEDIES)}; none: each",
    )
    parser.add_argument("--sentence", default=SENTENCE, help="read by every network at the end")
    parser.add_argument("--dropout", type=float, default=DROPOUT, help="share of units dropped")
    parser.add_argument("--decay", type=float, default=DECAY, help="strength of weight decay")
    parser.add_argument("--noise", type=float, default=0.1, help="share of wrong training labels")
    parser.add_argument("--examples", type=int, default=300, help="training sentences")
    parser.add_argument("--steps", type=int, default=400, help="training steps")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="end all trainings early after this time"
    )
    return run_command(parser, show, argv)


def show(seconds: float, **chosen: Any) -> None:
    """Run and print, with a line if the time was up before the last step."""
    found = run(seconds=seconds, **chosen)
    print(report(found, ended_early(found.trainings, seconds)))


def report(found: Regularization, early: str) -> str:
    """The same for a terminal; `early` is said if it is not empty."""
    wide = max(len(training.name) for training in found.trainings) + 2
    head = f"{'step':>6}{'training':>10}{'validation':>12}{'gap':>7}{'right':>7}{'lowest':>16}"
    lines = [
        f"Which category is a sentence from? {', '.join(found.titles)}",
        "Losses in nats (guessing: 1.79); right: validation accuracy; lowest: validation loss\n",
        f"{'':{wide}}{head}",
    ]
    for training in found.trainings:
        end, best = training.result, training.best
        lines.append(
            f"{training.name:{wide}}{end.step:6}{end.training:10.3f}{end.validation:12.3f}"
            f"{end.gap:7.2f}{end.validation_accuracy:7.0%}{best.validation:8.3f} at {best.step}"
        )
    lines += ["", conclusion(found.trainings), f"\n“{found.sentence}” is from"]
    for training, row in zip(found.trainings, found.chances, strict=True):
        ranked = sorted(zip(row, found.titles, strict=True), reverse=True)[:3]
        lines.append(
            f"{training.name:{wide}}" + ", ".join(f"{title} {p:.2f}" for p, title in ranked)
        )
    return "\n".join([*lines, *([f"\n{early}"] if early else [])])


if __name__ == "__main__":
    sys.exit(main())
