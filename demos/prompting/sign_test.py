"""Whether one prompt is better than another by more than chance: the sign test."""

from collections.abc import Sequence
from math import comb


def sign_test(fixed: int, broken: int) -> float:
    """Two-sided exact sign test: the chance of a split at least as uneven by chance alone.

    Each changed item goes either way with probability 1/2. 9 fixed and 2 broken: 134/2048 = 0.065.
    """
    changed = fixed + broken
    tail = sum(comb(changed, k) for k in range(min(fixed, broken) + 1))
    return min(1.0, 2 * tail / 2**changed)


def changes(before: Sequence[bool], after: Sequence[bool]) -> tuple[int, int]:
    """How many items the second style fixed, and how many it broke."""
    pairs = list(zip(before, after, strict=False))
    return sum(b < a for b, a in pairs), sum(b > a for b, a in pairs)
