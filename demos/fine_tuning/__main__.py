"""`python -m demos.fine_tuning`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import fine_tuning
from demos.fine_tuning import quantization as quantize
from demos.fine_tuning.figures import RANKS
from demos.fine_tuning.low_rank import NF4_BITS, Cost, memory
from demos.fine_tuning.matrices import SMOLLM2
from demos.fine_tuning.quantization import Scheme
from demos.fine_tuning.run import run
from demos.fine_tuning.task import NEW, OLD, PROMPT, Task
from demos.fine_tuning.training_figures import ENDED, merge_line, verdict
from demos.fine_tuning.training_record import LORA, Training, Word
from demos.shared.arrays import Array
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(fine_tuning)
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
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    found = run(**chosen)
    print_ranks(found.cost, found.errors)
    print_schemes(found.schemes)
    if found.training:
        print_training(found.training)


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


def print_training(training: Training) -> None:
    """Every method's losses, next words and merge."""
    depth, parameters = training.task.depth, training.parameters
    print(f"\nThe last {depth} layers of SmolLM2 ({parameters:,} parameters), losses in nats")
    for one in training.runs:
        print(f"  {one.method:20} {one.trained:10,} trained,", end=" ")
        print(f"{one.steps:2} steps {ENDED[one.ended]},", end=" ")
        print(f"new {one.new[0]:.2f} -> {one.new[-1]:.2f}, old {one.old[0]:.2f} ->", end=" ")
        print(f"{one.old[-1]:.2f}")
    print(f"  {verdict(training)}")
    print(f"  after {training.task.prompt!r}: before  {said(training.before)}")
    for one in training.runs:
        print(f"    {one.method:20} {said(one.words)}")
    print(f"  {merge_line(training.run(LORA))}")


def said(words: Sequence[Word]) -> str:
    """Tokens with their probabilities."""
    return "  ".join(f"{word.text!r} {word.probability:.2f}" for word in words)


if __name__ == "__main__":
    sys.exit(main())
