"""Trains the grader of answers: python -m training.grader (make train).

From the sayings, answers are put together anew in every epoch, so that it is known which words
state what; the labelled answers teach how people really talk (`training/answers.py`). Some of them
set the thresholds and are not trained on.
"""

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy
from torch.nn.functional import pad

from training.answers import (
    CLAIM,
    POINT,
    WRITTEN,
    Answer,
    Example,
    Material,
    Name,
    composed_all,
    labelled,
    read_material,
)
from training.course import Course, Figures, Plan, digest_of, save
from tutor.engine.adapted import padded, read_weights
from tutor.engine.embed import has_bf16
from tutor.engine.models import embedder_dir
from tutor.guide.read import read_guide
from tutor.practice.grader import NAME, lay_sentence
from tutor.practice.network import GraderNetwork
from tutor.settings import read_settings
from tutor.turn.layout import open_tokenizer

DESCRIPTION = "Train the grader of answers; an interrupted training goes on where it was."
COMPOSED = 12  # answers put together for each question in an epoch
QUESTIONS = 2  # in a batch
STEP = 32  # wordpieces
HEAD = ("words", "sentences", "stated")  # how the names of the head's parameters begin
HEAD_EPOCHS, HEAD_COMPOSED = 12, 40
# The rates of the adapters and of the head, for a grader that starts and for one that goes on from
# another, which has read the sayings and now reads labelled answers alone.
ANEW, AGAIN = (4e-4, 1e-3), (2e-4, 3e-4)


def batches(examples: Sequence[Example], size: int, dice: random.Random) -> Iterator[list[Example]]:
    """The examples in a chance order, but few questions in a batch, each of which brings its
    sentences, and answers of about one length, which need little padding."""
    by_question: dict[int, list[Example]] = {}
    for one in examples:
        by_question.setdefault(one.names[0][0], []).append(one)
    share = size // QUESTIONS
    parts = []
    for some in by_question.values():
        ordered = sorted(some, key=lambda one: len(one.laid.ids) + STEP * dice.random())
        parts += [ordered[start : start + share] for start in range(0, len(ordered), share)]
    parts.sort(key=lambda part: len(part[-1].laid.ids) + STEP * dice.random())
    groups = [parts[start : start + QUESTIONS] for start in range(0, len(parts), QUESTIONS)]
    dice.shuffle(groups)
    for group in groups:
        yield [one for part in group for one in part]


def rounded(rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[Tensor]:
    """ids, types and mask padded to a multiple of STEP: products are compiled for each shape."""
    found = padded(rows)
    more = -found[0].shape[1] % STEP
    return [pad(part, (0, more)) for part in found]


class Reading:
    """The network with the guide's sentences laid out: logits of examples."""

    def __init__(self, network: GraderNetwork, material: Material, tokenizer: Any):
        """Lay out every statement."""
        self.network = network
        self._laid = {
            name: lay_sentence(tokenizer, text) for name, text in material.statements.items()
        }

    def wholes(self, names: Sequence[Name]) -> dict[Name, Tensor]:
        """Statements as the network reads them."""
        laid = [self._laid[name] for name in names]
        wholes = self.network.wholes(*rounded([(one.ids, one.types) for one in laid]))
        return dict(zip(names, wholes, strict=True))

    def states(self, some: Sequence[Example]) -> list[Tensor]:
        """Answers as the network reads them, (token, hidden) each."""
        states = self.network.states(*rounded([(one.laid.ids, one.laid.types) for one in some]))
        return [row[: len(one.laid.ids)] for one, row in zip(some, states, strict=True)]

    def loss(self, some: Sequence[Example]) -> Tensor:
        """The loss of a batch."""
        wholes = self.wholes(sorted({name for one in some for name in one.names}))
        return self.loss_of(some, self.states(some), wholes)

    def loss_of(
        self, some: Sequence[Example], states: Sequence[Tensor], wholes: Mapping[Name, Tensor]
    ) -> Tensor:
        """Cross-entropy of whether an answer makes each statement, and of each wordpiece's mark."""
        whole, marked = [], []
        for one, own in zip(some, states, strict=True):
            asked = torch.stack([wholes[name] for name in one.names])
            logits, made = self.network.compare(own, torch.tensor(one.laid.own), asked)
            whole.append(cross_entropy(made, torch.tensor(one.made) * 0.96 + 0.02))
            marks = torch.tensor(one.marks)
            known = marks >= 0
            if known.any():
                marked.append(cross_entropy(logits[known], marks[known].float()))
        loss = torch.stack(whole).mean()
        return loss + torch.stack(marked).mean() if marked else loss

    def teach_head(self, examples: Sequence[Example], plan: Plan, dice: random.Random) -> None:
        """Train what stands on the untrained body, whose states are computed once: a pass takes
        seconds, and the adapters then begin with a head that knows what it looks for."""
        self.network.eval()
        ordered = sorted(examples, key=lambda one: len(one.laid.ids))
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.bf16):
            read = [
                pair
                for start in range(0, len(ordered), 64)
                for pair in zip(
                    ordered[start : start + 64],
                    self.states(ordered[start : start + 64]),
                    strict=True,
                )
            ]
            wholes = self.wholes(list(self._laid))
        pairs = [(one, states.float().clone()) for one, states in read]
        named = {name: whole.float().clone() for name, whole in wholes.items()}
        head = [p for name, p in self.network.trained().items() if name.startswith(HEAD)]
        optimizer = torch.optim.AdamW(head, lr=plan.head_rate, weight_decay=plan.decay)
        for _ in range(HEAD_EPOCHS):
            dice.shuffle(pairs)
            for start in range(0, len(pairs), plan.batch):
                some = pairs[start : start + plan.batch]
                loss = self.loss_of([one for one, _ in some], [own for _, own in some], named)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    def probabilities(self, examples: Sequence[Example]) -> list[dict[Name, float]]:
        """For every example, the probability of each of its statements."""
        self.network.eval()
        found = []
        with torch.inference_mode():
            for one in examples:
                wholes = torch.stack(list(self.wholes(one.names).values()))
                own = torch.tensor(one.laid.own)
                _, made = self.network.compare(self.states([one])[0], own, wholes)
                found.append(dict(zip(one.names, made.sigmoid().tolist(), strict=True)))
        return found


def thresholds_of(answers: Sequence[Answer], found: Sequence[Mapping[Name, float]]) -> Figures:
    """Where the F1 of the points is best, and the F0.5 of the claims: to be told of a mistake that
    one did not make is worse than not to be told of one."""
    steps = np.arange(0.05, 0.96, 0.01)
    thresholds = {}
    for kind, beta in ((POINT, 1.0), (CLAIM, 0.5)):
        known = [
            (probability, name in answer.made)
            for answer, row in zip(answers, found, strict=True)
            for name, probability in row.items()
            if name[1] == kind and name not in answer.unsure
        ]
        best = max((f_of(known, step, beta), step) for step in steps)
        thresholds[kind] = round(float(best[1]), 3)
    return thresholds


def f_of(known: Sequence[tuple[float, bool]], threshold: float, beta: float) -> float:
    """F-beta of saying "made" from a threshold on (van Rijsbergen 1979)."""
    hits = sum(made for p, made in known if p >= threshold)
    marked = sum(p >= threshold for p, _ in known)
    made = sum(made for _, made in known)
    return (1 + beta**2) * hits / max(1, marked + beta**2 * made)


def figures_of(
    answers: Sequence[Answer], found: Sequence[Mapping[Name, float]], thresholds: Figures
) -> Figures:
    """Precision and recall of points and of claims, and the share of answers without a wrong claim
    that are said to state one."""
    counts = {kind: [0, 0, 0] for kind in (POINT, CLAIM)}  # hits, marked, made
    clean = alarms = 0
    for answer, row in zip(answers, found, strict=True):
        marked = {name for name, p in row.items() if p >= thresholds[name[1]]} - answer.unsure
        for kind, count in counts.items():
            said, made = ({n for n in some if n[1] == kind} for some in (marked, answer.made))
            for place, some in enumerate((said & made, said, made)):
                count[place] += len(some)
        if not any(name[1] == CLAIM for name in answer.made):
            clean += 1
            alarms += any(name[1] == CLAIM for name in marked)
    figures = {"alarms": alarms / max(1, clean)}
    for kind, (hits, marked_count, made_count) in counts.items():
        figures[f"{kind}_precision"] = hits / max(1, marked_count)
        figures[f"{kind}_recall"] = hits / max(1, made_count)
    return {key: round(value, 3) for key, value in figures.items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Train, set the thresholds, write the adapter."""
    parser = argparse.ArgumentParser(prog="python -m training.grader", description=DESCRIPTION)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--start", type=Path, help="a folder with a grader to go on from")
    parser.add_argument("--out", type=Path, default=Path(str(files("tutor.practice"))) / "adapter")
    options = parser.parse_args(argv)
    rate, head_rate = AGAIN if options.start else ANEW
    plan = Plan(options.epochs, batch=16, rate=rate, head_rate=head_rate, bf16=has_bf16())
    settings = read_settings()
    folder, base = embedder_dir(settings.home)
    tokenizer = open_tokenizer(folder)
    material = read_material(read_guide(settings.corpus))
    measure = [answer for answer in material.answers if answer.sets]
    train = [answer for answer in material.answers if not answer.sets]
    print(f"{len(material.said)} questions, {len(train)} answers, {len(measure)} to set thresholds")
    torch.manual_seed(plan.seed)
    network = GraderNetwork(folder, plan.rank, plan.alpha, plan.dropout)
    if options.start:
        network.load_state_dict(read_weights(options.start, NAME), strict=False)
    data = digest_of(sorted(WRITTEN.glob("*.jsonl")))
    kept = settings.home / "training" / f"grader-{data[:12]}-{plan.seed}-{plan.epochs}.pt"
    reading = Reading(network, material, tokenizer)
    course = Course[list[Example]](
        network, reading.loss, ("words", "sentences", "stated"), plan, kept
    )
    thresholds: Figures = {}
    figures: Figures = {}
    told = [labelled(material, answer, tokenizer) for answer in train]
    asked = [labelled(material, answer, tokenizer) for answer in measure]
    if course.epoch == 0 and not options.start:
        dice = random.Random(plan.seed)
        reading.teach_head(
            told + composed_all(material, HEAD_COMPOSED, tokenizer, dice), plan, dice
        )
    while course.epoch < plan.epochs:
        dice = random.Random(plan.seed * 1000 + course.epoch)
        count = 0 if options.start else COMPOSED
        examples = told + composed_all(material, count, tokenizer, dice)
        loss = course.run_epoch(list(batches(examples, plan.batch, dice)))
        found = reading.probabilities(asked)
        thresholds = thresholds_of(measure, found)
        figures = figures_of(measure, found, thresholds)
        print(f"\repoch {course.epoch} of {plan.epochs}: loss {loss:.3f}  {figures} {thresholds}")
    manifest = {
        "base_sha256": base,
        "data_sha256": data,
        "started": digest_of([options.start / f"{NAME}.safetensors"]) if options.start else None,
        "settings": asdict(plan),
        "thresholds": thresholds,
        "answers": len(train),
        "figures": figures,
    }
    save(network, options.out, NAME, manifest)
    kept.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
