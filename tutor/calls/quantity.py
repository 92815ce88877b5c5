"""Numbers as people type them: 8k, 7B, 3e-4, 50%, int8, [2, 1, 0.1], thirty-two, Llama 3.1 8B.

`spans` proposes every place of a text that may be an argument; which argument it is, if any, is
learned (`tutor.calls.network`), and how it is read depends on that argument (`tutor.calls.slots`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tutor.calls.published import names
from tutor.calls.spelled import SPELLED, spelled

# What stands behind a number and multiplies it. A k of tokens is 1,024 where that is usual: below.
SUFFIXES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "trillion": 1e12,
    "kb": 1e3,
    "mb": 1e6,
    "gb": 1e9,
    "gib": 2**30,
    "mib": 2**20,
    "tb": 1e12,
    "tb/s": 1e12,
    "gb/s": 1e9,
    "gbps": 1e9,
    "tflops": 1e12,
    "tflop/s": 1e12,
    "teraflops": 1e12,
    "pflops": 1e15,
    "petaflops": 1e15,
    "gflops": 1e9,
    "%": 0.01,
    "percent": 0.01,
}
BITS = {
    "fp32": 32,
    "float32": 32,
    "f32": 32,
    "tf32": 32,
    "fp16": 16,
    "f16": 16,
    "bf16": 16,
    "float16": 16,
    "bfloat16": 16,
    "half": 16,
    "fp8": 8,
    "int8": 8,
    "q8": 8,
    "int4": 4,
    "nf4": 4,
    "fp4": 4,
    "q4": 4,
    "int2": 2,
    "q5": 5,
    "q6": 6,
    "q3": 3,
    "q2": 2,
}
# Activations whose derivatives are asked for, by their names.
FUNCTIONS = {
    "relu": "relu",
    "sigmoid": "sigmoid",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "gelu": "gelu",
    "silu": "silu",
    "swish": "silu",
}
SMOOTHING = r"add[\s-]?(?:one|1|k)|laplace"
# Projections by their letters or names: q and v, q/k/v/o, query and value.
PROJECTION = r"(?:[qkvo](?:_?proj)?|query|key|value|output)"
PROJECTIONS = rf"{PROJECTION}(?:(?:\s?[,/+&]\s?(?:and\s)?|\sand\s)(?:the\s)?{PROJECTION})+"
PAIR = r"\d{1,5}\s?[x×]\s?\d{1,5}(?![\d.]|\s?[GT]i?B)"  # 224x224, of an image or a matrix
SHAPES = ("cosine", "linear", "constant")  # of a learning rate's decay
BYTES = r"\d+(?:\.\d+)?[\s-]?bytes?(?![A-Za-z])"
WIDEST = 128  # bits of a number in any format
PLAIN = r"[-+−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)"
TIMES = r"(?:\s?[x×*·]\s?10\s?(?:\^|\*\*)\s?\{?[-−]?\d+\}?|e[-+−]?\d+)"
NUMBER = rf"{PLAIN}{TIMES}?"
POWER = r"(?<![\d.])10\s?(?:\^|\*\*)\s?\{?[-−]?\d+\}?"
SUFFIX = "|".join(sorted(map(re.escape, SUFFIXES), key=len, reverse=True))
SCALAR = rf"(?:{POWER}|{NUMBER})(?:[\s-]?(?:{SUFFIX})s?(?![A-Za-z]))?"
BRACKETED = r"[\[(]{1,2}\s*[-+−.\d][^\[\]()A-Za-z|]*[\])](?:\s*,\s*[\[(][^\[\]()A-Za-z]*[\])])*\]?"
GROUPED = r"\d{1,4}\s?[x×*]\s?\d+\s?(?:GB|GiB|TB)(?![A-Za-z])"  # 8x80GB of memory
QUOTED = r"[\"“«`][^\"”»`]{1,200}[\"”»`]|(?<![A-Za-z])'[^']{1,200}'(?![A-Za-z])"


@dataclass(frozen=True)
class Span:
    """A piece of text that may be an argument: `text[start:end]`."""

    start: int
    end: int
    text: str


def spans(text: str) -> list[Span]:
    """All candidates, in order; a quoted text may hold others.

    >>> [span.text for span in spans("7B, 32 layers, int8 and scores [2, 1, 0.1]")]
    ['7B', '32', 'int8', '[2, 1, 0.1]']
    """
    places = [match.span() for match in _candidates().finditer(text)]
    places += [match.span() for match in re.finditer(QUOTED, text)]
    return [Span(start, end, text[start:end]) for start, end in sorted(places)]


@cache
def _candidates() -> re.Pattern[str]:
    bits = "|".join(sorted(BITS, key=len, reverse=True))
    shapes = "|".join((*SHAPES, *FUNCTIONS))
    models = "|".join(names())
    parts = [
        rf"(?<![\w-])(?:{models})(?![\w-])",
        BRACKETED,
        rf"(?<![A-Za-z_\d.-])(?:{bits})(?![a-z])",
        rf"(?<![A-Za-z\d.,-]){BYTES}",
        rf"(?<![A-Za-z-])(?:{shapes})(?![A-Za-z])",
        rf"(?<![A-Za-z-])(?:{SMOOTHING}|{PROJECTIONS})(?![A-Za-z])",
        rf"(?<![A-Za-z\d.])(?:{GROUPED}|{PAIR}|{SCALAR})",
        rf"(?<![A-Za-z-]){SPELLED}(?![A-Za-z-])",
    ]
    return re.compile("|".join(parts), re.IGNORECASE)


def scalar(text: str) -> float:
    """What one number is worth, suffix included. Raises ValueError if it is none.

    >>> scalar("13 billion"), scalar("3e-4"), scalar("50%"), scalar("8,192"), scalar("2x10^-5")
    (13000000000.0, 0.0003, 0.5, 8192.0, 2e-05)
    """
    cleaned = text.strip().strip("'\"“”`").replace("−", "-").lower()
    if cleaned in BITS:
        return float(BITS[cleaned])
    if re.fullmatch(SPELLED, cleaned):
        return spelled(cleaned)
    if grouped := re.fullmatch(r"(\d+)\s?[x×*]\s?(\d+\s?[gt]i?b)", cleaned):
        return float(grouped[1]) * scalar(grouped[2])
    match = re.fullmatch(rf"({POWER}|{NUMBER})[\s-]?(?:({SUFFIX})s?)?", cleaned)
    if not match:
        raise ValueError(text)
    digits, suffix = match[1].replace(",", ""), match[2]
    power = re.fullmatch(r"(?:([-+.\d]+)\s?[x×*·]\s?)?10\s?(?:\^|\*\*)\s?\{?([-\d]+)\}?", digits)
    number = float(power[1] or 1) * 10.0 ** int(power[2]) if power else float(digits)
    return number * SUFFIXES.get(suffix, 1.0) if suffix else number


def tokens(text: str) -> float:
    """A count of tokens: 8k is 8,192 and 128k is 131,072, 100k is 100,000.

    >>> tokens("8k"), tokens("128K"), tokens("100k"), tokens("6,000")
    (8192.0, 131072.0, 100000.0, 6000.0)
    """
    number = scalar(text)
    thousands = number / 1000
    in_thousands = re.search(r"\d\s?k$", text.strip(), re.IGNORECASE)
    if in_thousands and thousands == int(thousands) and not int(thousands) & (int(thousands) - 1):
        return thousands * 1024
    return number


def bits(text: str) -> float:
    """Bits of one number in memory: of a format's name, or as said. Raises ValueError for more
    than any format has: 256 bytes are the size of something else.

    >>> bits("bf16"), bits("4"), bits("2 bytes")
    (16.0, 4.0, 16.0)
    """
    if re.fullmatch(BYTES, text.strip(), re.IGNORECASE):
        width = 8 * scalar(re.sub(r"[\s-]?bytes?", "", text, flags=re.IGNORECASE))
        if width > WIDEST:
            raise ValueError(text)
        return width
    return scalar(text)


def shape(text: str) -> str:
    """The shape of a decay by its name. Raises ValueError for another word."""
    if text.lower() not in SHAPES:
        raise ValueError(text)
    return text.lower()


def function(text: str) -> str:
    """An activation by its name. Raises ValueError for one without a short derivative."""
    if text.lower() not in FUNCTIONS:
        raise ValueError(text)
    return FUNCTIONS[text.lower()]


def smoothing(text: str) -> float:
    """What is added to every count: 1 for add-one and Laplace, else the number.

    >>> smoothing("add-one"), smoothing("0.5")
    (1.0, 0.5)
    """
    return 1.0 if re.fullmatch(SMOOTHING, text.strip(), re.IGNORECASE) else scalar(text)


def matrices(text: str) -> float:
    """How many matrices: a number, or as many as are named. Raises ValueError for half a one.

    >>> matrices("q and v"), matrices("q, k, v, o"), matrices("4")
    (2.0, 4.0, 4.0)
    """
    if re.fullmatch(PROJECTIONS, text.strip(), re.IGNORECASE):
        return float(len(re.findall(PROJECTION, text, re.IGNORECASE)))
    count = scalar(text)
    if count != int(count):
        raise ValueError(text)
    return count


def pair(text: str) -> tuple[float, ...]:
    """Two sides, or one that stands for both.

    >>> pair("224x224"), pair("16")
    ((224.0, 224.0), (16.0,))
    """
    return tuple(scalar(side) for side in re.split(r"\s?[x×]\s?", text.strip()))


def numbers(text: str) -> tuple[float, ...]:
    """The numbers of a list. Raises ValueError if there are none.

    >>> numbers("[2, 1, 0.1]"), numbers("50%, 30% and 20%")
    ((2.0, 1.0, 0.1), (0.5, 0.3, 0.2))
    """
    spaced = re.sub(r"(?<=\d),(?=\S)", ", ", text) if re.search(r"[\[(]", text) else text
    found = tuple(_listed(spaced))
    if not found:
        raise ValueError(text)
    return found


def _listed(text: str) -> Iterator[float]:
    for match in re.finditer(rf"{NUMBER}\s?%?", text.replace("−", "-")):
        yield scalar(match.group().replace(" ", ""))


def vectors(text: str) -> tuple[tuple[float, ...], ...]:
    """The vectors of a span: one, or several where lists stand in a list.

    >>> vectors("[[1, 0], [0, 1]]"), vectors("(3, 4)")
    (((1.0, 0.0), (0.0, 1.0)), ((3.0, 4.0),))
    """
    inner = re.findall(r"[\[(]([^\[\]()]*)[\])]", text)
    return tuple(numbers(f"[{part}]") for part in inner) if inner else (numbers(text),)
