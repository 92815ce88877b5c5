"""The pair reader's network: a turn and a written answer, read together by MiniLM."""

from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.engine.adapted import HIDDEN, AdaptedBert, mean
from tutor.guide.answers import VERDICTS

HEAD_DROPOUT = 0.1
SILENT = "silent"  # about a claim: nothing that decides it
SAID = (*VERDICTS, SILENT)


class PairNetwork(AdaptedBert):
    """Laid-out pairs → whether the answer answers, whether it misleads, and what it says of the
    turn as a claim.

    A cross-encoder (Nogueira & Cho 2019, arXiv:1901.04085): the two texts attend to each other.
    """

    def __init__(self, folder: Path, rank: int, alpha: float, dropout: float = 0.0):
        """`folder` holds MiniLM; the adapters and heads are untrained."""
        super().__init__(folder, rank, alpha, dropout)
        self.heads = nn.Sequential(
            nn.Linear(3 * HIDDEN, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, 2 + len(SAID))
        )

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """ids, types, mask: (pair, token) → logits that it answers (pair,), that it misleads
        (pair,), and of what is SAID of a claim (pair, 4)."""
        states = self.states(ids, types, mask)
        turn, answer = mean(states, mask * (1 - types)), mean(states, mask * types)
        both = torch.cat([states[:, 0], turn, answer], dim=-1)
        out = self.heads(nn.functional.dropout(both, HEAD_DROPOUT, self.training))
        return out[:, 0], out[:, 1], out[:, 2:]
