"""The last layers of SmolLM2 as a model of their own, small enough to train while one watches.

The lower layers are frozen, so what they make of a sentence is computed once and kept. Only the
copied upper layers run in every step; the shared model is never changed.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demos.shared.weights import BETWEEN_DOCUMENTS, TorchModel

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import ModuleList

MAX_TOKENS = 40  # of one sentence
MAX_CHARACTERS = 400  # of one sentence, looked at for tokens
IGNORED = -100  # a target that does not count


@dataclass(frozen=True)
class Batch:
    """Sentences as the upper layers get them, and the tokens that should come next.

    `cut` says that a sentence was longer than what is used of it.
    """

    hidden: Tensor  # (sentence, token, size)
    targets: Tensor  # (sentence, token), IGNORED where the sentence has ended
    cut: bool


def read(source: TorchModel, sentences: Sequence[str], depth: int) -> Batch:
    """Run the frozen lower layers over sentences; each is cut after MAX_TOKENS tokens."""
    import torch

    start = source.tokenizer.convert_tokens_to_ids(BETWEEN_DOCUMENTS)
    found = [
        source.tokenizer(readable(text[:MAX_CHARACTERS]), add_special_tokens=False)["input_ids"]
        for text in sentences
    ]
    rows = [[start, *row[:MAX_TOKENS]] for row in found]
    longest = max(map(len, rows))
    # What fills a row up comes after the sentence, where a causal model cannot look.
    ids = torch.tensor([[*row, *[start] * (longest - len(row))] for row in rows])
    targets = torch.tensor([[*row[1:], *[IGNORED] * (longest - len(row) + 1)] for row in rows])
    base = source.model.model
    hidden = base.embed_tokens(ids).detach()
    with torch.no_grad():
        hidden = run_layers(source, base.layers[:-depth], hidden)
    cut = any(len(row) > MAX_TOKENS for row in found)
    return Batch(hidden, targets, cut or max(map(len, sentences)) > MAX_CHARACTERS)


def readable(text: str) -> str:
    """A text that can be written as bytes: a command line may hold lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def copy_layers(source: TorchModel, depth: int) -> ModuleList:
    """The last layers, copied, so that they can be trained."""
    return copy.deepcopy(source.model.model.layers[-depth:]).requires_grad_(True)


def run_layers(source: TorchModel, layers: ModuleList, hidden: Tensor) -> Tensor:
    """Hidden states after some layers, (sentence, token, size)."""
    import torch

    count = hidden.shape[1]
    positions = torch.arange(count)[None]
    rotation = source.model.model.rotary_emb(hidden, positions)
    lowest = torch.finfo(hidden.dtype).min
    mask = torch.full((count, count), lowest).triu(1)[None, None]  # (1, 1, query, key)
    for layer in layers:
        hidden = layer(
            hidden, attention_mask=mask, position_ids=positions, position_embeddings=rotation
        )
    return hidden


def output(source: TorchModel, hidden: Tensor) -> Tensor:
    """Logits (…, vocabulary) by the frozen last norm and output layer.

    Detached: gradients flow through them but are not kept for their weights.
    """
    norm = source.model.model.norm
    normed = rms_norm(hidden, norm.weight.detach(), norm.variance_epsilon)
    return normed @ source.model.lm_head.weight.detach().T


def rms_norm(hidden: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """x / sqrt(mean(x^2) + epsilon) * weight; Zhang and Sennrich, arXiv:1910.07467, section 4."""
    import torch

    return torch.nn.functional.rms_norm(hidden, weight.shape, weight, epsilon)


def logits(source: TorchModel, layers: ModuleList, batch: Batch) -> Tensor:
    """What is predicted wherever a token comes next, (token, vocabulary).

    The output layer is the largest part of the work, so it is spared what fills rows up.
    """
    return output(source, run_layers(source, layers, batch.hidden)[batch.targets != IGNORED])


def loss(source: TorchModel, layers: ModuleList, batch: Batch) -> Tensor:
    """Mean cross-entropy in nats over all tokens of a batch, as a tensor."""
    import torch

    wanted = batch.targets[batch.targets != IGNORED]
    return torch.nn.functional.cross_entropy(logits(source, layers, batch), wanted)
