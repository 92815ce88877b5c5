"""The reader's network: MiniLM with low-rank adapters, and three heads on what it reads.

It needs torch and transformers, so nothing imports it before a reader is opened. The base weights
are those of the embedder, file for file; what is trained is the adapters (Hu et al. 2021, LoRA,
arXiv:2106.09685), the two segment vectors and the heads.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.turn.layout import Laid

HIDDEN = 384
HEAD_DROPOUT = 0.15
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


class Network(nn.Module):
    """Laid-out turns → vectors, topic logits, kind logits."""

    def __init__(self, folder: Path, topics: int, kinds: int, rank: int, alpha: float):
        """`folder` holds MiniLM; the adapters and heads are untrained."""
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
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        logging.set_verbosity(verbosity)
        self.bert: nn.Module = bert
        for parameter in self.bert.parameters():
            parameter.requires_grad = False
        adapt(self.bert, rank, alpha)
        self.segments = nn.Parameter(bert.embeddings.token_type_embeddings.weight.detach().clone())
        del bert.embeddings.token_type_embeddings
        bert.embeddings.token_type_embeddings = Segments(self.segments)
        self.topics = nn.Linear(2 * HIDDEN, topics)
        self.kinds = nn.Sequential(
            nn.Linear(2 * HIDDEN, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, kinds)
        )

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """ids, types, mask: (batch, token) → vectors (batch, 384) of length 1, topic logits
        (batch, topic), kind logits (batch, kind)."""
        out = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask)
        states = out.last_hidden_state  # (batch, token, hidden)
        whole = nn.functional.dropout(mean(states, mask), HEAD_DROPOUT, self.training)
        turn = nn.functional.dropout(mean(states, mask * (1 - types)), HEAD_DROPOUT, self.training)
        both = torch.cat([whole, turn], dim=-1)
        vectors = nn.functional.normalize(mean(states, mask), dim=-1)
        return vectors, self.topics(both), self.kinds(both)

    def merged(self) -> "Network":
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


def batch_of(laid: Sequence[Laid]) -> tuple[Tensor, Tensor, Tensor]:
    """ids, types and mask of several turns, padded to the longest: (batch, token) each."""
    longest = max(len(one.ids) for one in laid)
    ids = torch.zeros(len(laid), longest, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, one in enumerate(laid):
        size = len(one.ids)
        ids[row, :size] = torch.tensor(one.ids)
        types[row, :size] = torch.tensor(one.types)
        mask[row, :size] = 1
    return ids, types, mask
