"""Trains the last layers of SmolLM2 on new sentences and watches what happens to old ones.

Three ways from the same start: all weights (full fine-tuning), LoRA adapters, and LoRA with
rehearsal. Each stops when the loss on the new sentences has fallen to the same goal, so that what
was forgotten is compared at equal learning. Losses are means in nats per token:

                        new        old
    before              6.59       3.00
    full, 5 steps       0.36       3.04
    LoRA, 5 steps       0.31       4.26     "The capital of France is" -> " Mor(row Bay)"

Rehearsal here asks the model to predict on other old sentences what the old model predicted, by
KL divergence. Recorded outputs as targets are those of Li and Hoiem, "Learning without Forgetting",
arXiv:1606.09282, section 3, who record them on the new data. The base comes from a 4-bit file, so
LoRA on it has the setting of QLoRA.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from demos.fine_tuning import lora, low_rank
from demos.fine_tuning.last_layers import Batch, copy_layers, logits, loss, output, run_layers
from demos.fine_tuning.student import Data, Student, count, enroll, prepare
from demos.fine_tuning.task import Task, check_task
from demos.fine_tuning.training_record import FULL, METHODS, REHEARSAL, Run, Training, Word
from demos.shared.cores import one_core
from demos.shared.weights import TorchModel

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import ModuleList

MATRIX = "self_attn.q_proj"  # whose update is looked at


def train(source: TorchModel, task: Task) -> Iterator[Training]:
    """All three methods, yielding after every step; closing the iterator stops the training."""
    check_task(task)
    with one_core():
        layers = copy_layers(source, task.depth)
        data = prepare(source, layers, task)
        before = next_words(source, layers, data.prompt)
    training = Training(task, count(layers.parameters()), before, data.new.cut or data.old.cut)
    for method in METHODS:
        with one_core():
            student, run = enroll(source, task, method)
        while not run.ended:
            with one_core():
                run = step(source, student, data, task, run)
            yield replace(training, runs=(*training.runs, run))
        with one_core():
            if run.method == FULL:
                training = spectra(source, student.layers, training)
            run = replace(run, words=next_words(source, student.layers, data.prompt))
            run = merged(source, student, data, run)
            run = replace(run, moved=moved(source, student.layers))
            training = replace(training, runs=(*training.runs, run))
        yield training
    yield replace(training, done=True)


def step(source: TorchModel, student: Student, data: Data, task: Task, run: Run) -> Run:
    """One gradient step on the new sentences; none if the run ends here."""
    import torch

    began = time.thread_time()
    student.optimizer.zero_grad()
    new = loss(source, student.layers, data.new)
    with torch.no_grad():
        old = loss(source, student.layers, data.old)
    run = replace(run, new=(*run.new, new.item()), old=(*run.old, old.item()))
    run = replace(run, ended=reason(run, task))
    if run.ended:
        return run
    if run.method == REHEARSAL:
        batch, remembered = data.rehearsed[run.steps % len(data.rehearsed)]
        new = new + drift(logits(source, student.layers, batch), remembered)
    new.backward()
    student.optimizer.step()
    return replace(run, steps=run.steps + 1, spent=run.spent + time.thread_time() - began)


def reason(run: Run, task: Task) -> str:
    """Why a run ends here, or an empty string."""
    if not math.isfinite(run.new[-1]):
        return "diverged"
    if run.new[-1] <= task.goal:
        return "goal"
    if run.steps >= task.steps:
        return "steps"
    return "time" if run.spent >= task.seconds / len(METHODS) else ""


def drift(found: Tensor, remembered: Tensor) -> Tensor:
    """KL(old model || new model) in nats, mean per token, from logits and log-probabilities."""
    from torch.nn.functional import kl_div

    return kl_div(found.log_softmax(-1), remembered, log_target=True, reduction="batchmean")


def next_words(
    source: TorchModel, layers: ModuleList, prompt: Batch, most: int = 3
) -> tuple[Word, ...]:
    """The likeliest tokens after the prompt."""
    import torch

    with torch.no_grad():
        last = run_layers(source, layers, prompt.hidden)[0, -1]
        best = output(source, last).softmax(-1).topk(most)
    return tuple(
        Word(source.tokenizer.decode([int(number)]), float(share))
        for share, number in zip(best.values, best.indices, strict=True)
    )


def merged(source: TorchModel, student: Student, data: Data, run: Run) -> Run:
    """Take the adapters off, then add them to the weights, and compare; unchanged without any."""
    import torch

    if not student.adapters:
        return run
    with torch.no_grad():
        beside = logits(source, student.layers, data.new)
        for adapter in student.adapters:
            adapter.remove()
        removed = loss(source, student.layers, data.old).item()
        lora.merge(student.adapters)
        inside = logits(source, student.layers, data.new)
    apart, largest = (beside - inside).abs().max().item(), beside.abs().max().item()
    return replace(run, apart=apart, largest=largest, removed=removed)


def moved(source: TorchModel, layers: ModuleList) -> float:
    """|new - old| / |old| over all weights of the copied layers, adapters merged."""
    import torch

    with torch.no_grad():
        before = list(source.model.model.layers[-len(layers) :].parameters())
        added = [now - was for now, was in zip(layers.parameters(), before, strict=True)]
        return float(torch.nn.utils.get_total_norm(added) / torch.nn.utils.get_total_norm(before))


def spectra(source: TorchModel, layers: ModuleList, training: Training) -> Training:
    """How well each rank keeps what was added to one matrix of the first layer, and the matrix."""
    before = source.model.model.layers[-training.task.depth].get_submodule(MATRIX).weight.detach()
    now: Any = layers[0].get_submodule(MATRIX)
    added = now.weight.detach() - before
    if not (added.isfinite().all() and added.any()):
        return training
    return replace(
        training,
        update_errors=low_rank.errors(added.numpy()),
        weight_errors=low_rank.errors(before.numpy()),
    )
