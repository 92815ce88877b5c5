"""Chooses among the written answers that were found for a claim, and gives the verdict on it.

The search says how near each lies, the pair reader what it is worth below this very turn; how much
each counts was fitted on what judges said (`training/choices.jsonl`). What the answers say of a
claim is put together by how far each of them decides it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutor.choose.pairs import Opinion, PairReader
from tutor.guide.answers import VERDICTS
from tutor.search.retrieve import Passage
from tutor.search.written import probability
from tutor.turn.ask import Ask

# What a written answer is weighed by, in the end.
CHOICE_FEATURES = (
    "found",  # logit of the probability that the search gives it
    "answers",  # the pair reader's logit that it answers
    "misleads",  # its probability that it misleads
)


@dataclass(frozen=True)
class Verdict:
    """How probably a claim is right, wrong or half right, in the order of VERDICTS."""

    shares: tuple[float, ...]

    @property
    def word(self) -> str:
        """The likeliest of VERDICTS."""
        return VERDICTS[self.shares.index(self.certainty)]

    @property
    def certainty(self) -> float:
        """The probability of the likeliest."""
        return max(self.shares)

    def of(self, word: str) -> float:
        """The probability of one of VERDICTS; 1 for an answer that has no verdict."""
        return self.shares[VERDICTS.index(word)] if word else 1.0


@dataclass(frozen=True)
class Choice:
    """The written answers with the probability that each answers the turn, best first, and the
    verdict on the turn as a claim; None where nothing was found."""

    written: tuple[Passage, ...]
    verdict: Verdict | None


def choose(
    ask: Ask, found: Sequence[Passage], pairs: PairReader, weights: Sequence[float]
) -> Choice:
    """Weigh the answers that were found; `weights` are those of CHOICE_FEATURES."""
    opinions = pairs.read(ask.words, ask.before, [passage.chunk for passage in found])
    weighed = [
        replace(passage, answers=probability(signs(passage, opinion), weights))
        for passage, opinion in zip(found, opinions, strict=True)
    ]
    verdict = verdict_of(opinions) if weighed else None
    return Choice(tuple(sorted(weighed, key=lambda passage: -passage.answers)), verdict)


def signs(passage: Passage, opinion: Opinion) -> tuple[float, ...]:
    """The CHOICE_FEATURES of an answer."""
    found = min(max(passage.answers, 1e-4), 1 - 1e-4)
    return math.log(found / (1 - found)), opinion.answers, opinion.misleads


def verdict_of(opinions: Sequence[Opinion]) -> Verdict:
    """The opinions on the claim, each weighed by the probability that its answer decides it: the
    normalized geometric mean of their shares, which is near to even where nothing decides."""
    weights = np.array([opinion.decides for opinion in opinions])
    shares = np.log(np.maximum([opinion.verdict for opinion in opinions], 1e-6))
    mean = weights @ shares / max(1.0, weights.sum())
    chances = np.exp(mean - mean.max())
    return Verdict(tuple((chances / chances.sum()).tolist()))
