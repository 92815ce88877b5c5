"""Trains the tiny transformer on the guide by two objectives at once, a step of each in turn.

    causal   every word from those on its left       24 of 24 words give a loss
    masked   hidden words from both sides            15 % of 24: 3.6 words give a loss

Words outside the vocabulary are never asked for. Training is an iterator: it hands back the models
as they are every few steps, and whoever stops asking has stopped it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from demos.objectives.corruption import corrupt
from demos.objectives.transformer import WINDOW, Parameters, draw_parameters, read, word_logits
from demos.objectives.windows import Window, is_held_out
from demos.shared.cores import one_core
from demos.shared.prose import SPECIAL, START, Vocabulary

if TYPE_CHECKING:
    from torch import Tensor

OBJECTIVES = ("masked", "causal")
BATCH = 32
RATE = 0.01  # the highest learning rate
WARMUP = 20  # steps
REPORT = 20  # steps between two points of a curve
MEASURED = 192  # held-out windows that a point of a curve is measured on


@dataclass(frozen=True)
class Point:
    """Where a training stands: losses are mean cross-entropies per predicted word, in nats."""

    step: int
    predicted: int  # words that gave a loss so far
    training: float  # since the last point
    held_out: float


@dataclass(frozen=True)
class Pretrained:
    """A model as it is, and how it came there; `share` of the words read gave a loss."""

    objective: str
    vocabulary: Vocabulary
    parameters: Parameters = field(repr=False)
    curve: tuple[Point, ...]
    share: float


def masked_loss(
    parameters: Parameters, ids: Tensor, rate: float, vocabulary: int, draw: np.random.Generator
) -> tuple[Tensor, int]:
    """Mean cross-entropy of the chosen words from the corrupted text, and how many they are."""
    import torch
    import torch.nn.functional as F

    corrupted, chosen = map(torch.from_numpy, corrupt(ids.numpy(), rate, vocabulary, draw))
    hidden = read(parameters, corrupted, causal=False)[chosen]  # (chosen, width)
    targets = ids[chosen] - len(SPECIAL)
    total = F.cross_entropy(word_logits(parameters, hidden), targets, reduction="sum")
    return total / max(len(targets), 1), len(targets)


def causal_loss(parameters: Parameters, ids: Tensor) -> tuple[Tensor, int]:
    """Mean cross-entropy of every known word from those before it, and how many they are."""
    import torch.nn.functional as F

    hidden = read(parameters, ids[:, :-1], causal=True)  # (text, position, width)
    targets = ids[:, 1:] - len(SPECIAL)  # the next word; negative: [UNK], not asked for
    logits = word_logits(parameters, hidden[targets >= 0])
    return F.cross_entropy(logits, targets[targets >= 0]), int((targets >= 0).sum())


class Learner:
    """One model in training: its weights, optimizer, random draws and curve."""

    def __init__(self, objective: str, vocabulary: Vocabulary, rate: float, seed: int):
        """`rate` is the share of words that the masked objective chooses."""
        import torch

        self.objective, self.vocabulary, self.rate = objective, vocabulary, rate
        self.parameters = draw_parameters(len(vocabulary), seed)
        self.optimizer = torch.optim.AdamW(self.parameters.values(), lr=RATE, weight_decay=0.01)
        self.draw = np.random.default_rng(seed)
        self.curve: tuple[Point, ...] = ()
        self.losses: list[float] = []
        self.positions = self.predicted = 0

    def loss(self, ids: Tensor, draw: np.random.Generator) -> tuple[Tensor, int]:
        """The objective's loss on a batch (text, 1 + WINDOW) and the number of its predictions."""
        if self.objective == "causal":
            return causal_loss(self.parameters, ids)
        return masked_loss(self.parameters, ids, self.rate, len(self.vocabulary), draw)

    def learn(self, ids: Tensor, learning_rate: float) -> None:
        """One step of AdamW."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        loss, predicted = self.loss(ids, self.draw)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.losses.append(loss.item())
        self.positions += ids.shape[0] * WINDOW
        self.predicted += predicted

    def measure(self, step: int, held_out: Tensor) -> None:
        """Add a point to the curve; the held-out texts are corrupted alike every time."""
        import torch

        with torch.no_grad():
            loss, _ = self.loss(held_out, np.random.default_rng(0))
        training = sum(self.losses) / len(self.losses)
        self.curve += (Point(step, self.predicted, training, loss.item()),)
        self.losses.clear()

    def result(self) -> Pretrained:
        """The model as it is now."""
        return Pretrained(
            self.objective,
            self.vocabulary,
            self.parameters,
            self.curve,
            self.predicted / self.positions,
        )


def pretrain(
    windows: Sequence[Window],
    vocabulary: Vocabulary,
    steps: int = 320,
    rate: float = 0.15,
    seed: int = 0,
    seconds: float = float("inf"),
) -> Iterator[tuple[Pretrained, ...]]:
    """Train one model per objective on the same batches; yields all of them every REPORT steps.

    Ends after `steps` steps, or at the first report after `seconds`: where a machine is busy the
    models learn less, and `curve` says how far they came.
    """
    import torch

    start = torch.full((len(windows), 1), SPECIAL.index(START))
    ids = torch.cat([start, torch.tensor([window.ids for window in windows])], dim=1)
    held = torch.tensor([is_held_out(place) for place in range(len(windows))])
    training, held_out = ids[~held], ids[held][:MEASURED]
    learners = [Learner(objective, vocabulary, rate, seed) for objective in OBJECTIVES]
    shuffle = torch.Generator().manual_seed(seed)
    begun = time.monotonic()
    for first in range(1, steps + 1, REPORT):
        last = min(first + REPORT - 1, steps)
        with one_core():
            for step in range(first, last + 1):
                places = torch.randint(len(training), (BATCH,), generator=shuffle)
                for learner in learners:
                    learner.learn(training[places], schedule(step, steps))
            for learner in learners:
                learner.measure(last, held_out)
        yield tuple(learner.result() for learner in learners)
        if time.monotonic() - begun > seconds:
            return


def schedule(step: int, steps: int) -> float:
    """The learning rate of a step: up linearly, then down linearly to a tenth."""
    return RATE * min(1.0, step / WARMUP) * (1 - 0.9 * step / steps)
