"""Next sentence prediction by topic alone: a reader that compares two word lists, trained in 2 s.

    score(A, B) = a * cosine(u_A, u_B) + b        u = weighted sum of the words' vectors

The reader knows neither word order nor which span comes first: score(A, B) = score(B, A). If it
solves next sentence prediction better than chance, the task asks for topics (Lan et al. 2020,
section 3.1, on why ALBERT replaced it). In sentence order prediction the second span may come
first; there this reader is right in exactly half of the cases, whatever it has learned.

BERT itself reads [CLS] A [SEP] B [SEP] with attention and decides at [CLS]; that takes far more
text and time than a demo has to rise above chance.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demos.objectives.windows import Window, is_held_out
from demos.shared.cores import one_core
from tutor.errors import InputError

if TYPE_CHECKING:
    from torch import Generator, Tensor

WIDTH = 64
BATCH = 64
VOCABULARY = 2500  # words; topics show in rarer words
RATE = 0.05
DROPPED = 0.2  # share of words hidden in training, so that single words are not learned by heart
REPORT = 20  # steps
FIRST_SCALE = 5.0


@dataclass(frozen=True)
class Pairs:
    """Places of windows: A and the B that follows it; `others`, the windows B is drawn from."""

    following: tuple[tuple[int, int], ...]
    others: tuple[int, ...]


@dataclass(frozen=True)
class Reader:
    """A reader as it is: accuracies from 0 to 1 on pairs it was not trained on, and its loss."""

    step: int
    loss: float  # training, mean of the last REPORT steps, in nats
    other_category: float  # B follows A, or comes from another category: topics differ
    same_category: float  # B follows A, or comes from elsewhere in A's category
    swapped: float  # A before B, or B before A


def split_pairs(windows: Sequence[Window]) -> tuple[Pairs, Pairs]:
    """Training and held-out pairs: neighboring windows of one question, both on the same side."""
    sides = []
    for held in (False, True):
        places = tuple(i for i in range(len(windows)) if is_held_out(i) == held)
        following = tuple(
            (i, i + 1)
            for i in range(len(windows) - 1)
            if is_held_out(i) == is_held_out(i + 1) == held
            and windows[i].number == windows[i + 1].number
        )
        sides.append(Pairs(following, places))
    return sides[0], sides[1]


def draw_negatives(
    windows: Sequence[Window], pairs: Pairs, same: bool, seed: int
) -> list[tuple[int, int]]:
    """For every pair its A with a B that does not follow: of the `same` category or another one."""
    import random

    draw = random.Random(seed)
    by_category: dict[bool, dict[str, list[int]]] = {True: {}, False: {}}
    for category in {windows[a].category for a, _ in pairs.following}:
        for kind in (True, False):
            by_category[kind][category] = [
                i for i in pairs.others if (windows[i].category == category) == kind
            ]
    found = []
    for a, b in pairs.following:
        choices = [i for i in by_category[same][windows[a].category] if i not in (a, b)]
        if choices:
            found.append((a, draw.choice(choices)))
    return found


def score(parameters: dict[str, Tensor], first: Tensor, second: Tensor) -> Tensor:
    """The logit (pair,) that the second span (pair, word) follows the first (pair, word)."""
    import torch.nn.functional as F

    def summary(ids: Tensor) -> Tensor:
        weights = parameters["weight"][ids].softmax(dim=1)  # (pair, word, 1)
        return F.normalize((weights * parameters["vector"][ids]).sum(dim=1), dim=1)

    cosine = (summary(first) * summary(second)).sum(dim=1)  # (pair,)
    return parameters["scale"] * cosine + parameters["shift"]


def draw_parameters(vocabulary: int, draw: Generator) -> dict[str, Tensor]:
    """A vector and a weight for each word, and what makes a cosine a logit; all trainable."""
    import torch

    parameters = {
        "vector": torch.randn(vocabulary, WIDTH, generator=draw),
        "weight": torch.zeros(vocabulary, 1),
        "scale": torch.tensor(FIRST_SCALE),
        "shift": torch.tensor(-FIRST_SCALE / 2),
    }
    return {name: tensor.requires_grad_() for name, tensor in parameters.items()}


def draw_batch(ids: Tensor, right: Tensor, wrong: Tensor, draw: Generator) -> Tensor:
    """Word ids (pair, span, word) of BATCH pairs, one half of each kind as in BERT.

    Some words are dropped; [CLS] stands for them.
    """
    import torch

    halves = [
        kind[torch.randint(len(kind), (BATCH // 2,), generator=draw)] for kind in (right, wrong)
    ]
    spans = ids[torch.cat(halves)]
    dropped = torch.rand(spans.shape, generator=draw) < DROPPED
    return torch.where(dropped, 0, spans)


def train_reader(
    windows: Sequence[Window],
    vocabulary: int,
    steps: int = 160,
    seed: int = 0,
    seconds: float = float("inf"),
) -> Iterator[Reader]:
    """Train on pairs whose wrong half comes from another category; yields every REPORT steps.

    InputError if the windows are too few to draw wrong pairs on both sides.
    """
    import torch
    import torch.nn.functional as F

    ids = torch.tensor([window.ids for window in windows])  # (window, word)
    training, held_out = split_pairs(windows)
    if not all(draw_negatives(windows, held_out, same, seed) for same in (False, True)):
        raise InputError("This guide is too short for sentence pairs. Use one with more questions.")
    draw = torch.Generator().manual_seed(seed)
    parameters = draw_parameters(vocabulary, draw)
    optimizer = torch.optim.Adam(parameters.values(), lr=RATE)
    right = torch.tensor(training.following)
    wrong = torch.tensor(draw_negatives(windows, training, False, seed))
    follows = (torch.arange(BATCH) < BATCH // 2).float()
    begun = time.monotonic()
    for first in range(1, steps + 1, REPORT):
        last = min(first + REPORT - 1, steps)
        with one_core():
            losses = []
            for _ in range(first, last + 1):
                spans = draw_batch(ids, right, wrong, draw)
                logits = score(parameters, spans[:, 0], spans[:, 1])
                loss = F.binary_cross_entropy_with_logits(logits, follows)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            reader = measure(parameters, windows, held_out, ids, last, losses)
        yield reader
        if time.monotonic() - begun > seconds:
            return


def measure(
    parameters: dict[str, Tensor],
    windows: Sequence[Window],
    held_out: Pairs,
    ids: Tensor,
    step: int,
    losses: Sequence[float],
) -> Reader:
    """The three accuracies on held-out pairs; each task has as many right as wrong pairs."""
    import torch

    def logits(pairs: Sequence[tuple[int, int]]) -> Tensor:
        places = torch.tensor(pairs)
        with torch.no_grad():
            return score(parameters, ids[places[:, 0]], ids[places[:, 1]])

    following = logits(held_out.following)
    hits = float((following > 0).double().mean())
    rejected = [
        float((logits(draw_negatives(windows, held_out, same, 1)) <= 0).double().mean())
        for same in (False, True)
    ]
    swapped = float((logits([(b, a) for a, b in held_out.following]) <= 0).double().mean())
    other, same_category, order = ((hits + no) / 2 for no in (*rejected, swapped))
    return Reader(step, sum(losses) / len(losses), other, same_category, order)
