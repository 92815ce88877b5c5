"""`python -m demos.attention`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import attention
from demos.attention.forward import Attention
from demos.attention.habits import random_spread
from demos.attention.in_words import describe, origin, product, scaling
from demos.attention.run import MODELS, TEXT, run
from demos.attention.sinks import strongest, verdict, visible
from demos.shared.command import parser_of, run_command
from demos.shared.token_ids import MAX_TOKENS


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(attention)
    parser.add_argument("--text", default=TEXT, help=f"at most {MAX_TOKENS} tokens are read")
    parser.add_argument("--model", default="smollm2", choices=list(MODELS))
    parser.add_argument("--layer", type=int, help="from 1; SmolLM2 has 30, MiniLM 6")
    parser.add_argument("--head", type=int, help="from 1; SmolLM2 has 9, MiniLM 12")
    parser.add_argument("--query", type=int, help="the token that looks, from 1")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print(report(run(**chosen)))


def report(found: Attention) -> str:
    """Everything that counts about a head, as lines for a terminal."""
    seen, query, head = found.seen, found.at.query, found.head
    means = strongest(seen, query).means
    top = int(found.row.argmax())
    lines = [
        f"{'key':>14} {'q.k':>9} {'scaled':>8} {'weight':>7} {'unscaled':>9} {'all heads':>10}"
    ]
    lines += [
        f"{seen.tokens[key]:>14} {head.products[query, key]:>9.2f} {head.scores[query, key]:>8.2f} "
        f"{found.row[key]:>7.3f} {found.raw.weights[query, key]:>9.3f} {means[key]:>10.3f}"
        for key in visible(seen, query)
    ]
    spread = [
        f"  d {s.width:>4}: deviation of q.k {s.deviation:5.2f}, largest of ten weights "
        f"{s.top_raw:.3f}, after division by sqrt(d) {s.top_scaled:.3f}"
        for s in random_spread()
    ]
    return "\n".join(
        [
            describe(found),
            origin(found),
            "",
            product(found, top),
            *lines,
            "",
            scaling(found),
            "Random queries and keys of variance 1:",
            *spread,
            "",
            f"If you had guessed {seen.tokens[top]}: {verdict(seen, query, top)}",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
