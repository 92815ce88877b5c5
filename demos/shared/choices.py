"""What a person may choose, and what is said about anything else."""

from collections.abc import Collection, Mapping

from tutor.errors import InputError

Ranges = Mapping[str, tuple[float, float]]  # name → smallest and largest


def check_ranges(ranges: Ranges, **numbers: float) -> None:
    """InputError for a number outside its range."""
    for name, number in numbers.items():
        low, high = ranges[name]
        if not low <= number <= high:
            message = f"{name} cannot be {number}."
            raise InputError(f"{message} Choose from {short(low)} to {short(high)}.")


def short(number: float) -> str:
    """A number without a needless .0."""
    return f"{number:g}" if isinstance(number, float) else str(number)


def check_choice(what: str, chosen: str, names: Collection[str]) -> None:
    """InputError for something that is none of the names."""
    if chosen not in names:
        raise InputError(f"There is no {what} {chosen!r} here. Choose one of: {', '.join(names)}.")


def index_of(what: str, number: int, most: int) -> int:
    """A number that counts from 1 as an index from 0; InputError if it does not exist."""
    if not 1 <= number <= most:
        raise InputError(f"There is no {what} {number} here. Choose a number from 1 to {most}.")
    return number - 1
