"""`python -m demos.prompting`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import prompting
from demos.prompting.comparison import Comparison
from demos.prompting.prompts import STYLES, build
from demos.prompting.run import ITEMS, SECONDS, conclusions, run
from demos.prompting.tasks import ARITHMETIC, TASKS
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(prompting)
    parser.add_argument(
        "--task", default=ARITHMETIC.name, help=", ".join(task.name for task in TASKS)
    )
    parser.add_argument("--items", type=int, default=ITEMS, help="how many are scored")
    parser.add_argument("--problem", help="ask this instead of the task's items")
    parser.add_argument("--answer", default="", help="the problem's right answer, if you know it")
    parser.add_argument(
        "--free",
        dest="constrained",
        action="store_false",
        help="no grammar: a reply may be anything",
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="end the comparison early after this time"
    )
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print(report(run(**chosen)))


def report(found: Comparison) -> str:
    """The prompts of the first item, the scores and every answer, for a terminal."""
    lines = [f"{found.model}, task {found.task.name}, greedy decoding"]
    for style in STYLES:
        lines.append(f"\n{style}")
        for message in build(found.task, style, found.items[0].question):
            text = message.content.replace("\n", "\n" + " " * 12)
            lines.append(f"  {message.role:10}{text}")
    lines.append(f"\n{'':18}{'right':>8}{'read':>8}{'cached':>8}{'written':>9}{'seconds':>9}")
    for score in found.scores:
        right = f"{score.right}/{len(score.answers)}" if found.known else "-"
        lines.append(
            f"{score.style:18}{right:>8}{score.prompt:8}{score.cached:8}"
            f"{score.generated:9}{score.seconds:9.1f}"
        )
    for place, item in enumerate(found.items[: found.tried]):
        lines.append(f"\n{item.question}" + (f"  [{item.answer}]" if item.answer else ""))
        for score in found.scores:
            if place < len(score.answers):
                answer = score.answers[place]
                mark = {True: "+", False: "-", None: " "}[answer.right]
                lines.append(f"  {mark} {score.style:18}{' '.join(answer.reply.split())}")
    return "\n".join([*lines, "", *conclusions(found)])


if __name__ == "__main__":
    sys.exit(main())
