"""What a method trains: sentences as the upper layers get them, fresh layers, adapters, Adam."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from demos.fine_tuning import lora
from demos.fine_tuning.last_layers import Batch, copy_layers, logits, read
from demos.fine_tuning.task import REHEARSED, Task
from demos.fine_tuning.training_record import FULL, Run
from demos.shared.weights import TorchModel

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import ModuleList
    from torch.optim import Optimizer


LORA_RATE = 10  # times the rate of full fine-tuning; "LoRA Without Regret" (Schulman, 2025)
ALPHA = 2  # alpha / r, kept fixed when the rank changes
AT_ONCE = 4  # rehearsed sentences in one step


class Data(NamedTuple):
    """The sentences as the upper layers get them; those of `rehearsed` in small groups, each with
    the log-probabilities (token, vocabulary) of the model as it was."""

    new: Batch
    old: Batch
    prompt: Batch
    rehearsed: tuple[tuple[Batch, Tensor], ...]


class Student(NamedTuple):
    """Copied layers, and what is trained in them."""

    layers: ModuleList
    adapters: Sequence[lora.Adapter]  # none in full fine-tuning
    optimizer: Optimizer


def prepare(source: TorchModel, layers: ModuleList, task: Task) -> Data:
    """Run the frozen layers over all sentences, and the old upper layers over the rehearsed."""
    import torch

    new, old, prompt = (
        read(source, some, task.depth) for some in (task.new, task.old, (task.prompt,))
    )
    groups = (REHEARSED[i : i + AT_ONCE] for i in range(0, len(REHEARSED), AT_ONCE))
    batches = [read(source, group, task.depth) for group in groups]
    with torch.no_grad():
        remembered = [logits(source, layers, batch).log_softmax(-1) for batch in batches]
    return Data(new, old, prompt, tuple(zip(batches, remembered, strict=True)))


def enroll(source: TorchModel, task: Task, method: str) -> tuple[Student, Run]:
    """Fresh layers, what is trained in them, and Adam at the method's rate."""
    import torch

    layers = copy_layers(source, task.depth)
    adapters: Sequence[lora.Adapter] = ()
    trained: list[Tensor] = list(layers.parameters())
    rate = task.rate
    if method != FULL:
        adapters = lora.attach(layers, task.rank, ALPHA * task.rank, task.seed)
        trained, rate = lora.parameters(adapters), LORA_RATE * task.rate
    optimizer = torch.optim.Adam(trained, lr=rate, fused=True)
    return Student(layers, adapters, optimizer), Run(method, count(trained))


def count(parameters: Iterable[Tensor]) -> int:
    """How many numbers some tensors hold."""
    return sum(tensor.numel() for tensor in parameters)
