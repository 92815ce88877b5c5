"""What a calculation gives: the sentence that answers, the steps, what was assumed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Worked:
    """`answer` is the sentence with the result, `steps` are Markdown lines that lead there,
    `assumed` says what nobody gave; `value` is the result as a number, for those who check it."""

    answer: str
    steps: tuple[str, ...]
    value: float
    assumed: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Answer, steps and assumptions as Markdown."""
        lines = [self.answer, "\n".join(f"- {step}" for step in self.steps)]
        if self.assumed:
            lines.append(f"Taken for granted: {'; '.join(self.assumed)}.")
        return "\n\n".join(line for line in lines if line)


def number(value: float, digits: int = 4) -> str:
    """A number to so many significant digits, as people write it.

    >>> number(4294967296), number(0.665), number(3.0), number(1.5e-7), number(12345.678)
    ('4,294,967,296', '0.665', '3', '1.5e-07', '12,350')
    """
    if value == int(value) and abs(value) < 1e12:
        return f"{int(value):,}"
    if abs(value) >= 1e15 or 0 < abs(value) < 1e-4:
        return f"{value:.{digits - 1}g}"
    rounded = float(f"{value:.{digits}g}")
    if rounded == int(rounded):
        return f"{int(rounded):,}"
    return f"{rounded:,.{max(0, digits + 4)}f}".rstrip("0").rstrip(".")


def size(count: float) -> str:
    """Bytes in the unit that fits, and in binary units from a gigabyte on.

    >>> size(4294967296), size(14e9), size(131072)
    ('4.29 GB (4 GiB)', '14 GB (13 GiB)', '131 kB')
    """
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            text = f"{number(count / factor, 3)} {unit}"
            return f"{text} ({number(count / 2**30, 3)} GiB)" if factor >= 1e9 else text
    return f"{number(count)} bytes"


def amount(count: float) -> str:
    """A count in words: 7 billion, 124 million.

    >>> amount(7e9), amount(294912), amount(8.03e9)
    ('7 billion', '294,912', '8.03 billion')
    """
    for word, factor in (("trillion", 1e12), ("billion", 1e9), ("million", 1e6)):
        if count >= factor:
            return f"{number(count / factor)} {word}"
    return number(count, 6)


def vector(values: tuple[float, ...] | list[float], digits: int = 3) -> str:
    """A list of numbers.

    >>> vector([0.6590, 0.2424])
    '[0.659, 0.242]'
    """
    return (
        "["
        + ", ".join(f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0" for value in values)
        + "]"
    )


def duration(seconds: float) -> str:
    """A time in the unit that fits, a few days in hours, too.

    >>> duration(90), duration(86400 * 3), duration(86400 * 30)
    ('1.5 minutes', '3 days (72 hours)', '30 days')
    """
    for unit, factor in (
        ("years", 31557600.0),
        ("days", 86400.0),
        ("hours", 3600.0),
        ("minutes", 60.0),
    ):
        if seconds >= factor:
            text = f"{number(seconds / factor, 3)} {unit}"
            few = unit == "days" and seconds < 10 * factor
            return f"{text} ({number(seconds / 3600, 3)} hours)" if few else text
    return f"{number(seconds, 3)} seconds"
