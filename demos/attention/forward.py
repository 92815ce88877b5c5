"""One text through a real model, once: the queries, keys, values and weights of every head.

The weights are the model's own. Queries, keys and values are computed here from the input of each
layer and the layer's projections, so that a head can be recomputed and compared with the weights
the model used. SmolLM2 has 9 query heads and 3 key-value heads (grouped-query attention): query
heads 1-3 share the first key-value head, 4-6 the second, 7-9 the third.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array
from demos.shared.head import Head, attend, causal_mask
from demos.shared.rope import rotate
from demos.shared.token_ids import token_ids
from demos.shared.weights import TorchModel

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Pass:
    """What attention did with one text. Layers, heads and tokens count from 0 here."""

    model: str
    causal: bool
    tokens: tuple[str, ...]  # as shown: a space as ·, a line break as ↵
    cut: bool  # the text was longer than MAX_TOKENS or MAX_CHARACTERS
    queries: NDArray[np.float64]  # (layer, head, token, width), rotated where the model uses RoPE
    keys: NDArray[np.float64]  # (layer, key-value head, token, width), rotated likewise
    values: NDArray[np.float64]  # (layer, key-value head, token, width)
    weights: NDArray[np.float32]  # (layer, head, query, key), from the model itself

    @property
    def layers(self) -> int:
        """How many layers the model has."""
        return len(self.weights)

    @property
    def heads(self) -> int:
        """How many query heads a layer has."""
        return self.weights.shape[1]

    @property
    def last(self) -> int:
        """The position of the text's last token, MiniLM's closing [SEP] left aside."""
        return len(self.tokens) - (1 if self.causal else 2)

    def shared(self, head: int) -> int:
        """The key-value head that serves a query head."""
        return head // (self.heads // self.keys.shape[1])

    def head(self, layer: int, head: int, scale: bool = True) -> Head:
        """One head computed anew from its queries, keys and values."""
        served = self.shared(head)
        mask = causal_mask(len(self.tokens)) if self.causal else None
        queries, keys = self.queries[layer, head], self.keys[layer, served]
        return attend(queries, keys, self.values[layer, served], mask, scale)


@dataclass(frozen=True)
class Place:
    """What is looked at: layer, head and the position of the query, all from 0."""

    layer: int
    head: int
    query: int


@dataclass(frozen=True)
class Attention:
    """One head of one pass, recomputed with and without the division by sqrt(d)."""

    seen: Pass
    at: Place
    head: Head
    raw: Head

    @property
    def row(self) -> Array:
        """The weights that the chosen query gives to every key."""
        return self.head.weights[self.at.query]

    @property
    def apart(self) -> float:
        """The largest difference between the weights computed here and the model's own."""
        own = self.seen.weights[self.at.layer, self.at.head]
        return float(np.abs(self.head.weights - own).max())


def recompute(seen: Pass, at: Place) -> Attention:
    """One head of a pass, computed anew."""
    scaled, raw = (seen.head(at.layer, at.head, scale) for scale in (True, False))
    return Attention(seen, at, scaled, raw)


def read_text(text: str, source: TorchModel) -> Pass:
    """Run the model over the text; InputError if there is none. Too long a text is cut."""
    import torch

    ids, cut = token_ids(text, source.tokenizer)
    with torch.inference_mode():
        seen = source.model(
            input_ids=torch.tensor([ids]), output_attentions=True, output_hidden_states=True
        )
        project = llama_vectors if source.model.config.model_type == "llama" else bert_vectors
        vectors = [
            project(source.model, layer, seen.hidden_states[layer][0])
            for layer in range(len(seen.attentions))
        ]
    queries, keys, values = (np.stack(of_layers) for of_layers in zip(*vectors, strict=True))
    return Pass(
        source.name,
        project is llama_vectors,
        tuple(token_label(source.tokenizer, number) for number in ids),
        cut,
        queries,
        keys,
        values,
        torch.stack(seen.attentions)[:, 0].numpy(),
    )


def token_label(tokenizer: Any, number: int) -> str:
    """A token as text, with visible spaces; ◌ for a part of a character's bytes."""
    text: str = tokenizer.decode([number])
    return text.replace(" ", "·").replace("\n", "↵").replace("\t", "⇥").replace("\ufffd", "◌")


def llama_vectors(model: Any, layer: int, hidden: Tensor) -> tuple[Array, Array, Array]:
    """Queries, keys, values (head, token, width) of a Llama layer from its input (token, size).

    The input is normalized, projected and cut into heads; queries and keys are then rotated.
    Source: LlamaAttention.forward of transformers.
    """
    block = model.model.layers[layer]
    attention, width = block.self_attn, block.self_attn.head_dim
    normed = block.input_layernorm(hidden)
    queries = split(attention.q_proj(normed), width)
    keys = split(attention.k_proj(normed), width)
    positions = np.arange(len(hidden))
    base = model.config.rope_parameters["rope_theta"]
    return (
        rotate(queries, positions, base),
        rotate(keys, positions, base),
        split(attention.v_proj(normed), width),
    )


def bert_vectors(model: Any, layer: int, hidden: Tensor) -> tuple[Array, Array, Array]:
    """Queries, keys, values (head, token, width) of a BERT layer from its input (token, size).

    Positions are already part of the input: BERT adds a learned vector per position once.
    """
    attention = model.encoder.layer[layer].attention.self
    width = attention.attention_head_size
    return (
        split(attention.query(hidden), width),
        split(attention.key(hidden), width),
        split(attention.value(hidden), width),
    )


def split(projected: Tensor, width: int) -> Array:
    """(token, heads x width) cut into (head, token, width)."""
    tokens = projected.shape[0]
    vectors: Array = projected.double().numpy().reshape(tokens, -1, width).transpose(1, 0, 2)
    return vectors
