"""The arithmetic of one attention head, in numpy, and figures that describe a head.

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

Array = NDArray[np.float64]


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


def softmax(scores: Array) -> Array:
    """Row by row e^s / sum of e^s; the row's maximum is subtracted first, which cancels.

    A score of -inf becomes a weight of exactly 0. Every row needs one finite score.
    """
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def causal_mask(size: int) -> NDArray[np.bool_]:
    """(query, key): true where the key is the query itself or comes before it."""
    return np.tri(size, dtype=bool)


def entropy(weights: NDArray) -> Array:
    """Shannon entropy in bits along the last axis: 0 for one token, log2(n) for n equal weights."""
    weights = np.asarray(weights, dtype=np.float64)
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)
    return np.maximum(-(weights * logs).sum(axis=-1), 0.0)  # no -0.0


def habits(weights: NDArray) -> dict[str, Array]:
    """What each head does with its weights, as means over the rows where there is a choice.

    weights (..., query, key) of square heads. entropy: bits. first, previous, own: the share of
    the weight on the first token, on the token just before the query, on the query itself; the
    first row is left out, since a causal query there has nothing to choose from. One token alone
    gives its only row.
    """
    rows = weights[..., 1:, :] if weights.shape[-1] > 1 else weights
    diagonal = np.diagonal(weights, axis1=-2, axis2=-1)  # (..., query)
    before = np.diagonal(weights, offset=-1, axis1=-2, axis2=-1)  # (..., query from the second)
    return {
        "entropy": entropy(rows).mean(axis=-1),
        "first": rows[..., 0].mean(axis=-1),
        "previous": before.mean(axis=-1) if before.shape[-1] else np.zeros(weights.shape[:-2]),
        "own": diagonal[..., 1:].mean(axis=-1) if weights.shape[-1] > 1 else diagonal.mean(axis=-1),
    }


@dataclass(frozen=True)
class Spread:
    """Dot products of random vectors of one width, and what a softmax makes of them."""

    width: int
    deviation: float  # standard deviation of q . k; sqrt(width) in theory
    top_raw: float  # mean largest weight of a softmax over the products
    top_scaled: float  # the same after division by sqrt(width)


def random_spread(
    widths: tuple[int, ...] = (4, 16, 64, 256, 1024), keys: int = 10, rows: int = 400, seed: int = 0
) -> tuple[Spread, ...]:
    """How the size of dot products grows with the width if components have mean 0, variance 1.

    Source: Vaswani et al. 2017, section 3.2.1, footnote 4: the variance of q . k is the width.
    """
    draw = np.random.default_rng(seed)
    found = []
    for width in widths:
        queries = draw.standard_normal((rows, 1, width))
        products = (queries * draw.standard_normal((rows, keys, width))).sum(axis=-1)  # (row, key)
        raw, scaled = softmax(products), softmax(products / np.sqrt(width))
        found.append(
            Spread(
                width,
                float(products.std()),
                float(raw.max(axis=-1).mean()),
                float(scaled.max(axis=-1).mean()),
            )
        )
    return tuple(found)
