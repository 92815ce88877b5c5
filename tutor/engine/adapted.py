"""MiniLM with low-rank adapters: the body that all trained readers share.

It needs torch and transformers, so nothing imports it before a reader is opened. The base weights
are those of the embedder, file for file; what is trained is the adapters (Hu et al. 2021, LoRA,
arXiv:2106.09685), the two segment vectors, and the heads that each reader puts on top.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from tutor.errors import ModelError

HIDDEN = 384
# Every linear layer of a BERT block, by the end of its name.
ADAPTED = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")


class Adapter(nn.Module):
    """A linear layer with a low-rank update beside it: W x + (alpha / r) B A x.

    B begins at zero, so an untrained adapter changes nothing.
    """

    def __init__(self, layer: nn.Linear, rank: int, alpha: float):
        """`rank` r of the update; `alpha` scales it."""
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x: Tensor) -> Tensor:
        """x: (…, in) → (…, out)."""
        out: Tensor = self.layer(x)
        return out + (x @ self.down.T) @ self.up.T * self.scale


class AdaptedBert(nn.Module):
    """MiniLM with untrained adapters; subclasses add heads."""

    def __init__(self, folder: Path, rank: int, alpha: float, dropout: float = 0.0):
        """`folder` holds MiniLM. `dropout` is that of the blocks in training."""
        super().__init__()
        from transformers import AutoModel
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        verbosity = logging.get_verbosity()
        # It would warn of the pooling layer, which is left out.
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        bert = AutoModel.from_pretrained(
            folder,
            local_files_only=True,
            add_pooling_layer=False,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        )
        logging.set_verbosity(verbosity)
        self.bert: nn.Module = bert
        for parameter in self.bert.parameters():
            parameter.requires_grad = False
        adapt(self.bert, rank, alpha)
        self.segments = nn.Parameter(bert.embeddings.token_type_embeddings.weight.detach().clone())
        del bert.embeddings.token_type_embeddings
        bert.embeddings.token_type_embeddings = Segments(self.segments)

    def states(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """ids, types, mask: (batch, token) → the last hidden states (batch, token, hidden)."""
        out = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask)
        states: Tensor = out.last_hidden_state
        return states

    def merged(self) -> Self:
        """The same network with every update added to its layer's weights: as fast as the base."""
        for name, child in list(self.named_modules()):
            if isinstance(child, Adapter):
                with torch.no_grad():
                    child.layer.weight += child.up @ child.down * child.scale
                parent = self.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], child.layer)
        return self

    def trained(self) -> dict[str, Tensor]:
        """The parameters that training changes, by name."""
        return {name: p for name, p in self.named_parameters() if p.requires_grad}


class Segments(nn.Module):
    """The segment vectors, looked up; a module because BERT expects one."""

    def __init__(self, weight: nn.Parameter):
        """`weight`: (2, hidden)."""
        super().__init__()
        self.weight = weight

    def forward(self, types: Tensor) -> Tensor:
        """types: (batch, token) → (batch, token, hidden)."""
        return nn.functional.embedding(types, self.weight)


def adapt(module: nn.Module, rank: int, alpha: float) -> None:
    """Put an adapter beside every linear layer of the blocks below `module`."""
    for name, child in list(module.named_modules()):
        for end in ADAPTED:
            if isinstance(child, nn.Linear) and name.endswith(end):
                parent = module.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], Adapter(child, rank, alpha))
                break


def mean(states: Tensor, mask: Tensor) -> Tensor:
    """The mean over the tokens that a mask keeps: (batch, token, hidden) → (batch, hidden)."""
    kept = mask.unsqueeze(-1).to(states.dtype)
    return (states * kept).sum(1) / kept.sum(1).clamp(min=1)


def padded(rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> tuple[Tensor, Tensor, Tensor]:
    """ids, types and mask of (ids, types) rows, padded to the longest: (batch, token) each."""
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (one, kind) in enumerate(rows):
        ids[row, : len(one)] = torch.tensor(one)
        types[row, : len(one)] = torch.tensor(kind)
        mask[row, : len(one)] = 1
    return ids, types, mask


def read_manifest(place: Path, name: str, digest: str) -> dict[str, Any]:
    """The manifest `name`.json of an adapter. Raises ModelError if it was trained on another base
    than the one whose weights have the SHA-256 `digest`."""
    manifest: dict[str, Any] = json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
    if manifest["base_sha256"] != digest:
        raise ModelError(
            f"The {name} was trained on another embedding model. Train it again: make train"
        )
    return manifest


def read_weights(place: Path, name: str) -> dict[str, Tensor]:
    """The trained weights of `name`.safetensors, in 32 bits."""
    from safetensors.torch import load_file

    return {key: part.float() for key, part in load_file(place / f"{name}.safetensors").items()}


def load_into(network: AdaptedBert, place: Path, name: str) -> None:
    """Put the trained weights of `name`.safetensors into a network, and merge them."""
    network.load_state_dict(read_weights(place, name), strict=False)
    network.merged().eval()
