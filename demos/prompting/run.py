"""A task, or a problem of one's own, asked in three styles; what the scores say."""

from demos.prompting.comparison import Comparison, chosen_items, compare, own_item
from demos.prompting.prompts import CHAIN, FEW
from demos.prompting.sign_test import changes, sign_test
from demos.prompting.tasks import ARITHMETIC, task_named
from demos.shared.weights import Weights, open_weights

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
