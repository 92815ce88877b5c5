"""Two ways to tell a model where a token stands: sine waves added, or rotations (RoPE).

Sinusoidal, width 4, position 1: (sin 1, cos 1, sin 0.01, cos 0.01) = (0.841, 0.540, 0.010, 1.000).

RoPE, one pair turning 0.5 radians a token, query and key both (1, 0):

    query at 3, key at 1:     (0.071, 0.997) . (0.878, 0.479)   = 0.540
    query at 12, key at 10:   (0.960, -0.279) . (0.284, -0.959) = 0.540     the same offset
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array
from demos.shared.head import attend
from demos.shared.rope import frequencies, rotate

# SmolLM2-135M's configuration; a test compares both with the model's file.
SMOLLM2_BASE = 100_000.0  # rope_theta
SMOLLM2_WIDTH = 64  # head dimension


def sinusoids(length: int, width: int, base: float = 10_000.0) -> Array:
    """(position, component): sin in the even components, cos of the same angle beside it.

    `width` is even. Source: Vaswani et al. 2017, section 3.5.
    """
    angles = np.arange(length)[:, None] * frequencies(width, base)  # (position, pair)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, width)


@dataclass(frozen=True)
class Offset:
    """One rotated dot product: a query `offset` tokens after its key."""

    query_at: int
    key_at: int
    product: float


def offset_products(
    offset: int,
    starts: Sequence[int] = (0, 1, 10, 100, 1000),
    width: int = SMOLLM2_WIDTH,
    base: float = SMOLLM2_BASE,
    seed: int = 0,
) -> tuple[Offset, ...]:
    """The same random query and key moved along the text, the offset kept: equal products.

    (R_m q) . (R_n k) = q . R_(n-m) k. Source: Su et al. 2021, section 3.2.2.
    """
    query, key = np.random.default_rng(seed).standard_normal((2, width))
    found = []
    for start in starts:
        turned = rotate([query, key], [start + offset, start], base)
        found.append(Offset(start + offset, start, float(turned[0] @ turned[1])))
    return tuple(found)


def decay(longest: int = 256, width: int = SMOLLM2_WIDTH, base: float = SMOLLM2_BASE) -> Array:
    """(offset,) the mean over pairs of cos(offset x frequency): 1 at offset 0, then falling.

    It is the product of a query and a key that agree in every pair, divided by its value without
    rotation. Source: Su et al. 2021, section 3.4.3 (long-term decay).
    """
    angles = np.arange(longest + 1)[:, None] * frequencies(width, base)  # (offset, pair)
    return np.cos(angles).mean(axis=-1)


@dataclass(frozen=True)
class Shuffle:
    """How much attention's outputs change when the tokens are put in another order.

    Each token's output is compared with its own output before; 0 means order was not noticed.
    """

    without: float
    sinusoidal: float
    rotary: float


def shuffle(tokens: int = 6, width: int = 16, seed: int = 0) -> Shuffle:
    """The largest change of any token's output when the text is reversed, for three schemes."""
    draw = np.random.default_rng(seed)
    x = draw.standard_normal((tokens, width))  # (token, width)
    project = draw.standard_normal((3, width, width)) / np.sqrt(width)
    places = np.arange(tokens)
    order = places[::-1]

    def output(inputs: Array, rotary: bool) -> Array:
        queries, keys, values = inputs @ project  # (token, width) each
        if rotary:
            queries, keys = rotate(queries, places), rotate(keys, places)
        return attend(queries, keys, values).output

    def change(added: NDArray, rotary: bool) -> float:
        before, after = output(x + added, rotary), output(x[order] + added, rotary)
        return float(np.abs(after - before[order]).max())

    nothing, waves = np.zeros((tokens, width)), sinusoids(tokens, width)
    return Shuffle(change(nothing, False), change(waves, False), change(nothing, True))


@dataclass(frozen=True)
class Pair:
    """One pair of components, (1, 0) in query and key, turned at two positions."""

    radians: float  # a token
    query: tuple[float, float]
    key: tuple[float, float]

    @property
    def product(self) -> float:
        """The dot product after the rotations: cos(offset x radians)."""
        return self.query[0] * self.key[0] + self.query[1] * self.key[1]

    @property
    def round_trip(self) -> float:
        """How many tokens one full turn takes."""
        return 2 * np.pi / self.radians


def turned(
    pair: int, query_at: int, key_at: int, width: int = SMOLLM2_WIDTH, base: float = SMOLLM2_BASE
) -> Pair:
    """The pair of index `pair`, from 0, of RoPE for this width and base."""
    radians = float(frequencies(width, base)[pair])
    query, key = rotate([[1.0, 0.0]] * 2, [query_at * radians, key_at * radians])
    return Pair(radians, (float(query[0]), float(query[1])), (float(key[0]), float(key[1])))
