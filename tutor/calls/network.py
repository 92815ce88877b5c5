"""The tagger's network: which calculation a turn wants, and which argument each number is."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.engine.adapted import HIDDEN, AdaptedBert, mean


class TaggerNetwork(AdaptedBert):
    """Laid-out turns with the places of their spans → call logits, and slot logits of each span."""

    def __init__(
        self, folder: Path, calls: int, slots: int, rank: int, alpha: float, dropout: float = 0.0
    ):
        """`folder` holds MiniLM; `calls` and `slots` count "none" as one of them."""
        super().__init__(folder, rank, alpha, dropout)
        self.width = slots
        self.calls = nn.Linear(2 * HIDDEN, calls)
        self.slots = nn.Sequential(
            nn.Linear(2 * HIDDEN, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, slots)
        )

    def forward(
        self, ids: Tensor, types: Tensor, mask: Tensor, spans: Sequence[tuple[int, int, int]]
    ) -> tuple[Tensor, Tensor]:
        """ids, types, mask: (batch, token); spans: (row, first, last + 1) → call logits
        (batch, call), slot logits (span, slot)."""
        states = self.states(ids, types, mask)
        whole = torch.cat([mean(states, mask), mean(states, mask * (1 - types))], dim=-1)
        if not spans:
            return self.calls(whole), whole.new_zeros(0, self.width)
        inside = torch.stack([states[row, first:last].mean(0) for row, first, last in spans])
        around = whole[[row for row, _, _ in spans]][:, HIDDEN:]
        return self.calls(whole), self.slots(torch.cat([inside, around], dim=-1))
