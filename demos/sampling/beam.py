"""Beam search over any model that says which tokens could come next; width 1 is greedy search.

A hypothesis is a beginning of the output; its score is the sum of its tokens' log-probabilities,
the logarithm of their product. Every step extends each kept hypothesis by its `width` best tokens
and keeps the `width` best of all.

    first "nice" 0.5, "good" 0.4; then "nice day" 0.4, "good morning" 0.9:
    greedy takes nice day, 0.20; two beams find good morning, 0.36.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

# The tokens that can follow a beginning, with the natural logarithm of their probability, best
# first. Beam search of width b needs the b best.
Next = Callable[[tuple[int, ...]], Sequence[tuple[int, float]]]


@dataclass(frozen=True)
class Node:
    """A hypothesis: its tokens, its score, and what became of it.

    `parent` is its place among the kept hypotheses of the step before; -1 at the first step.
    """

    tokens: tuple[int, ...]
    score: float
    parent: int
    kept: bool
    ended: bool

    @property
    def probability(self) -> float:
        """The product of its tokens' probabilities."""
        return math.exp(self.score)


@dataclass(frozen=True)
class Search:
    """The candidates of every step, best first, and the best hypothesis of all."""

    width: int
    steps: tuple[tuple[Node, ...], ...]
    best: Node

    def kept(self, step: int) -> tuple[Node, ...]:
        """The hypotheses that a step kept, best first."""
        return tuple(node for node in self.steps[step] if node.kept)


def search(
    following: Next, width: int, steps: int, ends: Callable[[int], bool] = lambda _: False
) -> Search:
    """Beam search for at most `steps` tokens.

    A hypothesis whose last token `ends` the text is finished: it keeps its place and is not
    extended. The search stops when all kept ones are finished. There is no length penalty.
    """
    beam = [Node((), 0.0, -1, kept=True, ended=False)]
    layers: list[tuple[Node, ...]] = []
    while len(layers) < steps and not all(node.ended for node in beam):
        found = [
            replace(child, ended=ends(child.tokens[-1]))
            for place, node in enumerate(beam)
            for child in extend(node, place, following, width)
        ]
        ranked = sorted(found, key=lambda node: -node.score)
        beam = [replace(node, kept=True) for node in ranked[:width]]
        layers.append((*beam, *ranked[width:]))
    return Search(width, tuple(layers), beam[0])


def extend(node: Node, place: int, following: Next, width: int) -> list[Node]:
    """The hypothesis with each of its best next tokens; a finished one as it is."""
    if node.ended:
        return [replace(node, parent=place, kept=False)]
    return [
        Node((*node.tokens, token), node.score + logprob, place, kept=False, ended=False)
        for token, logprob in following(node.tokens)[:width]
    ]


def remembered(following: Next) -> Next:
    """The same, asking only once for each beginning: greedy and beam search share most."""
    known: dict[tuple[int, ...], Sequence[tuple[int, float]]] = {}

    def ask(tokens: tuple[int, ...]) -> Sequence[tuple[int, float]]:
        if tokens not in known:
            known[tokens] = following(tokens)
        return known[tokens]

    return ask
