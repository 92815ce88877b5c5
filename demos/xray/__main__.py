"""`python -m demos.xray`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import xray
from demos.shared.command import parser_of, run_command
from demos.shared.tokens import visible
from demos.xray.run import BUDGET, QUESTION, XRay, run
from demos.xray.scoring import parting, perplexity


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(xray)
    parser.add_argument("--question", default=QUESTION, help="what the tutor is asked")
    parser.add_argument("--lead", default="", help="authored text; by default the tutor answers")
    parser.add_argument("--continuation", default="", help="text that the model added to it")
    parser.add_argument("--number", type=int, default=0, help="guide question of the study note")
    parser.add_argument("--bare", dest="note", action="store_false", help="without the study note")
    parser.add_argument("--budget", type=int, default=BUDGET, help="tokens to judge, 1 to 240")
    parser.add_argument("--place", type=int, help="token to draw another end from, 0 is the first")
    parser.add_argument("--temperature", type=float, default=1.0, help="of the new end")
    parser.add_argument("--top-k", type=int, default=0, help="of the new end; 0 is off")
    parser.add_argument("--top-p", type=float, default=1.0, help="of the new end")
    parser.add_argument("--min-p", type=float, default=0.0, help="of the new end")
    parser.add_argument("--length", type=int, default=20, help="tokens of the new end, 1 to 60")
    parser.add_argument("--seed", type=int, default=0, help="seed of the new end")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print_result(run(**chosen))


def print_result(result: XRay) -> None:
    """Everything as lines of text."""
    print(f"{result.answer.question}\n")
    for token in result.judged:
        others = " ".join(visible(c.piece) or "[control]" for c in token.best if c.id != token.id)
        part = "authored" if token.authored else "added"
        numbers = f"p {token.probability:7.4f}  entropy {token.bits:5.2f}"
        print(f"{token.place:4} {part:8} {visible(token.piece):16} {numbers}  not {others[:40]}")
    for part, authored in (("authored", True), ("added", False)):
        tokens = [token for token in result.judged if token.authored == authored]
        if tokens:
            print(f"{part}: {len(tokens)} tokens, perplexity {perplexity(tokens):.2f}")
    at = parting(result.read, result.place, result.again)
    text = b"".join(token.piece for token in result.again).decode("utf-8", "replace")
    parted = "the same" if at is None else f"other words after {at} tokens"
    print(f"Drawn anew from token {result.place}: {text!r} ({parted})")


if __name__ == "__main__":
    sys.exit(main())
