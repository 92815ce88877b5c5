"""Arithmetic on arrays that several demos need: softmax and entropy along the last axis."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def softmax(scores: Array) -> Array:
    """Row by row e^s / sum of e^s; the row's maximum is subtracted first, which cancels.

    A score of -inf becomes a weight of exactly 0. Every row needs one finite score.
    """
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def entropy(weights: NDArray) -> Array:
    """Shannon entropy in bits along the last axis: 0 for one token, log2(n) for n equal weights."""
    weights = np.asarray(weights, dtype=np.float64)
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)
    return np.maximum(-(weights * logs).sum(axis=-1), 0.0)  # no -0.0
