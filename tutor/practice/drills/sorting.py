"""The sorting drills: to which of two easily confused topics does a statement belong?

The statements are data (`statements.toml`); what they rest on is said with each.
"""

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any

from tutor.errors import GuideError

FILE = "statements.toml"
LEFT, RIGHT = "left", "right"
FEWEST = 10  # statements of a pair
MOST_UNEVEN = 2  # by how many statements one side may have more


@dataclass(frozen=True)
class Statement:
    """A statement about one of two topics: `side` is left or right, `why` the one line that decides
    it, `number` the guide question it rests on."""

    text: str
    side: str
    why: str
    number: int


@dataclass(frozen=True)
class Pair:
    """Two topics and statements about them; `rule` tells them apart, `words` give them away."""

    name: str
    left: str
    right: str
    rule: str
    words: tuple[str, ...]
    statements: tuple[Statement, ...]

    def topic(self, side: str) -> str:
        """The name of a side."""
        return self.left if side == LEFT else self.right

    def draw(self, rng: Random, seen: Collection[str] = ()) -> Statement:
        """A statement at random, one not `seen` (by its text) as long as there are any."""
        fresh = [one for one in self.statements if one.text not in seen]
        return rng.choice(fresh or list(self.statements))


def read_pairs() -> Mapping[str, Pair]:
    """All pairs by name. Raises GuideError where the file breaks its format."""
    text = (files("tutor.practice.drills") / FILE).read_text(encoding="utf-8")
    try:
        pairs = [read_pair(row) for row in tomllib.loads(text)["pair"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise GuideError(f"{FILE} cannot be read: {error}") from error
    return {pair.name: pair for pair in pairs}


def read_pair(row: Mapping[str, Any]) -> Pair:
    """One pair, checked. Raises GuideError, and KeyError or TypeError for another shape."""
    statements = tuple(Statement(**one) for one in row["statements"])
    pair = Pair(**{**row, "words": tuple(row["words"]), "statements": statements})
    if problem := problem_of(pair):
        raise GuideError(f"{FILE}, {pair.left} or {pair.right}: {problem}.")
    return pair


def problem_of(pair: Pair) -> str:
    """What is wrong with a pair, as half a sentence; empty if nothing is."""
    sides = Counter(one.side for one in pair.statements)
    texts = {one.text for one in pair.statements}
    if set(sides) != {LEFT, RIGHT}:
        return "every statement is on the left or on the right, and both sides have some"
    if len(texts) < FEWEST:
        return f"there are {len(texts)} different statements, {FEWEST} are needed"
    if len(texts) < len(pair.statements):
        return "a statement stands there twice"
    if abs(sides[LEFT] - sides[RIGHT]) > MOST_UNEVEN:
        return f"{sides[LEFT]} statements on the left and {sides[RIGHT]} on the right"
    for one in pair.statements:
        given_away = [word for word in pair.words if word in f" {one.text.lower()} "]
        if given_away:
            return f"“{given_away[0].strip()}” gives it away: {one.text}"
        if not (one.text and one.why) or one.number < 1:
            return f"no reason or no guide question: {one.text}"
    return ""
