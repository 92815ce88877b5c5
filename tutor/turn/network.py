"""The readers' networks: MiniLM with adapters, and heads on what it reads."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.engine.adapted import HIDDEN, AdaptedBert, mean, padded
from tutor.turn.layout import Laid

HEAD_DROPOUT = 0.15


class Network(AdaptedBert):
    """Laid-out turns → vectors, topic logits, kind logits."""

    def __init__(
        self,
        folder: Path,
        topics: int,
        kinds: int,
        rank: int,
        alpha: float,
        dropout: float = 0.0,
    ):
        """`folder` holds MiniLM; the adapters and heads are untrained.

        `dropout` is that of the blocks in training.
        """
        super().__init__(folder, rank, alpha, dropout)
        self.topics = nn.Linear(2 * HIDDEN, topics)
        self.kinds = nn.Sequential(
            nn.Linear(2 * HIDDEN, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, kinds)
        )

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """ids, types, mask: (batch, token) → vectors (batch, 384) of length 1, topic logits
        (batch, topic), kind logits (batch, kind)."""
        states = self.states(ids, types, mask)
        whole = nn.functional.dropout(mean(states, mask), HEAD_DROPOUT, self.training)
        turn = nn.functional.dropout(mean(states, mask * (1 - types)), HEAD_DROPOUT, self.training)
        both = torch.cat([whole, turn], dim=-1)
        vectors = nn.functional.normalize(mean(states, mask), dim=-1)
        return vectors, self.topics(both), self.kinds(both)


class WishNetwork(AdaptedBert):
    """Laid-out turns → logits of the form wished for, and of what it is wished of."""

    def __init__(
        self, folder: Path, forms: int, abouts: int, rank: int, alpha: float, dropout: float = 0.0
    ):
        """`folder` holds MiniLM; the adapters and heads are untrained."""
        super().__init__(folder, rank, alpha, dropout)
        self.form = nn.Linear(HIDDEN, forms)
        self.about = nn.Linear(HIDDEN, abouts)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """ids, types, mask: (batch, token) → logits (batch, form) and (batch, about)."""
        whole = mean(self.states(ids, types, mask), mask)
        whole = nn.functional.dropout(whole, HEAD_DROPOUT, self.training)
        return self.form(whole), self.about(whole)


def batch_of(laid: Sequence[Laid]) -> tuple[Tensor, Tensor, Tensor]:
    """ids, types and mask of several turns, padded to the longest: (batch, token) each."""
    return padded([(one.ids, one.types) for one in laid])
