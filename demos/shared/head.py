"""The arithmetic of one attention head, in numpy.

It knows nothing about models or texts: queries, keys and values go in. One query (1, 2), the keys
(1, 0), (0, 1), (1, 1) and the values (10, 0), (0, 10), (5, 5):

    q . k          1      2      3
    / sqrt(2)      0.707  1.414  2.121
    softmax        0.140  0.284  0.576      adds up to 1
    output         0.140 (10, 0) + 0.284 (0, 10) + 0.576 (5, 5) = (4.28, 5.72)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array, softmax


@dataclass(frozen=True)
class Head:
    """Every intermediate result of one head over n queries, m keys, width d."""

    products: Array  # (query, key): q . k
    scores: Array  # (query, key): products / sqrt(d), or the products themselves
    masked: Array  # (query, key): scores, -inf where a query must not look
    weights: Array  # (query, key): each row adds up to 1
    output: Array  # (query, d): weighted values


def attend(
    queries: NDArray,
    keys: NDArray,
    values: NDArray,
    mask: NDArray | None = None,
    scale: bool = True,
) -> Head:
    """softmax(QK^T / sqrt(d) + M) V, step by step.

    queries (n, d), keys (m, d), values (m, any width); `mask` (n, m) is true where a query may
    look, None for everywhere. Without `scale` the division by sqrt(d) is left out.
    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.1.
    """
    products = queries.astype(np.float64) @ keys.astype(np.float64).T  # (query, key)
    scores = products / np.sqrt(queries.shape[-1]) if scale else products
    masked = scores if mask is None else np.where(mask, scores, -np.inf)
    weights = softmax(masked)
    return Head(products, scores, masked, weights, weights @ values.astype(np.float64))


def causal_mask(size: int) -> NDArray[np.bool_]:
    """(query, key): true where the key is the query itself or comes before it."""
    return np.tri(size, dtype=bool)
