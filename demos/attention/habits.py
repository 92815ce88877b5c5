"""What a head does with its weights: how spread out they are, and where they mostly rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array, entropy, softmax


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
