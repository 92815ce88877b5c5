"""What an adapter costs, what four bits lose, and a training by three methods."""

from collections.abc import Sequence
from dataclasses import dataclass

from demos.fine_tuning import forgetting, low_rank
from demos.fine_tuning import quantization as quantize
from demos.fine_tuning.low_rank import Cost
from demos.fine_tuning.matrices import (
    MINILM,
    SMOLLM2,
    minilm_matrices,
    minilm_matrix,
    smollm2_matrix,
)
from demos.fine_tuning.quantization import Matrix, Scheme
from demos.fine_tuning.task import NEW, OLD, PROMPT, Task, check_task
from demos.fine_tuning.training_record import Training
from demos.shared.arrays import Array
from demos.shared.choices import check_choice
from demos.shared.weights import TorchModel, Weights, open_weights
from tutor.errors import InputError


@dataclass(frozen=True)
class FineTuning:
    """Everything the demo shows; `training` is None when it was left out."""

    cost: Cost
    errors: Array  # of the best approximation of a matrix of SmolLM2 at each rank
    schemes: tuple[Scheme, Scheme, Scheme]
    training: Training | None


def run(
    new: Sequence[str] = NEW,
    old: Sequence[str] = OLD,
    prompt: str = PROMPT,
    rank: int = 8,
    rate: float = Task.rate,
    goal: float = Task.goal,
    depth: int = Task.depth,
    steps: int = Task.steps,
    seconds: float = Task.seconds,
    layer: int = 27,
    matrix: str = SMOLLM2[0],
    block: int = quantize.BLOCK,
    seed: int = 0,
    training: bool = True,
    weights: Weights | None = None,
) -> FineTuning:
    """All parts; `layer` counts from 1. InputError, before a model is loaded where possible."""
    task = Task(tuple(new), tuple(old), prompt, rank, rate, goal, depth, steps, seconds, seed)
    check_task(task)
    check_choice("matrix", matrix, SMOLLM2)
    quantize.check_block(block)
    weights = weights or open_weights()
    source = weights.smollm2()
    chosen = smollm2_matrix(source, layer, matrix)
    cost = cost_of(rank, chosen)
    schemes = quantize.compare(minilm_matrix(weights.minilm(), 3, MINILM[0]), block)
    last = list(forgetting.train(source, task))[-1] if training else None
    return FineTuning(cost, low_rank.errors(chosen), schemes, last)


def cost_of(rank: int, matrix: Matrix) -> Cost:
    """The cost of an adapter for a matrix; InputError if the rank is not possible."""
    if not 1 <= rank <= min(matrix.shape):
        raise InputError(f"The rank must lie between 1 and {min(matrix.shape)}.")
    return Cost(rank, *matrix.shape)


def wins(source: TorchModel, block: int) -> tuple[int, int]:
    """On how many matrices of MiniLM NF4 has the smaller error, and how many there are."""
    pairs = [quantize.compare(matrix, block)[:2] for matrix in minilm_matrices(source)]
    return sum(nf4.error < int4.error for nf4, int4 in pairs), len(pairs)
