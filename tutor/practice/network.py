"""The grader's network: which words of an answer state which sentence of the guide."""

from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.engine.adapted import HIDDEN, AdaptedBert, mean

# An answer states a sentence as strongly as its eight strongest wordpieces do: a few words are
# enough to make a point, and a longer answer does not add up to one.
STRONGEST = 8
HEADS, WIDTH = 24, 32
GAIN = 5.0


class GraderNetwork(AdaptedBert):
    """Reads an answer (segment 0) and the guide's sentences (segment 1) each by itself, and then
    compares every wordpiece of the answer with every sentence: late interaction (Khattab & Zaharia
    2020, arXiv:2004.12832), so that an answer is read once and not once per sentence.

    A comparison is 24 dot products of what 24 pairs of matrices make of the two, and a small
    network on them.
    """

    def __init__(self, folder: Path, rank: int, alpha: float, dropout: float = 0.0):
        """`folder` holds MiniLM; the adapters and the head are untrained."""
        super().__init__(folder, rank, alpha, dropout)
        self.words = nn.Linear(HIDDEN, HEADS * WIDTH)
        self.sentences = nn.Linear(HIDDEN, HEADS * WIDTH)
        with torch.no_grad():  # it begins as likeness, of a size that the small network can see
            self.words.weight *= GAIN
            self.sentences.weight.copy_(self.words.weight)
        self.stated = nn.Sequential(nn.Linear(HEADS, 2 * HEADS), nn.GELU(), nn.Linear(2 * HEADS, 1))

    def wholes(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Sentences of the guide, (sentence, token) each → means of their states (sentence,
        hidden)."""
        return mean(self.states(ids, types, mask), mask)

    def compare(self, states: Tensor, mask: Tensor, wholes: Tensor) -> tuple[Tensor, Tensor]:
        """states (token, hidden) of one answer with the mask of its own wordpieces (token,), wholes
        (sentence, hidden) → logits (sentence, token), minus infinity outside of the answer, and
        logits of the answer as a whole (sentence,)."""
        with torch.autocast("cpu", enabled=False):
            words = self.words(states.float()).unflatten(-1, (HEADS, WIDTH))
            sentences = self.sentences(wholes.float()).unflatten(-1, (HEADS, WIDTH))
            products = torch.einsum("thw,shw->sth", words, sentences) / WIDTH**0.5
            logits = self.stated(products).squeeze(-1).masked_fill(mask == 0, -torch.inf)
        strongest = logits.topk(min(STRONGEST, max(1, int(mask.sum()))), dim=-1).values
        return logits, strongest.mean(-1)
