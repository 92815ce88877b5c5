"""A problem with one right answer, and how one is posed from a formula with drawn arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tutor.calls.slots import Given
from tutor.calls.worked import Worked
from tutor.practice.drills.answers import PLAIN, Answer, Number, Units
from tutor.practice.drills.draws import Draw, drawn

Slips = Sequence[tuple[float, str]]
TRIES = 500  # draws until one suits; the tightest drill needs about ten


@dataclass(frozen=True)
class Problem:
    """A question with one right answer; `text` and `steps` are Markdown, `number` is the guide
    question that it rests on."""

    title: str
    text: str
    answer: Answer
    steps: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Formula:
    """A drill by a formula: `asks` with a place for each drawn argument, `gives` what of the result
    is asked for, `slips` where usual mistakes lead, `suits` whether the numbers make a fair one."""

    title: str
    number: int
    asks: str
    draws: Mapping[str, Draw]
    works: Callable[[Given], Worked]
    units: Units = PLAIN
    gives: Callable[[Worked], float] = lambda worked: worked.value
    slips: Callable[[Given], Slips] = lambda _: ()
    suits: Callable[[Given, float], bool] = lambda *_: True

    def pose(self, rng: Random) -> Problem:
        """A problem with fresh numbers."""
        for _ in range(TRIES):
            texts, given = drawn(self.draws, rng)
            worked = self.works(given)
            value = self.gives(worked)
            if self.suits(given, value):
                answer = Number(value, self.units, tuple(self.slips(given)))
                text = self.asks.format_map(texts)
                return Problem(
                    self.title, text, answer, (*worked.steps, worked.answer), self.number
                )
        raise AssertionError(f"nothing drawn for {self.title} suits")


@dataclass(frozen=True)
class Told:
    """A drill whose answer is no number: `pose` makes the whole problem."""

    title: str
    number: int
    pose: Callable[[Random], Problem]
