"""Reshapes a next-token distribution: temperature, top-k, top-p, min-p, repetition penalty.

Every function takes logits of shape (token,) and returns new ones; a token that is cut off gets
minus infinity, so that softmax gives it 0. All but the repetition penalty may be given
log-probabilities instead: softmax does not change when a constant is added to every logit.

    logits 4, 3, 2, 0 at temperature 1 give 0.657, 0.242, 0.089, 0.012;
    top-p 0.8 keeps the first two, since 0.657 < 0.8 <= 0.899, and gives 0.731, 0.269, 0, 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array, softmax
from tutor.errors import InputError

Mask = NDArray[np.bool_]  # (token,)


@dataclass(frozen=True)
class Warp:
    """The settings of one draw; the defaults change nothing.

    temperature 0 to 10 (0 is greedy), top_k from 1 (0 is off), top_p in (0, 1], min_p in [0, 1),
    repetition_penalty from 1 to 10. Raises InputError for anything else.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        allowed = {
            "temperature": ("from 0 to 10", 0 <= self.temperature <= 10),
            "top-k": ("0 or more", self.top_k >= 0),
            "top-p": ("above 0 and at most 1", 0 < self.top_p <= 1),
            "min-p": ("from 0 to below 1", 0 <= self.min_p < 1),
            "repetition penalty": ("from 1 to 10", 1 <= self.repetition_penalty <= 10),
        }
        for name, (rule, kept) in allowed.items():
            if not kept:
                raise InputError(f"The {name} must be {rule}. Choose another value.")


def reshape(logits: Array, warp: Warp, seen: Mask) -> Array:
    """All warps in the order of transformers: penalty, temperature, top-k, top-p, min-p.

    `seen` marks the tokens that the text already has. llama.cpp's default order puts temperature
    last, so that it does not change what top-p and min-p keep.
    """
    logits = repetition_penalty(logits, seen, warp.repetition_penalty)
    logits = temperature(logits, warp.temperature)
    logits = top_k(logits, warp.top_k)
    logits = top_p(logits, warp.top_p)
    return min_p(logits, warp.min_p)


def repetition_penalty(logits: Array, seen: Mask, penalty: float) -> Array:
    """Divide the positive logits of seen tokens by the penalty and multiply the negative ones.

    Keskar et al. 2019 (arXiv:1909.05858, section 4.1), with the sign rule of transformers and
    llama.cpp. It needs true logits: a constant added to all of them would change the result.
    """
    lowered = np.where(logits > 0, logits / penalty, logits * penalty)
    return np.where(seen, lowered, logits)


def temperature(logits: Array, value: float) -> Array:
    """Divide by the temperature: below 1 sharpens, above 1 flattens; 0 leaves the best alone."""
    if value == 0:
        return top_k(logits, 1)
    return logits / value


def top_k(logits: Array, k: int) -> Array:
    """Keep the k most probable tokens (Fan et al. 2018, arXiv:1805.04833); 0 keeps all.

    Tokens tied with the k-th stay as well.
    """
    if not 0 < k < len(logits):
        return logits
    least = np.partition(logits, -k)[-k]
    return cut(logits, logits >= least)


def top_p(logits: Array, p: float) -> Array:
    """Keep the nucleus: the fewest most probable tokens whose sum reaches p.

    Holtzman et al. 2020 (arXiv:1904.09751, section 3.1). A token stays while the sum of those
    before it is below p, so the best one always stays.
    """
    if p >= 1:
        return logits
    probabilities = softmax(logits)
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    before = np.cumsum(ranked) - ranked  # mass of the more probable tokens
    keep = np.zeros(len(logits), dtype=bool)
    keep[order] = before < p
    return cut(logits, keep)


def min_p(logits: Array, share: float) -> Array:
    """Keep tokens with at least `share` of the best one's probability (Nguyen et al. 2024,
    arXiv:2407.01082, section 3)."""
    if share <= 0:
        return logits
    return cut(logits, logits >= logits.max() + np.log(share))


def cut(logits: Array, keep: Mask) -> Array:
    """The logits with minus infinity outside `keep`."""
    return np.where(keep, logits, -np.inf)
