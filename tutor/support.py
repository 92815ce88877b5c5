"""Checks a generated sentence against the guide's own sentences.

A sentence is supported when one guide sentence (or two neighbors) covers most of its content, by
the words' rarity; contradicted when the closest guide sentence says nearly the same with the
opposite polarity or direction; otherwise unsupported. Numbers must occur in the guide's text. The
check is one-sided by design: it would rather drop a true sentence than pass a false one.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tutor.chunks import Chunk, plain, stated

ENOUGH = 0.72  # share of a sentence's rarity that must be found in the guide
SIMILAR = 0.55  # share from which polarity and direction are compared

NEGATIONS = frozenset(
    "not no never none nothing neither nor cannot without n't wrong false hardly barely".split()
)
# Words that turn a statement around when exchanged for their partner.
OPPOSITES = tuple(
    (frozenset(a.split()), frozenset(b.split()))
    for a, b in (
        ("more most many greater larger bigger higher", "fewer less least smaller lower"),
        ("increase increases increased increasing raise raises raising grow grows",
         "decrease decreases decreased decreasing reduce reduces reducing shrink shrinks"),
        ("faster quicker fast", "slower slow"),
        ("always every all", "never none rarely only"),
        ("before first", "after last"),
        ("deterministic", "random stochastic"),
        ("cheaper cheap", "costlier expensive"),
        ("flatten flattens flatter", "sharpen sharpens sharper peaked"),
        ("add adds added", "remove removes removed"),
        ("freeze freezes frozen", "train trains trained updates updated"),
        ("left", "right"),
        ("encoder", "decoder"),
        ("bidirectional", "causal unidirectional"),
        ("minimize minimizes", "maximize maximizes"),
        ("better improves improve", "worse hurts hurt"),
        ("over-fitting overfitting", "under-fitting underfitting"),
    )
)  # fmt: skip
STOP_WORDS = frozenset(
    """a an and are as at be been being but by can could do does each for from has have if in into
    is it its may might of on one or so such than that the their them then there these they this
    those to was were which while who will with would you your also just very when where how
    what""".split()
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"')\]]))\s+(?=[A-Z\"'(\[$`*]|\d)")


class Verdict(StrEnum):
    """What the guide says about a sentence."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True)
class Check:
    """The verdict on a sentence, with the guide sentence closest to it and the chunk it is from."""

    sentence: str
    verdict: Verdict
    coverage: float
    chunk: Chunk | None
    evidence: str
    reason: str


@dataclass(frozen=True)
class Line:
    """A guide sentence with its words."""

    chunk: Chunk
    text: str
    words: frozenset[str]


class Support:
    """Checks sentences against the chunks of one guide question."""

    def __init__(self, chunks: Sequence[Chunk], stem: Callable[[str], str]):
        """`stem` maps a word to its stem, so that "keeps" supports "keep"."""
        self._stem = stem
        self._lines = [line for chunk in chunks for line in self._lines_of(chunk)]
        counts = Counter(word for line in self._lines for word in line.words)
        total = len(self._lines)
        self._rarity = {word: math.log(1 + total / count) for word, count in counts.items()}
        self._unknown = math.log(1 + total)
        self._numbers = {n for chunk in chunks for n in numbers(chunk.text)}

    def _lines_of(self, chunk: Chunk) -> Iterator[Line]:
        # The wrong claim of a pitfall supports nothing, so only what is stated counts.
        for text in sentences(plain(stated(chunk))):
            yield Line(chunk, text, self.words(text))

    def words(self, text: str) -> frozenset[str]:
        """The stems of a text's content words and numbers."""
        found = re.findall(r"[a-z]+(?:[-'][a-z]+)*|\d+(?:[.,]\d+)*", text.lower())
        return frozenset(self._stem(w) for w in found if w not in STOP_WORDS)

    def check(self, sentence: str) -> Check:
        """The verdict on one sentence."""
        words = self.words(plain(sentence))
        weight = sum(self._rarity.get(word, self._unknown) for word in words)
        if not weight or not self._lines:
            return Check(sentence, Verdict.UNSUPPORTED, 0.0, None, "", "says nothing checkable")

        def covered(known: frozenset[str]) -> float:
            return sum(self._rarity.get(word, self._unknown) for word in words & known) / weight

        best = max(self._lines, key=lambda line: covered(line.words))
        coverage = covered(best.words)
        pair = max(
            (
                covered(one.words | two.words)
                for one, two in zip(self._lines, self._lines[1:], strict=False)
                if one.chunk.id == two.chunk.id and best in (one, two)
            ),
            default=coverage,
        )

        def verdict(kind: Verdict, reason: str) -> Check:
            return Check(sentence, kind, max(coverage, pair), best.chunk, best.text, reason)

        missing = [n for n in numbers(sentence) if n not in self._numbers]
        if missing:
            return verdict(Verdict.UNSUPPORTED, f"the number {missing[0]} is not in the guide")
        if coverage >= SIMILAR and (reason := opposed(sentence, best.text)):
            return verdict(Verdict.CONTRADICTED, reason)
        if max(coverage, pair) >= ENOUGH:
            return verdict(Verdict.SUPPORTED, "")
        return verdict(Verdict.UNSUPPORTED, "the guide does not say this")


def opposed(sentence: str, evidence: str) -> str:
    """Why the two sentences point in opposite directions, or an empty string."""
    said, known = tokens(sentence), tokens(evidence)
    if bool(said & NEGATIONS) != bool(known & NEGATIONS):
        return "one of the two is negated"
    for one, other in OPPOSITES:
        for a, b in ((one, other), (other, one)):
            if said & a and not said & b and known & b and not known & a:
                return f"'{min(said & a)}' against the guide's '{min(known & b)}'"
    return ""


def tokens(text: str) -> frozenset[str]:
    """The lower-case words of a text, with n't split from its verb."""
    return frozenset(re.findall(r"n't|[a-z]+(?:-[a-z]+)*", re.sub(r"n't\b", " n't", text.lower())))


def numbers(text: str) -> list[str]:
    """The numbers in a text without thousands separators: "1,024 of 0.50" → ["1024", "0.50"]."""
    return [n.replace(",", "") for n in NUMBER.findall(plain(text))]


def sentences(text: str) -> list[str]:
    """A text's sentences; list items and paragraphs end sentences too."""
    found = []
    for block in re.split(r"\n+", text):
        found += [part.strip() for part in SENTENCE_END.split(block) if part.strip()]
    return found
