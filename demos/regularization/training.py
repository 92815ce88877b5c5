"""A small network that learns its training sentences by heart, and the remedies, step by step.

The problem is real: from its words, which of six categories of the guide is a sentence from? The
network has one hidden layer of 64 units, some 50,000 weights for 300 sentences, and a tenth of the
training labels are wrong, as in data labeled by hand. Validation labels are right.

    dropout          a unit becomes 0 with probability p, survivors are divided by 1 - p
    weight decay     w becomes w - rate * decay * w in every step, apart from the gradient
    early stopping   no better validation loss in PATIENCE checks: stop, take the best weights
    more data        four times as many sentences, the same number of steps
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from demos.regularization.bag_of_words import Problem, spoil
from demos.regularization.network import draw_network, logits, shrink
from demos.shared.choices import check_choice, check_ranges
from demos.shared.cores import one_core

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 32
RATE = 0.005
CHECK = 10  # steps between two looks at the losses
PATIENCE = 8  # checks
MORE = 4  # times the data
REMEDIES = ("dropout", "weight decay", "early stopping", "more data")
# Smallest and largest of what a person may choose.
RANGES = {
    "dropout": (0.0, 0.9),
    "decay": (0.0, 10.0),
    "noise": (0.0, 0.5),
    "examples": (50, 2000),
    "steps": (20, 2000),
}


@dataclass(frozen=True)
class Setting:
    """How one network is trained. Zero dropout, decay and patience: no remedy at all."""

    dropout: float = 0.0
    decay: float = 0.0
    patience: int = 0
    examples: int = 300
    noise: float = 0.1
    steps: int = 400
    width: int = 64


@dataclass(frozen=True)
class Check:
    """Losses in nats and accuracies from 0 to 1, without dropout; training with its own labels."""

    step: int
    training: float
    validation: float
    training_accuracy: float
    validation_accuracy: float

    @property
    def gap(self) -> float:
        """Validation loss minus training loss."""
        return self.validation - self.training


@dataclass(frozen=True)
class Training:
    """A training so far: its checks, and the weights that would be taken now."""

    name: str
    setting: Setting
    checks: tuple[Check, ...] = ()
    taken: tuple[Tensor, ...] = field(
        default=(), compare=False
    )  # weights and biases of both layers

    @property
    def best(self) -> Check:
        """The check with the lowest validation loss."""
        return min(self.checks, key=lambda check: check.validation)

    @property
    def result(self) -> Check:
        """The check whose weights are taken: with early stopping the best, otherwise the last."""
        return self.best if self.setting.patience else self.checks[-1]

    @property
    def stopped(self) -> bool:
        """Whether patience has run out."""
        since = len(self.checks) - 1 - self.checks.index(self.best)
        return 0 < self.setting.patience <= since


def with_remedies(base: Setting, remedies: Sequence[str], dropout: float, decay: float) -> Setting:
    """`base` with the named remedies; InputError for an unknown one or a number outside RANGES."""
    for name in remedies:
        check_choice("remedy", name, REMEDIES)
    fixed = {name: getattr(base, name) for name in ("noise", "examples", "steps")}
    check_ranges(RANGES, dropout=dropout, decay=decay, **fixed)
    return replace(
        base,
        dropout=dropout if "dropout" in remedies else 0.0,
        decay=decay if "weight decay" in remedies else 0.0,
        patience=PATIENCE if "early stopping" in remedies else 0,
        examples=base.examples * MORE if "more data" in remedies else base.examples,
    )


def train(problem: Problem, name: str, setting: Setting, seed: int = 0) -> Iterator[Training]:
    """Train a network; yields how far it is after every CHECK steps until it ends.

    The same seed gives the same first weights to every setting.
    """
    import torch
    import torch.nn.functional as F

    kinds = len(problem.titles)
    examples = min(setting.examples, len(problem.labels) - problem.validation)
    features = torch.from_numpy(problem.features)
    x, held_out = features[:examples], features[-problem.validation :]
    y = torch.from_numpy(spoil(problem.labels, kinds, setting.noise, seed)[:examples])
    truth = torch.from_numpy(problem.labels)[-problem.validation :]
    draw = torch.Generator().manual_seed(seed)
    parameters = draw_network(features.shape[1], setting.width, kinds, draw)
    optimizer = torch.optim.Adam(parameters, lr=RATE)
    training = Training(name, setting)
    waiting: list[Tensor] = []
    for first in range(1, setting.steps + 1, CHECK):
        last = min(first + CHECK - 1, setting.steps)
        with one_core():
            for _ in range(first, last + 1):
                if not waiting:
                    waiting = list(torch.randperm(examples, generator=draw).split(BATCH))
                rows = waiting.pop()
                loss = F.cross_entropy(logits(parameters, x[rows], setting.dropout, draw), y[rows])
                optimizer.zero_grad()
                loss.backward()
                shrink(parameters, RATE, setting.decay)
                optimizer.step()
            check = measure(parameters, last, (x, y), (held_out, truth))
        training = replace(training, checks=(*training.checks, check))
        if training.result is check:
            training = replace(training, taken=tuple(p.detach().clone() for p in parameters))
        yield training
        if training.stopped:
            return


def measure(
    parameters: Sequence[Tensor],
    step: int,
    training: tuple[Tensor, Tensor],
    validation: tuple[Tensor, Tensor],
) -> Check:
    """Loss and accuracy on both sets, dropout off."""
    import torch
    import torch.nn.functional as F

    losses, right = [], []
    with torch.no_grad():
        for x, y in (training, validation):
            scores = logits(parameters, x)
            losses.append(float(F.cross_entropy(scores, y)))
            right.append(float((scores.argmax(1) == y).float().mean()))
    return Check(step, losses[0], losses[1], right[0], right[1])


def chances(training: Training, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities (sentence, category) by the weights a training has taken, dropout off."""
    import torch

    with torch.no_grad():
        scores = logits(training.taken, torch.from_numpy(features))
        return np.asarray(torch.softmax(scores, dim=1).numpy(), np.float32)
