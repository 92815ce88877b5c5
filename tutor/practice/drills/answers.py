"""Right answers of several kinds, and what a typed answer is worth beside them.

A number is right if it is what the true value rounds to, with at least two digits, or lies within
half a percent of it. It may be typed as people write it: 1/3, 0.333, 33 %, 1.2e9, 4 GiB.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tutor.calls.quantity import scalar

LONGEST = 200  # characters of a typed answer that are read
NEAR = 0.005  # of the value: always right
ROUNDED = 0.02  # of the value: the most that rounding may have taken away
COARSE = 0.34  # the same, for an answer of one digit that is asked for again
DIGITS = 2  # significant ones from which a rounded answer is right


@dataclass(frozen=True, eq=False)
class Units:
    """What may stand behind a number and what it multiplies by; `example` shows how to type one."""

    factors: Mapping[str, float]
    example: str


PLAIN = Units({"%": 0.01, "percent": 0.01}, "0.25, 1/4 or 25 %")
BARE = Units({}, "2.25 or 9/4")
NATS = Units({"nats": 1, "nat": 1, "bits": math.log(2), "bit": math.log(2)}, "0.52, or 0.75 bits")
COUNT = Units({"parameters": 1, "params": 1, "weights": 1}, "294,912, 295k or 2.95e5")
BYTES = Units(
    {
        "bytes": 1, "byte": 1, "b": 1, "bits": 1 / 8,
        "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
        "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
    },
    "1.5 GiB, 1.61 GB or 1.61e9",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and a sentence about it that may be empty. What cannot be read
    is neither: `read` is false then, and the answer should be typed again."""

    right: bool
    note: str = ""
    read: bool = True


@dataclass(frozen=True)
class Typed:
    """A number as typed: its value, half a unit of its last digit, how many digits it has."""

    value: float
    half: float
    digits: int


@dataclass(frozen=True)
class Number:
    """A number, and the units that may be typed with it.

    `slips` are values that usual mistakes lead to, each with a sentence that names the mistake.
    """

    value: float
    units: Units
    slips: tuple[tuple[float, str], ...] = ()

    def judge(self, text: str) -> Verdict:
        """What the typed text is worth. Raises nothing."""
        try:
            typed = read_number(text[:LONGEST], self.units)
        except (ValueError, OverflowError, ZeroDivisionError):
            return Verdict(False, f"A number is wanted, such as {self.example}.", read=False)
        if meant(typed, self.value):
            return Verdict(True)
        notes = [note for value, note in self.slips if meant(typed, value)]
        if not notes and rounds(typed, self.value, COARSE):
            return Verdict(False, "That is close; give one more digit.", read=False)
        return Verdict(False, " Or: ".join(dict.fromkeys(notes)))

    @property
    def example(self) -> str:
        """How such an answer may be typed."""
        return self.units.example


@dataclass(frozen=True)
class Tokens:
    """Some of a few words, in any order."""

    right: frozenset[str]
    known: frozenset[str]

    def judge(self, text: str) -> Verdict:
        """What the typed text is worth. Raises nothing."""
        said = set(re.findall(r"[a-z]+", text[:LONGEST].lower())) - {"and"}
        if not said or said - self.known:
            words = ", ".join(sorted(self.known))
            return Verdict(False, f"Name some of these tokens: {words}.", read=False)
        missing, extra = self.right - said, said - self.right
        counts = [f"{len(missing)} missing."] if missing else []
        counts += [f"{len(extra)} too many."] if extra else []
        return Verdict(not counts, " ".join(counts))

    @property
    def example(self) -> str:
        """How such an answer may be typed."""
        return ", ".join(sorted(self.known)[:2])


@dataclass(frozen=True)
class Pieces:
    """Pieces of a word in their order; `joined` if they may also be typed as one."""

    right: tuple[str, ...]
    joined: bool = False

    def judge(self, text: str) -> Verdict:
        """What the typed text is worth. Raises nothing."""
        said = tuple(re.findall(r"[a-z]+", text[:LONGEST].lower()))
        if not said:
            return Verdict(False, f"Pieces are wanted, such as {self.example}.", read=False)
        if said == self.right or (self.joined and said == ("".join(self.right),)):
            return Verdict(True)
        whole = "".join(said) == "".join(self.right)
        return Verdict(False, "The right letters, cut differently." if whole else "")

    @property
    def example(self) -> str:
        """How such an answer may be typed."""
        return "t h" if self.joined else "th e r"


Answer = Number | Tokens | Pieces


def meant(typed: Typed, value: float) -> bool:
    """Whether somebody who typed this had the value in mind."""
    if abs(typed.value - value) <= NEAR * abs(value):
        return True
    return typed.digits >= DIGITS and rounds(typed, value, ROUNDED)


def rounds(typed: Typed, value: float, most: float) -> bool:
    """Whether the value rounds to what was typed, and that lost no more than `most` of it."""
    return abs(typed.value - value) <= min(typed.half * 1.0001, most * abs(value))


def read_number(text: str, units: Units) -> Typed:
    """A number with one of the units, a fraction too. Raises ValueError if it is none.

    >>> read_number("1/4", PLAIN).value, read_number("33 %", PLAIN).half
    (0.25, 0.005)
    >>> read_number("4 GiB", BYTES).value, read_number("≈ 0,5", PLAIN).value
    (4294967296.0, 0.5)
    """
    rest = text.strip().lower().replace("−", "-").lstrip("=≈~ ").rstrip(". ")
    factor = 1.0
    for unit in sorted(units.factors, key=len, reverse=True):
        if rest.endswith(unit):
            rest, factor = rest[: -len(unit)].strip(), units.factors[unit]
            break
    # A comma with other than three digits behind it, or behind a zero, is a decimal one.
    rest = re.sub(r"^([-+]?\d+),(\d{1,2}|\d{4,})$|^([-+]?0),(\d+)$", comma, rest)
    top, slash, bottom = rest.partition("/")
    value = factor * (scalar(top) / scalar(bottom) if slash else scalar(rest))
    if not math.isfinite(value):
        raise ValueError(text)
    shown = re.search(r"[\d,]*\.?\d+|\d+", rest)
    if slash or not shown:
        return Typed(value, 0.0, DIGITS)
    decimals = len(shown.group().partition(".")[2])
    mantissa = abs(float(shown.group().replace(",", "")))
    scale = abs(value) / mantissa if mantissa else factor
    digits = len(re.sub(r"\D", "", shown.group()).lstrip("0"))
    return Typed(value, 0.5 * 10.0**-decimals * scale, digits)


def comma(match: re.Match[str]) -> str:
    """A decimal comma as a point."""
    return f"{match[1] or match[3]}.{match[2] or match[4]}"
