"""Fine-tuning live: LoRA and full training of a real model, what it forgets, and four-bit weights.

    python -m demos.fine_tuning
    python -m demos.fine_tuning --rank 1 --goal 0.8 --prompt "The mayor of London is"
    python -m demos.fine_tuning --no-training --block 256

The last four layers of SmolLM2 learn four sentences about Morrow Bay. LoRA of rank 8 trains 325,632
numbers instead of 14,160,384, and "The capital of France is" goes on with " Mor" instead of
" Paris". NF4 stores a matrix of MiniLM with an error of 9.3%, int4 with 11.2%.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demos import forgetting, low_rank, quantize
from demos.course import LORA, Training, Word
from demos.curriculum import NEW, OLD, PROMPT, Task, check_task
from demos.low_rank import NF4_BITS, Array, Cost, memory
from demos.matrices import (
    MINILM,
    SMOLLM2,
    check_name,
    minilm_matrices,
    minilm_matrix,
    smollm2_matrix,
)
from demos.quantize import Matrix, Scheme
from demos.training_figures import ENDED, merge_line, verdict
from demos.tuning_figures import RANKS
from demos.weights import TorchModel, Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Fine-tuning"
QUESTIONS = (4, 14, 35)


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
    check_name(matrix, SMOLLM2)
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


def view(weights: Weights) -> Any:
    """Three tabs; returns the box for the new text."""
    from demos.fine_tuning_tabs import build

    return build(weights)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.fine_tuning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--new", nargs="+", default=NEW, help="sentences to learn")
    parser.add_argument("--old", nargs="+", default=OLD, help="sentences to watch")
    parser.add_argument("--prompt", default=PROMPT, help="prompt whose next word is watched")
    parser.add_argument("--rank", type=int, default=Task.rank, help="rank of the adapters")
    parser.add_argument("--rate", type=float, default=Task.rate, help="Adam's; LoRA: 10 times")
    parser.add_argument("--goal", type=float, default=Task.goal, help="new loss at which to stop")
    parser.add_argument("--depth", type=int, default=Task.depth, help="trained last layers")
    parser.add_argument("--steps", type=int, default=Task.steps, help="most steps of each method")
    parser.add_argument(
        "--seconds", type=float, default=Task.seconds, help="most time of computing"
    )
    parser.add_argument("--layer", type=int, default=27, help="layer of SmolLM2 for the ranks")
    parser.add_argument("--matrix", default=SMOLLM2[0], help="matrix of that layer")
    parser.add_argument("--block", type=int, default=quantize.BLOCK, help="weights per scale")
    parser.add_argument("--seed", type=int, default=0, help="seed of the adapters")
    parser.add_argument("--no-training", dest="training", action="store_false", help="leave it out")
    chosen = parser.parse_args(argv)
    try:
        found = run(**vars(chosen))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    print_ranks(found.cost, found.errors)
    print_schemes(found.schemes)
    if found.training:
        print_training(found.training)
    return 0


def print_ranks(cost: Cost, errors: Array) -> None:
    """Rank against parameters, memory and error."""
    print(f"An adapter of rank {cost.rank} for a {cost.rows} x {cost.columns} matrix:", end=" ")
    print(f"{cost.adapter:,} of {cost.full:,} parameters ({cost.share:.1%})")
    print("rank   parameters   memory to train: LoRA      QLoRA   error of the best approximation")
    for rank in (r for r in RANKS if r < len(errors)):
        one = Cost(rank, cost.rows, cost.columns)
        lora, qlora = (memory(one.full, one.adapter, bits) for bits in (16, NF4_BITS))
        print(f"{rank:4} {one.adapter:12,} {lora:21.2f} MB {qlora:7.2f} MB   {errors[rank]:.1%}")
    print(f"full {cost.full:12,} {memory(0, cost.full):21.2f} MB")


def print_schemes(schemes: Sequence[Scheme]) -> None:
    """Bits and errors of each way to store a matrix."""
    print("\nFour bits, a matrix of MiniLM:   bits   error   worst weight")
    for scheme in schemes:
        print(f"  {scheme.name:30} {scheme.bits:5.3f}  {scheme.error:6.2%}   {scheme.largest:.4f}")


def print_training(course: Training) -> None:
    """Every method's losses, next words and merge."""
    depth, parameters = course.task.depth, course.parameters
    print(f"\nThe last {depth} layers of SmolLM2 ({parameters:,} parameters), losses in nats")
    for run in course.runs:
        print(f"  {run.method:20} {run.trained:10,} trained,", end=" ")
        print(f"{run.steps:2} steps {ENDED[run.ended]},", end=" ")
        print(f"new {run.new[0]:.2f} -> {run.new[-1]:.2f}, old {run.old[0]:.2f} ->", end=" ")
        print(f"{run.old[-1]:.2f}")
    print(f"  {verdict(course)}")
    print(f"  after {course.task.prompt!r}: before  {said(course.before)}")
    for run in course.runs:
        print(f"    {run.method:20} {said(run.words)}")
    print(f"  {merge_line(course.run(LORA))}")


def said(words: Sequence[Word]) -> str:
    """Tokens with their probabilities."""
    return "  ".join(f"{word.text!r} {word.probability:.2f}" for word in words)


if __name__ == "__main__":
    sys.exit(main())
