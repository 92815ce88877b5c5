"""Checks a generated sentence against the guide's own sentences.

A sentence is supported when one guide sentence, or two of one passage, cover most of its content by
the words' rarity, clause by clause, and nothing turns it around: no negation, direction, number,
quantity, name or exchange of roles. It is contradicted when the guide sentence closest to it points
the other way, or when it repeats a mistake that the guide corrects; otherwise unsupported. The
check is one-sided by design: it would rather drop a true sentence than pass a false one.
`python -m tests.eval.support` measures it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tutor.chunks import Chunk, plain, stated
from tutor.copying import slip
from tutor.guide import FOLLOW_UPS, ONE_MINUTE, PITFALLS
from tutor.polarity import opposite, other_number, unsaid
from tutor.statement import Statement, Vocabulary, join, key_of, read

ENOUGH = 0.72  # share of a sentence's rarity that one guide sentence must hold
ENOUGH_OF_TWO = 0.8  # the same for two sentences of one passage
CLAUSE = 0.5  # share of every clause that one guide sentence must hold
CLAUSE_OF_TWO = 0.65
SIMILAR = 0.55  # share from which a guide sentence can contradict
RIVAL = 0.75  # share, numbers aside, from which another number contradicts
CLAIM = 0.85  # share of a wrong claim whose repetition is a mistake
ALIKE = 0.33  # likeness from which a sentence can be a wrong claim in other words
HALF = 0.45  # and the share of it that the claim must hold
MARGIN = 0.2  # by which a ground may be less like the sentence than one that objects
OWN = 1.3  # a heading may add at most this much to what its answer's sentence holds
CLOSEST = 4  # guide sentences that are looked at

SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"')\]]))\s+(?=[A-Z\"'(\[$`*]|\d)")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
PRONOUN = re.compile(
    r"(?:It|They|This|These|Both|Its|Their|Such|Each|The (?:first|second|two|former|latter))\b"
)


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
    """A guide sentence, read. `keys` include its follow-up's question if it begins "It …"."""

    chunk: Chunk
    text: str
    statement: Statement
    keys: frozenset[str]
    context: frozenset[str]  # the words of its follow-up's question


@dataclass(frozen=True)
class Ground:
    """One guide sentence, or two of a chunk, the closer one first."""

    lines: tuple[Line, ...]
    statement: Statement
    coverage: float

    @property
    def excess(self) -> float:
        """By how much the coverage is more than enough; negative if it is too little."""
        return self.coverage - (ENOUGH if len(self.lines) == 1 else ENOUGH_OF_TWO)


class Support:
    """Checks sentences against the chunks of one guide question."""

    def __init__(self, chunks: Sequence[Chunk], stem: Callable[[str], str]):
        """`stem` maps a word to its stem, so that "keeps" supports "keep"."""
        self._key = key_of(stem)
        self._lines = [line for chunk in chunks for line in self._lines_of(chunk)]
        self._mistakes = [self._line(chunk, chunk.heading) for chunk in chunks if denies(chunk)]
        titles = [title for c in chunks if c.section == ONE_MINUTE for title in c.answers]
        topic = frozenset(key for title in titles for key in self._read(title).keys)
        self._chapter = Vocabulary([line.statement for line in self._lines], topic, self._key)
        self._verbatim = {spelled(line.text): line for line in reversed(self._lines)}

    def _read(self, text: str) -> Statement:
        return read(plain(text), self._key)

    def _lines_of(self, chunk: Chunk) -> Iterator[Line]:
        # The wrong claim of a pitfall supports nothing, so only what is stated counts.
        for text in sentences(plain(stated(chunk))):
            yield self._line(chunk, text)

    def _line(self, chunk: Chunk, text: str) -> Line:
        statement = self._read(text)
        context = frozenset[str]()
        if chunk.section == FOLLOW_UPS:
            context = self._read(chunk.heading).keys
        keys = statement.keys | context if PRONOUN.match(text) else statement.keys
        return Line(chunk, text, statement, keys, context)

    def words(self, text: str) -> frozenset[str]:
        """The stems of a text's content words and numbers; synonyms count as one."""
        return self._read(text).keys

    def check(self, sentence: str) -> Check:
        """The verdict on one sentence."""
        said = self._read(sentence)
        if not self._lines or not self._chapter.weight(said.keys):
            return Check(sentence, Verdict.UNSUPPORTED, 0.0, None, "", "says nothing checkable")

        def verdict(kind: Verdict, line: Line, coverage: float, reason: str = "") -> Check:
            return Check(sentence, kind, coverage, line.chunk, line.text, reason)

        if line := self._verbatim.get(spelled(sentence)):
            return verdict(Verdict.SUPPORTED, line, 1.0)
        grounds = sorted(self._grounds(said), key=lambda ground: ground.excess, reverse=True)
        if line := self._mistake(said, grounds):
            reason = "a mistake that the guide corrects"
            return verdict(Verdict.CONTRADICTED, line, self._covered(said, line.keys), reason)
        if rival := self._rival(said):
            line, reason = rival
            return verdict(Verdict.CONTRADICTED, line, self._covered(said, line.keys), reason)
        kind, best, reason = self._judge(said, grounds)
        return verdict(kind, best.lines[0], best.coverage, reason)

    def _covered(self, said: Statement, keys: frozenset[str]) -> float:
        """The share of a sentence's rarity that lies in words that are among `keys`."""
        return self._chapter.weight(said.keys & keys) / self._chapter.weight(said.keys)

    def _alike(self, said: Statement, line: Line) -> float:
        """The rarity that two sentences share, of all that they have."""
        shared, all_keys = said.keys & line.keys, said.keys | line.keys
        return self._chapter.weight(shared) / self._chapter.weight(all_keys)

    def _grounds(self, said: Statement) -> Iterator[Ground]:
        """The closest guide sentences, each alone and with the best other one of its chunk."""

        def coverage(line: Line) -> float:
            own = self._covered(said, line.statement.keys)
            return min(self._covered(said, line.keys), OWN * own)

        for line in sorted(self._lines, key=coverage, reverse=True)[:CLOSEST]:
            yield Ground((line,), line.statement, coverage(line))
            others = [o for o in self._lines if o.chunk.id == line.chunk.id and o is not line]
            if others:
                mate = max(others, key=lambda o: self._covered(said, line.keys | o.keys))
                both = join(line.statement, mate.statement)
                yield Ground((line, mate), both, self._covered(said, line.keys | mate.keys))

    def _mistake(self, said: Statement, grounds: Sequence[Ground]) -> Line | None:
        """A wrong claim that the sentence resembles more than anything that the guide states."""
        lines = {id(ground.lines[0]): ground.lines[0] for ground in grounds}.values()
        nearest = max(self._alike(said, line) for line in lines)
        known = grounds[0].lines[0].keys
        for claim in self._mistakes:
            shared = self._chapter.weight(said.keys & claim.keys)
            repeated = shared >= CLAIM * self._chapter.weight(claim.keys)
            resembled = self._alike(said, claim) >= max(nearest, ALIKE)
            if (
                (repeated and said.keys & claim.keys - known)
                or (resembled and self._covered(said, claim.keys) >= HALF)
            ) and not opposite(said, claim.statement, self._chapter):
                return claim
        return None

    def _rival(self, said: Statement) -> tuple[Line, str] | None:
        """A guide sentence that says the same with another number."""
        numeric = frozenset(word.key for word in said.words if word.numeric)
        if not numeric:
            return None
        rest = said.keys - numeric

        def same(line: Line) -> float:
            return self._chapter.weight(rest & line.keys)

        least = RIVAL * self._chapter.weight(rest)
        agreeing = max((same(line) for line in self._lines if numeric <= line.keys), default=0.0)
        for line in self._lines:
            closer = same(line) >= least and same(line) > agreeing
            if closer and (reason := other_number(said, line.statement)):
                return line, reason
        return None

    def _judge(self, said: Statement, grounds: Sequence[Ground]) -> tuple[Verdict, Ground, str]:
        """The verdict on what is neither verbatim nor a known mistake, with its ground."""
        objections: list[tuple[Verdict, Ground, str]] = []
        for ground in grounds:
            worst = max((against.coverage for _, against, _ in objections), default=0.0)
            if ground.coverage < max(SIMILAR, worst - MARGIN):
                continue
            slips = [
                found
                for line in ground.lines
                if (found := slip(said, line.statement, self._chapter, line.context))
            ]
            alone = len(ground.lines) == 1
            if slips:
                objections += [(Verdict.CONTRADICTED, ground, found.reason) for found in slips]
                if alone and slips[0].final:
                    return objections[-1]
                continue
            if alone and (reason := opposite(said, ground.statement, self._chapter)):
                return Verdict.CONTRADICTED, ground, reason
            if ground.excess < 0:
                continue
            reason = self._objection(said, ground)
            if not reason:
                return Verdict.SUPPORTED, ground, ""
            objections.append((Verdict.UNSUPPORTED, ground, reason))
        nothing = (Verdict.UNSUPPORTED, grounds[0], "the guide does not say this")
        return next(iter(objections), nothing)

    def _objection(self, said: Statement, ground: Ground) -> str:
        """Why a ground that holds most of a sentence's words does not support it, if so."""
        reason = unsaid(said, ground.statement, self._chapter, ground.lines[0].context)
        if reason:
            return reason
        weight, topic = self._chapter.weight, self._chapter.topic
        enough = CLAUSE if len(ground.lines) == 1 else CLAUSE_OF_TWO
        for clause in {word.clause for word in said.words}:
            keys = {word.key for word in said.words if word.clause == clause}
            held = max((keys & (line.keys | topic) for line in ground.lines), key=weight)
            if weight(held) < enough * weight(keys):
                return f"the guide does not say '{' '.join(sorted(keys))}'"
            if any(weight((keys - held) & line.keys) for line in ground.lines):
                return "no single sentence of the guide says this"
        return ""


def opposed(sentence: str, evidence: str) -> str:
    """Why two sentences point in opposite directions, or an empty string."""
    said, known = (read(plain(text), key_of(str)) for text in (sentence, evidence))
    return opposite(said, known, Vocabulary([said, known], frozenset(), key_of(str)))


def denies(chunk: Chunk) -> bool:
    """Whether a chunk's heading is something wrong: a pitfall's claim, a question answered "No"."""
    return chunk.section == PITFALLS or (
        chunk.section == FOLLOW_UPS and chunk.text.startswith("No,")
    )


def spelled(text: str) -> str:
    """A text without capitals, extra spaces and its last mark, to tell whether two are the same."""
    return " ".join(plain(text).lower().split()).rstrip(".!?")


def numbers(text: str) -> list[str]:
    """The numbers in a text without thousands separators: "1,024 of 0.50" → ["1024", "0.50"]."""
    return [n.replace(",", "") for n in NUMBER.findall(plain(text))]


def sentences(text: str) -> list[str]:
    """A text's sentences; list items and paragraphs end sentences too."""
    found = []
    for block in re.split(r"\n+", text):
        found += [part.strip() for part in SENTENCE_END.split(block) if part.strip()]
    return found
