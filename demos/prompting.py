"""One task, the tutor's own model, three prompts: zero-shot, few-shot and chain of thought, scored.

    python -m demos.prompting
    python -m demos.prompting --task tickets --items 12
    python -m demos.prompting --problem "A cat has 4 legs. How many do 3 cats have?" --answer 12

Qwen2.5-Coder-0.5B on 12 word problems of two steps: asked for the number at once it gets 1 right,
with three solved examples none, with the same examples and their steps 9. The price is tokens: 22
written instead of 3, and a prompt of 231 instead of 52. A split of 9 to 0 comes about by chance
with probability 2 / 2^9 = 0.004.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from demos.styles import CHAIN, FEW, STYLES, build, changes, sign_test
from demos.tasks import ARITHMETIC, TASKS, task_named
from demos.trials import Comparison, chosen_items, compare, own_item
from demos.weights import Weights, open_weights
from tutor.errors import TutorError

TITLE = "Prompting"
QUESTIONS = (13, 38)
PROBLEM = "A cat has 4 legs and a bird has 2. How many legs do 3 cats and 2 birds have?"
ANSWER = "16"
ITEMS = 8  # scored by default
SECONDS = 45.0  # a comparison ends after this time


def run(
    task: str = ARITHMETIC.name,
    items: int = ITEMS,
    problem: str | None = None,
    answer: str = "",
    constrained: bool = True,
    seconds: float = SECONDS,
    weights: Weights | None = None,
) -> Comparison:
    """Ask the first `items` of a task in three styles, or instead a `problem` of one's own.

    `constrained` holds replies to a grammar, so that each contains an answer. Greedy decoding: the
    same prompts give the same replies. InputError before the model is loaded.
    """
    chosen = task_named(task)
    asked = chosen_items(chosen, items) if problem is None else (own_item(chosen, problem, answer),)
    engine = (weights or open_weights()).engine()
    *_, last = compare(engine, chosen, asked, constrained, seconds)
    return last


def view(weights: Weights) -> Any:
    """An own problem, a scored set, the prompts; returns the problem's box."""
    from demos.prompting_tab import build

    return build(weights)


def conclusions(found: Comparison) -> tuple[str, ...]:
    """What the numbers say, as plain sentences; nothing about right and wrong if not known."""
    zero, few, chain = found.scores
    if not chain.answers:
        return ()
    lines = []
    if found.known and len(found.items) > 1:
        for name, before, after in ((FEW, zero, few), (CHAIN, few, chain)):
            fixed, broken = changes(
                [bool(a.right) for a in before.answers], [bool(a.right) for a in after.answers]
            )
            worth = (
                f"{fixed} fixed, {broken} broken; by chance alone a split so uneven has "
                f"probability {sign_test(fixed, broken):.3f}"
                if fixed + broken
                else "the same problems right"
            )
            lines.append(f"{name.capitalize()} against {before.style}: {worth}.")
    lines.append(
        f"Chain of thought reads {chain.prompt / zero.prompt:.1f} times the tokens of zero-shot "
        f"and writes {chain.generated / zero.generated:.1f} times as many; "
        f"{chain.cached / chain.prompt:.0%} of what it reads was kept from earlier prompts."
    )
    if found.done < found.calls:
        lines.append(f"Ended after {found.done} of {found.calls} replies.")
    return tuple(lines)


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
        lines.append(f"{score.style:18}{right:>8}{score.prompt:8}{score.cached:8}"
                     f"{score.generated:9}{score.seconds:9.1f}")  # fmt: skip
    for place, item in enumerate(found.items[: found.tried]):
        lines.append(f"\n{item.question}" + (f"  [{item.answer}]" if item.answer else ""))
        for score in found.scores:
            if place < len(score.answers):
                answer = score.answers[place]
                mark = {True: "+", False: "-", None: " "}[answer.right]
                lines.append(f"  {mark} {score.style:18}{' '.join(answer.reply.split())}")
    return "\n".join([*lines, "", *conclusions(found)])


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.prompting",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--task", default=ARITHMETIC.name,
                        help=", ".join(task.name for task in TASKS))  # fmt: skip
    parser.add_argument("--items", type=int, default=ITEMS, help="how many are scored")
    parser.add_argument("--problem", help="ask this instead of the task's items")
    parser.add_argument("--answer", default="", help="the problem's right answer, if you know it")
    parser.add_argument("--free", dest="constrained", action="store_false",
                        help="no grammar: a reply may be anything")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=SECONDS,
                        help="end the comparison early after this time")  # fmt: skip
    try:
        print(report(run(**vars(parser.parse_args(argv)))))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
