"""`python -m demos.objectives`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import objectives
from demos.objectives.run import GUESS, STEPS, TEXT, TRAINING_SECONDS, Objectives, ended_early, run
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(objectives)
    parser.add_argument("--text", default=TEXT, help="a sentence with a blank: ___ or [MASK]")
    parser.add_argument("--guess", default=GUESS, help="a word for the blank; its rank is shown")
    parser.add_argument("--steps", type=int, default=STEPS, help="training steps of each model")
    parser.add_argument(
        "--rate", type=float, default=0.15, help="share of words chosen for masking"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seconds",
        type=float,
        default=TRAINING_SECONDS,
        help="end the training of the word models early after this time",
    )
    return run_command(parser, show, argv)


def show(steps: int, seconds: float, **chosen: Any) -> None:
    """Run and print, with a line if the time was up before the last step."""
    found = run(steps=steps, seconds=seconds, **chosen)
    print(report(found, ended_early(found.outcomes[0].curve[-1].step, steps, seconds)))


def report(found: Objectives, early: str) -> str:
    """The same for a terminal; `early` is said if it is not empty."""
    lines = [
        f"Held-out loss in nats per predicted word; word frequencies alone: {found.unigram:.2f}"
    ]
    lines.append("  step " + "".join(f"{o.objective:>10}" for o in found.outcomes))
    for points in zip(*(o.curve for o in found.outcomes), strict=True):
        if points[0].step % 40 == 0 or points[0] is found.outcomes[0].curve[-1]:
            lines.append(f"{points[0].step:6} " + "".join(f"{p.held_out:10.3f}" for p in points))
    for o in found.outcomes:
        lines.append(
            f"  {o.objective}: {o.share:.1%} of the words gave a loss, "
            f"{o.curve[-1].predicted:,} in all"
        )
    lines.append(
        f"\n{found.blank.text}" + (f"   (hidden: {found.blank.truth})" if found.blank.truth else "")
    )
    for o in found.outcomes:
        words = ", ".join(f"{word} {chance:.2f}" for word, chance in o.words)
        lines.append(f"  {o.objective}: {words}" + (f"\n          {o.place}" if o.place else ""))
    last = found.reader[-1]
    lines += [
        "\nSentence pairs, read without word order (held-out accuracy)",
        f"  next sentence or one of another category: {last.other_category:.0%}",
        f"  next sentence or one of the same category: {last.same_category:.0%}",
        f"  right order or swapped: {last.swapped:.0%}",
        f"\n{early}",
    ]
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    sys.exit(main())
