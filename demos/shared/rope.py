"""Rotary position embeddings (RoPE): each pair of components turned by position x frequency."""

import numpy as np
from numpy.typing import ArrayLike

from demos.shared.arrays import Array


def frequencies(width: int, base: float = 10_000.0) -> Array:
    """Radians per token of each pair: base^(-2i / width), i = 0 ... width/2 - 1.

    Source: Vaswani et al. 2017, section 3.5, and Su et al. 2021 ("RoFormer"), section 3.2.2.
    """
    return base ** (-np.arange(0, width, 2) / width)  # (pair,)


def rotate(vectors: ArrayLike, positions: ArrayLike, base: float = 10_000.0) -> Array:
    """Vectors (..., token, width) with each pair turned by position x frequency.

    Component i is paired with i + width/2, the layout of the Llama family in transformers; the
    paper pairs neighbors, which is the same up to the order of the components.
    Source: Su et al. 2021, section 3.4.2.
    """
    vectors = np.asarray(vectors, dtype=np.float64)
    width = vectors.shape[-1]
    angles = np.asarray(positions, dtype=np.float64)[..., None] * frequencies(width, base)
    cos, sin = np.cos(angles), np.sin(angles)  # (token, pair)
    first, second = vectors[..., : width // 2], vectors[..., width // 2 :]
    return np.concatenate([first * cos - second * sin, first * sin + second * cos], axis=-1)
