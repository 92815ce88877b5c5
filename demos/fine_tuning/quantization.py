"""Weights in four bits, block by block: NF4 and int4, and how far each is off.

A block of 64 weights is divided by its largest absolute value, every quotient is rounded to the
nearest of 16 levels (15 for symmetric int4), and the number of the level is stored.

    block (0.9, -0.3, 0.1, 0.0), scale 0.9, quotients (1, -0.333, 0.111, 0)
        int4 levels n/7:  (7, -2, 1, 0)/7  ->  (0.9, -0.257, 0.129, 0)
        NF4 levels:       1, -0.2844, 0.0796, 0  ->  (0.9, -0.256, 0.072, 0)

NF4's levels lie where a normal distribution has its weights: dense around 0, sparse far out.
"""

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tutor.errors import InputError

Matrix = NDArray[np.float32]
BLOCK = 64  # QLoRA's choice
BLOCKS = (16, 32, 64, 128, 256, 1024)
# The share of a normal distribution below the largest level, before scaling to 1: the mean of
# 1 - 1/32 and 1 - 1/30, as in `create_normal_map` of bitsandbytes (functional.py).
OFFSET = (1 - 1 / 32 + 1 - 1 / 30) / 2
DOUBLE_GROUP = 256  # scales that share one scale of their own in double quantization


@dataclass(frozen=True)
class Quantized:
    """Codes of 4 bits with a scale per block, and the shape they came from."""

    codes: NDArray[np.uint8]  # (block, entry)
    scales: Matrix  # (block, 1)
    levels: Matrix  # (level,), rising from -1 to 1
    shape: tuple[int, ...]

    def restore(self) -> Matrix:
        """The weights as the computation sees them."""
        flat = (self.levels[self.codes] * self.scales).reshape(-1)
        restored: Matrix = flat[: int(np.prod(self.shape))].reshape(self.shape)
        return restored


@dataclass(frozen=True)
class Scheme:
    """One way to store a matrix: its bits per weight and its error.

    `error` is the Frobenius norm of the difference as a share of that of the weights; `largest`
    is the largest difference of a single weight; `levels_used` counts levels that occur.
    """

    name: str
    block: int
    bits: float
    error: float
    largest: float
    levels_used: int


@cache
def nf4_levels() -> Matrix:
    """The 16 levels of 4-bit NormalFloat, shape (16,).

    Eight quantiles of the standard normal distribution above 0, seven below, and 0 itself, evenly
    spaced in probability on each side and scaled to [-1, 1]. Source: Dettmers and others, "QLoRA",
    arXiv:2305.14314, section 3 and appendix E; `create_normal_map` of bitsandbytes.
    """
    quantile = NormalDist().inv_cdf
    above = [quantile(p) for p in np.linspace(OFFSET, 0.5, 9)[:-1]]
    below = [-quantile(p) for p in np.linspace(OFFSET, 0.5, 8)[:-1]]
    levels = np.array(sorted([*below, 0.0, *above]))
    return (levels / levels.max()).astype(np.float32)


@cache
def int4_levels() -> Matrix:
    """The 15 evenly spaced levels -7/7 to 7/7 of symmetric int4; code -8 is left out."""
    return (np.arange(-7, 8) / 7).astype(np.float32)


def quantize(weights: Matrix, levels: Matrix, block: int = BLOCK) -> Quantized:
    """Blockwise absmax quantization; the last block is filled up with zeros.

    Source: QLoRA, section 2, equation 1. InputError for an empty matrix or blocks under 2.
    """
    check_block(block)
    if weights.size == 0:
        raise InputError("There is nothing to quantize in an empty matrix.")
    block = min(block, weights.size)
    flat = weights.reshape(-1).astype(np.float32)
    blocks = np.pad(flat, (0, -len(flat) % block)).reshape(-1, block)  # (block, entry)
    scales = np.abs(blocks).max(axis=1, keepdims=True)
    scaled = blocks / np.where(scales > 0, scales, 1)
    edges = (levels[1:] + levels[:-1]) / 2  # nearest level: halfway to the next
    return Quantized(np.searchsorted(edges, scaled).astype(np.uint8), scales, levels, weights.shape)


def check_block(block: int) -> None:
    """InputError for blocks of no or one weight, which would save nothing."""
    if block < 2:
        raise InputError(f"Blocks of {block} cannot be: choose 2 weights or more for a scale.")


def scheme(name: str, weights: Matrix, levels: Matrix, block: int) -> Scheme:
    """Store and restore a matrix and measure the difference."""
    stored = quantize(weights, levels, block)
    block = min(block, weights.size)
    difference = stored.restore() - weights
    return Scheme(
        name,
        block,
        bits(block),
        float(np.linalg.norm(difference)) / max(float(np.linalg.norm(weights)), 1e-30),
        float(np.abs(difference).max()),
        len(np.unique(stored.codes)),
    )


def compare(weights: Matrix, block: int = BLOCK) -> tuple[Scheme, Scheme, Scheme]:
    """NF4 and int4 with a scale per block, and int4 with one scale for the whole matrix."""
    return (
        scheme("NF4", weights, nf4_levels(), block),
        scheme("int4", weights, int4_levels(), block),
        scheme("int4, one scale for all", weights, int4_levels(), max(2, weights.size)),
    )


def bits(block: int, double: bool = False) -> float:
    """Bits per weight: 4, and a 32-bit scale per block.

    With `double`, the scales themselves take 8 bits, with a 32-bit scale per 256 of them: 4.127
    bits for blocks of 64 instead of 4.5 (QLoRA, section 3).
    """
    return 4 + (8 / block + 32 / (block * DOUBLE_GROUP) if double else 32 / block)


def scaled_histogram(
    weights: Matrix, block: int = BLOCK, bins: int = 60
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the weights per bin after division by their block's largest, and bin centers."""
    flat = weights.reshape(-1)
    blocks = np.pad(flat, (0, -len(flat) % block)).reshape(-1, block)
    scales = np.abs(blocks).max(axis=1, keepdims=True)
    scaled = (blocks / np.where(scales > 0, scales, 1)).reshape(-1)[: len(flat)]
    counts, edges = np.histogram(scaled, bins=bins, range=(-1, 1))
    return counts / len(flat), (edges[1:] + edges[:-1]) / 2
