"""The smallest transformer that still is one: a single block over whole words, in plain tensors.

It can be read in one minute and trained in seconds. What it is not: good at language; it has about
150,000 weights and one layer.

    ids (batch, position) → embedding → attention + feed-forward → a score for every word

Two choices make it learn in seconds. Positions are a learned bias per head and distance on the
attention scores (relative positions: Shaw et al. 2018; as a bias: Raffel et al. 2020, section 2.1),
and they start so that heads look at near words. Embedding and output share one matrix (Press and
Wolf 2016).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from demos.shared.prose import SPECIAL

if TYPE_CHECKING:
    from torch import Tensor

WIDTH = 64
HEADS = 4
WINDOW = 24  # words of a training text, without [CLS]
REACH = 64  # most positions of a text
EMBEDDING_SCALE = 0.05
# Where each head looks at first and how sharply: bias = -sharpness * |distance - place|.
FOCUS = ((-1, 2.0), (1, 2.0), (-2, 1.0), (0, 0.0))

Parameters = dict[str, "Tensor"]  # name → tensor


def draw_parameters(vocabulary: int, seed: int = 0) -> Parameters:
    """Random weights for `vocabulary` words, drawn from a normal distribution; all trainable."""
    import torch

    draw = torch.Generator().manual_seed(seed)

    def normal(rows: int, columns: int, scale: float) -> Tensor:
        return torch.randn(rows, columns, generator=draw) * scale

    fan_in = 1 / math.sqrt(WIDTH)
    distance = torch.arange(-REACH, REACH + 1)  # from a query to a key
    parameters = {
        "embedding": normal(vocabulary, WIDTH, EMBEDDING_SCALE),
        "output_bias": torch.zeros(vocabulary - len(SPECIAL)),
        "focus": torch.stack([-sharp * (distance - place).abs() for place, sharp in FOCUS]),
        "query": normal(WIDTH, WIDTH, fan_in),
        "key": normal(WIDTH, WIDTH, fan_in),
        "value": normal(WIDTH, WIDTH, fan_in),
        "mix": normal(WIDTH, WIDTH, fan_in / 2),
        "widen": normal(WIDTH, 4 * WIDTH, fan_in),
        "narrow": normal(4 * WIDTH, WIDTH, fan_in / 4),
    }
    return {name: tensor.float().requires_grad_() for name, tensor in parameters.items()}


def read(parameters: Parameters, ids: Tensor, causal: bool) -> Tensor:
    """Hidden vectors (batch, position, width) of word ids (batch, position).

    With `causal` a position reads itself and what is left of it, else every position reads all.
    The block is pre-norm: x + attention(norm(x)), then x + feed-forward(norm(x)).
    """
    import torch.nn.functional as F

    x = parameters["embedding"][ids] * math.sqrt(WIDTH)  # (batch, position, width)
    weights = attention_weights(parameters, F.layer_norm(x, (WIDTH,)), causal)
    values = in_heads(F.layer_norm(x, (WIDTH,)) @ parameters["value"])
    mixed = (weights @ values).transpose(1, 2).flatten(2)  # (batch, position, width)
    x = x + mixed @ parameters["mix"]
    wide = F.gelu(F.layer_norm(x, (WIDTH,)) @ parameters["widen"])
    x = x + wide @ parameters["narrow"]
    return F.layer_norm(x, (WIDTH,))


def attention_weights(parameters: Parameters, x: Tensor, causal: bool) -> Tensor:
    """softmax(Q K^T / sqrt(d) + bias of the distance), shape (batch, head, query, key)."""
    import torch

    query, key = in_heads(x @ parameters["query"]), in_heads(x @ parameters["key"])
    place = torch.arange(x.shape[1])
    distance = place[None, :] - place[:, None]  # (query, key)
    scores = query @ key.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
    scores = scores + parameters["focus"][:, distance + REACH]  # (batch, head, query, key)
    if causal:
        scores = scores.masked_fill(distance > 0, -math.inf)
    return scores.softmax(-1)


def in_heads(x: Tensor) -> Tensor:
    """(batch, position, width) as (batch, head, position, width of a head)."""
    return x.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)


def word_logits(parameters: Parameters, hidden: Tensor) -> Tensor:
    """Scores (..., word) of all words except the special ones, which are never predicted."""
    return hidden @ parameters["embedding"][len(SPECIAL) :].T + parameters["output_bias"]
