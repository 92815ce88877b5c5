"""What training three ways gives: losses, words and spectra, step by step.

Run        one method: losses before every step, why it ended, the likeliest next words
Training   all methods so far, and how much of the full update each rank keeps
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from demos.fine_tuning.task import Task
from demos.shared.arrays import Array

FULL, LORA, REHEARSAL = METHODS = ("full fine-tuning", "LoRA", "LoRA with rehearsal")


class Word(NamedTuple):
    """A token that could come next."""

    text: str
    probability: float


@dataclass(frozen=True)
class Run:
    """One method: losses before every step and at the end, and what came of it.

    `moved` is the Frobenius norm of what was added to the weights as a share of theirs. `apart` is
    the largest difference between the logits of the merged and the unmerged model, `largest` the
    largest logit, `removed` the old loss with the adapters taken off.
    """

    method: str
    trained: int  # parameters
    steps: int = 0
    spent: float = field(default=0.0, compare=False)  # seconds of computing
    new: tuple[float, ...] = ()
    old: tuple[float, ...] = ()
    ended: str = ""  # "goal", "steps", "time" or "diverged"; empty while it runs
    words: tuple[Word, ...] = ()
    moved: float | None = None
    apart: float | None = None
    largest: float | None = None
    removed: float | None = None

    @property
    def forgotten(self) -> float:
        """How far the old loss has risen since the start, in nats."""
        return self.old[-1] - self.old[0]


@dataclass(frozen=True)
class Training:
    """Everything so far. `update_errors` and `weight_errors` are those of one matrix at each rank:
    of what full fine-tuning added to it, and of the matrix itself."""

    task: Task
    parameters: int  # of the copied layers
    before: tuple[Word, ...]
    cut: bool  # a sentence was too long and is not read to its end
    runs: tuple[Run, ...] = ()
    update_errors: Array | None = None
    weight_errors: Array | None = None
    done: bool = False

    def run(self, method: str) -> Run:
        """The run of one method; KeyError if it has not begun."""
        return {run.method: run for run in self.runs}[method]
