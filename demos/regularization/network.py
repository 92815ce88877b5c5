"""A network of one hidden layer, with dropout and weight decay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor


def drop(x: Tensor, probability: float, draw: Generator | None) -> Tensor:
    """Inverted dropout: zeros with `probability`, the rest divided by 1 - probability.

    The expected value stays, so that nothing has to change when dropout is off (Srivastava et al.
    2014, section 10).
    """
    import torch

    if not probability:
        return x
    kept = torch.rand(x.shape, generator=draw) >= probability
    return x * kept / (1 - probability)


def shrink(parameters: Sequence[Tensor], rate: float, decay: float) -> None:
    """Decoupled weight decay, in place: every number moves toward 0 by the share rate * decay.

    Before Adam's own step this is AdamW (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2).
    """
    import torch

    with torch.no_grad():
        for numbers in parameters:
            numbers.mul_(1 - rate * decay)


def logits(
    parameters: Sequence[Tensor], x: Tensor, dropout: float = 0.0, draw: Generator | None = None
) -> Tensor:
    """Scores (sentence, category) of features (sentence, word); dropout on input and hidden."""
    first, bias, second, last_bias = parameters
    hidden = (drop(x, dropout, draw) @ first + bias).relu()  # (sentence, width)
    return drop(hidden, dropout, draw) @ second + last_bias


def draw_network(words: int, width: int, kinds: int, draw: Generator | None) -> list[Tensor]:
    """Weights and biases of both layers; variance 4 / fan-in below, as few words are not zero."""
    import torch

    parameters = [
        torch.randn(words, width, generator=draw) * 2 / math.sqrt(words),
        torch.zeros(width),
        torch.randn(width, kinds, generator=draw) / math.sqrt(width),
        torch.zeros(kinds),
    ]
    return [tensor.requires_grad_() for tensor in parameters]
