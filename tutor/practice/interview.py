"""A practice interview: which questions are asked, what came of each, and what it adds up to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.guide.read import Guide
from tutor.practice.feedback import Feedback

LENGTHS = (1, 3, 5, 10)
CLOCKS = (0, 30, 120)  # seconds; 0 is no clock


@dataclass(frozen=True)
class Interview:
    """The questions in order, where it is, the best feedback for each question answered so far.

    Immutable, so that a visitor's state is replaced and never shared.
    """

    numbers: tuple[int, ...] = ()
    clock: int = 0
    place: int = 0
    results: tuple[Feedback, ...] = ()

    @property
    def number(self) -> int | None:
        """The question that is asked now; None before the first and after the last."""
        return self.numbers[self.place] if self.place < len(self.numbers) else None

    def answered(self, feedback: Feedback) -> "Interview":
        """With what came of the question asked now; of several tries the best counts."""
        number = feedback.question.number
        before = [one for one in self.results if one.question.number == number]
        if before and before[0].share >= feedback.share:
            return self
        others = tuple(one for one in self.results if one.question.number != number)
        return replace(self, results=(*others, feedback))

    def moved_on(self) -> "Interview":
        """At the next question."""
        return replace(self, place=self.place + 1)

    def ended(self) -> "Interview":
        """After its last question."""
        return replace(self, place=len(self.numbers))


def draw(
    guide: Guide,
    length: int,
    dice: random.Random,
    category: str = "",
    first: Sequence[int] = (),
    clock: int = 0,
) -> Interview:
    """An interview of at most `length` questions, of one category or of all.

    The questions of `first`, as what is due, come first; the others by chance, and no category
    twice before each was asked once. Raises GuideError for an unknown category.
    """
    categories = [guide.category(category)] if category else list(guide.categories)
    allowed = {q.number for one in categories for q in one.questions}
    chosen = [number for number in dict.fromkeys(first) if number in allowed][:length]
    piles = [[q.number for q in one.questions if q.number not in chosen] for one in categories]
    for pile in piles:
        dice.shuffle(pile)
    while len(chosen) < length and any(piles):
        round_of = [pile.pop() for pile in piles if pile]
        dice.shuffle(round_of)
        chosen += round_of[: length - len(chosen)]
    return Interview(tuple(chosen), clock)
