"""How a sentence is read before it is compared with another: its words, clauses and negations.

"LoRA does not change the base weights, while full fine-tuning does." becomes two clauses; their
words are stems, synonyms count as one word, and "change" is marked as negated. Nothing here judges.
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tutor.wording import (
    AXES,
    BACKWARD,
    BREAKS,
    CONTRASTS,
    GENERAL,
    LIGHT,
    NEGATIONS,
    STOP_WORDS,
    SYNONYMS,
)

NOT = "not"  # stands for every negation in `Statement.steps`
SCOPE = 3  # content words that a negation reaches at most
TOKEN = re.compile(
    r"n't|(?:(?<![\w)])-)?\d+(?:[.,]\d+)*(?:e\d+)?%?|[a-z][a-z0-9]*(?:-[a-z0-9]+(?:\.\d+)?)*|[,;:().!?—\"]"
)
# A capital within a sentence, not at its start.
NAME = re.compile(r"(?<=[a-z,;:0-9] )\(?([A-Z][A-Za-z0-9]+(?:-[A-Za-z0-9.]*[A-Za-z0-9])?)")

Key = Callable[[str], str]


@dataclass(frozen=True)
class Word:
    """A content word in its sentence.

    Worked example: in "A is larger, but it is not slower than GPT-2." the word "slower" has
    clause 1 and `negated` 2, the head of a negation; "gpt-2" has `compared`, standing after "than".
    """

    text: str
    key: str
    part: int  # the words between two breaks
    negated: int  # 0 no, 1 in a negation's scope, 2 the first word of that scope
    name: bool
    compared: bool
    contrast: bool  # its part is set against the one before
    clause: int = 0  # parts, a part of one word being joined to the one before

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return is_number(self.text)


@dataclass(frozen=True)
class Statement:
    """A sentence as its words; `steps` are keys and NOT in order, each with the part it is in."""

    words: tuple[Word, ...]
    steps: tuple[tuple[str, int], ...]
    keys: frozenset[str]


class Vocabulary:
    """The words of one chapter: how much each tells, which are its topic and which are names."""

    def __init__(self, statements: Iterable[Statement], topic: frozenset[str], key: Key):
        """`topic` are the keys of the chapter's title."""
        said = list(statements)
        counts = Counter(k for statement in said for k in statement.keys)
        self.topic = topic
        self.light = frozenset(map(key, LIGHT))
        self.directed = frozenset(map(key, AXES))
        self._general = frozenset(map(key, GENERAL))
        self._rarity = {k: math.log(1 + len(said) / count) for k, count in counts.items()}
        self._unknown = math.log(1 + len(said))
        names = Counter[str]()
        for word in (word for statement in said for word in statement.words):
            names[word.key] += 1 if word.name else -1
        self.names = frozenset(k for k, count in names.items() if count > 0)

    def __contains__(self, key: str) -> bool:
        """Whether the chapter has the word."""
        return key in self._rarity

    def weight(self, keys: Iterable[str]) -> float:
        """How much these words tell: the sum of their rarities over the chapter's sentences."""
        return sum(self._weigh(k) for k in keys)

    def _weigh(self, key: str) -> float:
        if key in self.light:
            return 0.0
        unknown = self._unknown / 2 if key in self._general else self._unknown
        return self._rarity.get(key, unknown)


def key_of(stem: Key) -> Key:
    """Maps a lower-case word to the stem of the first of its synonyms."""
    return functools.cache(lambda word: stem(SYNONYMS.get(word) or word))


def tokens(text: str) -> list[str]:
    """Lower-case words, numbers and marks; n't split from its verb: "isn't" → is, n't."""
    return TOKEN.findall(re.sub(r"n't\b", " n't", text.lower()).replace("cannot", "can not"))


def read(text: str, key: Key) -> Statement:
    """A sentence of plain text as a statement."""
    names = {name.lower() for name in NAME.findall(text)}
    words: list[Word] = []
    steps: list[tuple[str, int]] = []
    part, reach = 0, 0
    head = compared = contrast = False
    for token in tokens(text):
        if token in BREAKS or not (token[-1].isalnum() or token[-1] == "%"):
            part, reach, compared, contrast = part + 1, 0, False, token in CONTRASTS
        elif token == "than":
            compared, reach = True, 0
        elif token in NEGATIONS:
            reach, head = SCOPE, True
            steps.append((NOT, part))
            if token in BACKWARD and words and words[-1].part == part:
                words[-1] = replace(words[-1], negated=2)
        elif token == "and" and not head:
            reach = 0
        else:
            for piece in pieces(token):
                negated = (2 if head else 1) if reach else 0
                name = piece in names or token in names
                word = Word(piece, key(piece), part, negated, name, compared, contrast)
                words.append(word)
                steps.append((word.key, part))
                reach, head = max(reach - 1, 0), False
    joined = tuple(clauses(words))
    return Statement(joined, tuple(steps), frozenset(word.key for word in joined))


def is_number(text: str) -> bool:
    """Whether a word or its key is a number: "-0.5", "1e25"."""
    return text.lstrip("-")[:1].isdigit()


def pieces(token: str) -> list[str]:
    """A token's content words: "key-value" → key, value; "15%" → 15, percent; "gpt-4" as it is."""
    if is_number(token):
        return [token.rstrip("%").replace(",", ""), *(["percent"] if token.endswith("%") else [])]
    whole = any(character.isdigit() for character in token)
    return [p for p in ([token] if whole else token.split("-")) if p not in STOP_WORDS]


def clauses(words: list[Word]) -> Iterator[Word]:
    """The words with their clauses: a part of a single word belongs to the clause before it."""
    sizes = Counter(word.part for word in words)
    clause, of = -1, dict[int, int]()
    for part in sorted(sizes):
        clause += sizes[part] > 1 or clause < 0
        of[part] = clause
    for word in words:
        contrast = word.contrast and of[word.part] != of.get(word.part - 1)
        yield replace(word, contrast=contrast, clause=of[word.part])


def join(one: Statement, other: Statement) -> Statement:
    """Two statements as one, the clauses of the second after those of the first."""
    shift = 1 + max((word.clause for word in one.words), default=-1)
    parts = 1 + max((part for _, part in one.steps), default=-1)
    moved = tuple(
        replace(word, clause=word.clause + shift, part=word.part + parts) for word in other.words
    )
    steps = tuple((key, part + parts) for key, part in other.steps)
    return Statement(one.words + moved, one.steps + steps, one.keys | other.keys)
