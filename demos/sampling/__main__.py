"""`python -m demos.sampling`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from demos import sampling
from demos.sampling import figures as draw
from demos.sampling.decoding import nucleus
from demos.sampling.run import PROMPT, Sampled, run
from demos.shared.arrays import entropy
from demos.shared.command import parser_of, run_command
from demos.shared.tokens import visible


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(sampling)
    parser.add_argument("--prompt", default=PROMPT, help="beginning of a text")
    parser.add_argument("--temperature", type=float, default=1.0, help="0 is greedy, 1 the model's")
    parser.add_argument("--top-k", type=int, default=0, help="keep the k most probable; 0 is off")
    parser.add_argument("--top-p", type=float, default=1.0, help="keep the nucleus of this mass")
    parser.add_argument("--min-p", type=float, default=0.0, help="keep this share of the best")
    parser.add_argument("--repetition-penalty", type=float, default=1.0, help="1 is off")
    parser.add_argument("--draws", type=int, default=10, help="tokens to draw")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws")
    parser.add_argument("--width", type=int, default=3, help="beams, 2 to 4")
    parser.add_argument("--steps", type=int, default=4, help="tokens to search, 1 to 6")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print_result(run(**chosen))


def print_result(result: Sampled) -> None:
    """Everything as lines of text."""
    distribution, after = result.distribution, result.probabilities
    before = np.exp(distribution.logprobs)
    print(f"{len(before):,} tokens could come next; 90% of it lies in {nucleus(distribution):,}.")
    print(f"{'token':16}{'logit':>8}{'model':>10}{'after':>10}   {result.warp}")
    for place in draw.places(after)[:12]:
        name = visible(distribution.pieces[place]) or "[control]"
        numbers = f"{distribution.logits[place]:8.2f}{before[place]:10.4f}{after[place]:10.4f}"
        print(f"{name:16}{numbers}")
    bits = entropy(before), entropy(after)
    print(f"entropy {bits[0]:.2f} -> {bits[1]:.2f} bits, {int((after > 0).sum()):,} tokens left")
    print(f"drawn: {' | '.join(result.drawn)}")
    for kind, found in (("greedy", result.searched.greedy), ("beam", result.searched.beam)):
        best = found.best
        text = result.searched.text(found)
        print(f"{kind:6} ({found.width}): {text!r}  {best.probability:.4f}  score {best.score:.3f}")


if __name__ == "__main__":
    sys.exit(main())
