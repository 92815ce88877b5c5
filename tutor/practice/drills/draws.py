"""Arguments drawn at random, as the text that people would type for them.

What is drawn is read like anything else that is typed (`tutor.calls.slots`), so that a drill shows
the very numbers it computes with, and a value out of bounds cannot slip in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Protocol

from tutor.calls.slots import Given, read_value


class Draw(Protocol):
    """A way to draw one argument."""

    def draw(self, rng: Random) -> str:
        """The argument as text."""
        ...


@dataclass(frozen=True)
class Pick:
    """One of a few texts."""

    options: tuple[str, ...]

    def draw(self, rng: Random) -> str:
        """One of them, each as likely."""
        return rng.choice(self.options)


@dataclass(frozen=True)
class Spread:
    """`count` different numbers from `low` to `high` in steps of `step`."""

    count: int
    low: float
    high: float
    step: float = 1

    def draw(self, rng: Random) -> str:
        """A list in brackets."""
        steps = round((self.high - self.low) / self.step)
        return listed(
            [self.low + self.step * at for at in rng.sample(range(steps + 1), self.count)]
        )


@dataclass(frozen=True)
class Shares:
    """`count` probabilities in whole percent that add up to 1, each at least `least` percent."""

    count: int
    least: int = 4

    def draw(self, rng: Random) -> str:
        """A list in brackets."""
        free = 100 - self.count * self.least
        # Stars and bars: the free percents lie in a row, with a bar wherever one part ends.
        places = free + self.count - 1
        bars = sorted(rng.sample(range(places), self.count - 1))
        parts = [end - start - 1 for start, end in pairwise([-1, *bars, places])]
        return listed([(self.least + part) / 100 for part in parts])


@dataclass(frozen=True)
class Vectors:
    """`many` vectors of `count` whole numbers from `low` to `high`, none of them all zero."""

    many: int
    count: int
    low: int
    high: int

    def draw(self, rng: Random) -> str:
        """A list of lists in brackets, or one list for one vector."""
        found: list[list[float]] = []
        while len(found) < self.many:
            vector: list[float] = [rng.randint(self.low, self.high) for _ in range(self.count)]
            if any(vector):
                found.append(vector)
        rows = [listed(vector) for vector in found]
        return rows[0] if self.many == 1 else f"[{', '.join(rows)}]"


def listed(values: list[float]) -> str:
    """Numbers as a list in brackets.

    >>> listed([2, 0.5, 0.30000000000000004])
    '[2, 0.5, 0.3]'
    """
    return "[" + ", ".join(f"{value:.6g}" for value in values) + "]"


def drawn(draws: Mapping[str, Draw], rng: Random) -> tuple[dict[str, str], Given]:
    """A text for each slot, and what the texts say. Raises ValueError or Impossible if a draw does
    not suit its slot."""
    texts = {slot: draw.draw(rng) for slot, draw in draws.items()}
    return texts, Given({slot: [read_value(slot, text)] for slot, text in texts.items()})
