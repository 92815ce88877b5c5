"""`python -m demos.embeddings`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import embeddings
from demos.embeddings import senses
from demos.embeddings.run import EXPRESSIONS, TEXTS, Result, run
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(embeddings)
    parser.add_argument("--texts", nargs="+", default=list(TEXTS), help="texts to compare")
    parser.add_argument("--expression", default=EXPRESSIONS[0], help="words joined by + and -")
    parser.add_argument("--word", default=senses.WORD, help="word to follow through the sentences")
    parser.add_argument(
        "--sentences", nargs="+", default=list(senses.SENTENCES), help="2 to 4 that hold the word"
    )
    parser.add_argument("--scale", type=float, default=0.02, help="spread of a fresh table")
    parser.add_argument("--dimension", type=int, default=768, help="columns of a fresh table")
    parser.add_argument("--seed", type=int, default=0, help="seed of the fresh table")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print_result(run(**chosen))


def print_result(result: Result) -> None:
    """Everything as lines of text."""
    compared = result.compared
    for n, text in enumerate(compared.texts):
        print(f"{n + 1}  {text}")
        print("   cosines   ", "  ".join(f"{value:5.2f}" for value in compared.matrix[n]))
        for side, found in (("question", compared.questions[n]), ("answer", compared.answers[n])):
            match = found[0]
            print(f"   {side:8}  {match.cosine:5.2f}  Q{match.number} {match.text[:70]!r}")
    for analogy in result.analogies:
        print(f"\n{analogy.expression}   ({analogy.table}, static)")
        columns = {
            "all words": analogy.everything,
            "inputs left out": analogy.others,
            "first word alone": analogy.first_alone,
        }
        for name, words in columns.items():
            print(f"  {name:17}", "  ".join(f"{n.word} {n.cosine:.2f}" for n in words))
    print(f"\n'{result.senses.word}' in context (MiniLM): cosine in the table, then layers 0 to 6")
    for pair in result.senses.pairs:
        layers = " ".join(f"{value:.2f}" for value in pair.layers)
        print(f"  sentences {pair.first + 1} and {pair.second + 1}: {pair.table:.2f} | {layers}")
    start = result.start
    print(f"\nA fresh table from N(0, {start.scale:g}) with {start.dimension} columns:")
    print(f"  row length {start.norm:.3f} (s √d = {start.expected_norm:.3f}), cosine of two rows")
    print(
        f"  0 ± {start.cosine_spread:.3f} (1/√d = {start.expected_cosine_spread:.3f}), first loss"
    )
    print(f"  {start.loss:.2f} nats against log {start.vocabulary} = {start.uniform_loss:.2f}")
    for one in result.learned:
        print(f"Trained, {one.name}: row length {one.norm:.2f}, cosine of two rows", end=" ")
        print(f"{one.cosine_mean:.2f} ± {one.cosine_spread:.2f}")


if __name__ == "__main__":
    sys.exit(main())
