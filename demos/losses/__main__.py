"""`python -m demos.losses`: options in, lines of text out."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from demos import losses
from demos.losses import activations
from demos.losses.run import LOGITS, TEXT, Losses, P, Q, run
from demos.shared.command import parser_of, run_command


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(losses)
    parser.add_argument("--logits", type=float, nargs="+", default=list(LOGITS))
    parser.add_argument("--target", type=int, default=1, help="the right token, from 1")
    parser.add_argument("--p", type=float, nargs="+", default=list(P), help="the data")
    parser.add_argument("--q", type=float, nargs="+", default=list(Q), help="the model")
    parser.add_argument("--x", type=float, default=-0.5, help="where to take derivatives")
    parser.add_argument("--activation", default="sigmoid", help=", ".join(activations.NAMES))
    parser.add_argument("--text", default=TEXT, help="text for SmolLM2's perplexity")
    return run_command(parser, show, argv)


def show(**chosen: Any) -> None:
    """Run and print."""
    print_losses(run(**chosen))


def print_losses(found: Losses) -> None:
    """Everything as lines of text."""
    entropy, kl, scored = found.cross_entropy, found.divergence, found.perplexity
    print(f"Cross-entropy of logits {entropy.logits.tolist()}, token {entropy.target + 1} right")
    print(f"  loss      by hand {entropy.loss:.6f}   autograd {entropy.auto_loss:.6f} nats")
    print(f"  gradient  by hand {row(entropy.gradient)}")
    print(f"            autograd {row(entropy.auto_gradient)}")
    print(f"\nKL(P||Q) = {row(kl.forward_terms, ' + ')} = {kl.forward:.4f} nats")
    print(f"KL(Q||P) = {row(kl.reverse_terms, ' + ')} = {kl.reverse:.4f} nats")
    for name, by_hand, auto in (
        ("P||Q", kl.forward_gradient, kl.auto_forward_gradient),
        ("Q||P", kl.reverse_gradient, kl.auto_reverse_gradient),
    ):
        if by_hand is not None and auto is not None:
            print(f"  gradient of KL({name}) on Q's logits  by hand {row(by_hand)}")
            print(f"{'autograd ':>45}{row(auto)}")
    print(f"\nDerivatives at x = {found.derivatives[0].x:g}:  by hand, autograd, difference")
    for one in found.derivatives:
        numbers = f"{one.by_hand:8.4f} {one.auto:8.4f} {one.difference:8.4f}"
        print(f"  {one.name:11}{numbers}   f(x) = {one.value:.4f}")
    print(f"\nChain rule through z = w1 x + b1, a = {found.chain.activation}(z), y = w2 a + b2")
    for node in reversed(found.chain.nodes):
        print(f"  dL/d{node.name:3}{node.by_hand:8.4f} {node.auto:8.4f}   {node.factor}")
    print(f"  one step of rate {found.chain.learning_rate:g}: loss {found.chain.loss:.4f}", end="")
    print(f" -> {found.chain.new_loss:.4f}")
    print(f"\n{scored.model}, token by token: probability, loss, rank, likeliest")
    for token in scored.tokens:
        numbers = f"{token.probability:8.4f} {token.loss:6.2f} {token.rank:6}"
        print(f"  {token.token!r:14}{numbers}   {token.likeliest!r}")
    print(f"  mean {scored.loss:.3f} nats, perplexity {scored.value:.2f}, ", end="")
    print(f"{scored.bits_per_character:.2f} bits per character")


def row(values: Iterable[float], between: str = " ") -> str:
    """Numbers with four decimals."""
    return between.join(f"{value:.4f}" for value in values)


if __name__ == "__main__":
    sys.exit(main())
