"""A drill whose answer is a set: which tokens top-p keeps (Holtzman et al. 2020)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

from tutor.calls import probability
from tutor.calls.worked import number, vector
from tutor.practice.drills.answers import Tokens
from tutor.practice.drills.draws import Draw, Pick, Shares, drawn
from tutor.practice.drills.problem import TRIES, Problem

BEFORE = "The cat sat on the …"
WORDS = ("mat", "sofa", "bed", "floor", "roof", "chair", "table")
DRAWS: Mapping[str, Draw] = {
    "probabilities": Shares(6, 3),
    "top_p": Pick(("0.5", "0.6", "0.7", "0.8", "0.9")),
}
APART = 0.005  # what decides a cut must differ by more


def apart(values: Sequence[float]) -> bool:
    """Whether no two values are equal but for rounding."""
    return all(after - before > APART for before, after in pairwise(sorted(values)))


def nucleus(rng: Random) -> Problem:
    """Which of six tokens top-p keeps; no two are equally probable, and no sum meets p exactly."""
    for _ in range(TRIES):
        texts, given = drawn(DRAWS, rng)
        chances, p = given.one("probabilities"), given.one("top_p")
        ranked = sorted(chances, reverse=True)
        kept = int(probability.sampling(given).value)
        sums = [sum(ranked[: count + 1]) for count in range(len(ranked))]
        if kept < len(chances) and apart(chances) and apart([*sums, p]):
            words = rng.sample(WORDS, len(chances))
            return posed(dict(zip(words, chances, strict=True)), texts["top_p"], kept)
    raise AssertionError("no probabilities suit")


def posed(chances: Mapping[str, float], top_p: str, count: int) -> Problem:
    """The problem for words with their probabilities, of which `count` are kept."""
    rows = "\n".join(f"| {word} | {number(chance)} |" for word, chance in chances.items())
    text = (
        f"*{BEFORE}* The model gives these probabilities. Which tokens does top-p sampling with "
        f"$p = {top_p}$ keep?\n\n| token | probability |\n| :-- | --: |\n{rows}"
    )
    kept = sorted(chances, key=lambda word: -chances[word])[:count]
    ranked = [chances[word] for word in kept]
    sums = [f"{word} {number(sum(ranked[: at + 1]))}" for at, word in enumerate(kept)]
    total = sum(ranked)
    steps = (
        f"from the most probable down, added up: {' → '.join(sums)}",
        f"the token that reaches {top_p} is kept too, the rest is cut",
        f"Kept: **{', '.join(kept)}**; divided by their sum {number(total)}: "
        f"{vector([chance / total for chance in ranked])}.",
    )
    answer = Tokens(frozenset(kept), frozenset(chances))
    return Problem("Nucleus at given probabilities", text, answer, steps, 12)
