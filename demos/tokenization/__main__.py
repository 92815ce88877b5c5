"""`python -m demos.tokenization`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import tokenization
from demos.shared.command import parser_of, run_command
from demos.shared.tokens import visible
from demos.tokenization.run import MOST_MERGES, PRESETS, TEXT, WORD, Tokenization, run


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(tokenization)
    parser.add_argument("--text", default=PRESETS["Rare words"], help="text to tokenize")
    parser.add_argument(
        "--merges", type=int, default=12, help=f"merges to learn, up to {MOST_MERGES}"
    )
    parser.add_argument("--word", default=WORD, help="word to spell with the merges learned")
    parser.add_argument("--corpus", default=TEXT, help="text to learn the merges from")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print_result(run(**chosen))


def print_result(result: Tokenization) -> None:
    """Everything as lines of text."""
    encodings, text = result.encodings, result.encodings.text
    print(f"{text!r}\n{len(text)} characters, {len(text.encode())} bytes")
    for encoding in encodings.all:
        print(f"\n{encoding.name}, {encoding.method}, vocabulary {encoding.vocabulary:,}")
        per_token = encodings.per_token(encoding)
        print(f"  {len(encoding.tokens)} tokens, {per_token:.2f} characters per token")
        print("  " + " ".join("[UNK]" if t.unknown else visible(t.piece) for t in encoding.tokens))
        print("  " + " ".join(str(token.id) for token in encoding.tokens))
        print(f"  decodes to the same text: {'yes' if encoding.back == encodings.text else 'no'}")
    print("\nA BPE of our own learns these merges:")
    pieces = result.trained.pieces
    for number, merge in enumerate(result.trained.merges, 1):
        left, right, both = (visible(pieces[token]) for token in (*merge.pair, merge.id))
        print(f"  {number:3}  {left} + {right} -> {both}  ({merge.count} times)")
    print("It spells the word as: " + " | ".join(visible(piece) for piece in result.word))


if __name__ == "__main__":
    sys.exit(main())
