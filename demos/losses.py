"""Cross-entropy, KL divergence, ReLU, the chain rule and perplexity: by hand next to autograd.

    python -m demos.losses
    python -m demos.losses --logits 2 1 0 -1 --target 2 --p 0.7 0.2 0.1 --q 0.5 0.3 0.2
    python -m demos.losses --x 0 --text "Colorless green ideas sleep furiously."

With the logits 2, 1, 0, -1 and the first token right, the loss is -ln 0.644 = 0.440 nats and the
gradient (-0.356, 0.237, 0.087, 0.032), by the formula and by autograd alike.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from demos import activations, derivatives, perplexity
from demos import loss_figures as draw
from demos.activations import Chain, Derivative
from demos.derivatives import CrossEntropy, Divergence
from demos.panel import LIGHT, SLOW, guide_links, plot_of, problem, source_of, working
from demos.perplexity import Perplexity
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Losses"
QUESTIONS = (25, 29, 30, 31)
LOGITS = (2.0, 1.0, 0.0, -1.0)
P = (0.7, 0.2, 0.1)
Q = (0.5, 0.3, 0.2)
TEXT = "The capital of France is Paris, but the moon is made of marmalade."


@dataclass(frozen=True)
class Losses:
    """Everything the demo shows."""

    cross_entropy: CrossEntropy
    divergence: Divergence
    derivatives: tuple[Derivative, ...]
    chain: Chain
    perplexity: Perplexity


def run(
    logits: Sequence[float] = LOGITS,
    target: int = 1,
    p: Sequence[float] = P,
    q: Sequence[float] = Q,
    x: float = -0.5,
    activation: str = "sigmoid",
    text: str = TEXT,
    weights: Weights | None = None,
) -> Losses:
    """All five parts; `target` counts from 1. InputError before any model is loaded."""
    perplexity.check(text)
    entropy = derivatives.cross_entropy(logits, target - 1)
    kl = derivatives.divergence(p, q)
    slopes = activations.derivatives(x)
    graph = activations.chain(activation=activation)
    scored = perplexity.score(text, (weights or open_weights()).smollm2())
    return Losses(entropy, kl, slopes, graph, scored)


def read_numbers(text: str, what: str) -> list[float]:
    """The numbers in a text box, separated by spaces, commas or semicolons."""
    words = text[:400].replace(",", " ").replace(";", " ").split()
    try:
        return [float(word) for word in words]
    except ValueError as error:
        raise InputError(f"{what}: type numbers such as 0.7 0.2 0.1.") from error


def view(weights: Weights) -> Any:
    """Five tabs; returns the box for the text."""
    import gradio as gr

    guide_links("Losses and their derivatives, by hand and by autograd.", QUESTIONS)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Perplexity"):
            box = perplexity_tab(weights)
        with gr.Tab("Cross-entropy"):
            cross_entropy_tab()
        with gr.Tab("KL divergence"):
            divergence_tab()
        with gr.Tab("ReLU and others"):
            activation_tab()
        with gr.Tab("Chain rule"):
            chain_tab()
    return box


def perplexity_tab(weights: Weights) -> Any:
    """A text under SmolLM2, token by token."""
    import gradio as gr

    box = gr.Textbox(TEXT, label="Your text", lines=2, max_length=perplexity.MAX_CHARACTERS)
    guess = gr.Number(None, label="Your guess: its perplexity", minimum=0)
    button = gr.Button("Score", variant="primary")
    said, picture = gr.HTML(), gr.HTML()
    with gr.Accordion("Every token", open=False):
        rows = gr.HTML()

    def show(text: str, guessed: float | None) -> Iterator[tuple[Any, Any, Any]]:
        yield working("your text"), gr.skip(), gr.skip()
        try:
            perplexity.check(text)
            found = perplexity.score(text, weights.smollm2())
        except TutorError as error:
            yield problem(error), "", ""
            return
        said = draw.describe_perplexity(found, guessed)
        yield said, draw.scored_spans(found), draw.scored_table(found)

    gr.on([button.click, box.submit, guess.submit], show, [box, guess], [said, picture, rows],
          **SLOW)  # fmt: skip
    source_of(perplexity.score)
    return box


def cross_entropy_tab() -> None:
    """Own logits and target."""
    import gradio as gr

    logits = gr.Textbox(" ".join(f"{z:g}" for z in LOGITS), label="Logits", max_length=200)
    with gr.Row():
        target = gr.Number(1, label="Right token, from 1", precision=0)
        guess = gr.Number(None, label="Your guess: the loss in nats")
    button = gr.Button("Compute", variant="primary")
    said = gr.HTML()

    def show(text: str, target: float | None, guessed: float | None) -> str:
        try:
            found = derivatives.cross_entropy(read_numbers(text, "Logits"), int(target or 0) - 1)
        except TutorError as error:
            return problem(error)
        return draw.cross_entropy_table(found, guessed)

    gr.on([button.click, logits.submit, target.submit, guess.submit], show,
          [logits, target, guess], said, **LIGHT)  # fmt: skip
    source_of(derivatives.cross_entropy, derivatives.auto_cross_entropy)


def divergence_tab() -> None:
    """Two distributions of one's own."""
    import gradio as gr

    p = gr.Textbox(" ".join(map(str, P)), label="P, the data", max_length=200)
    q = gr.Textbox(" ".join(map(str, Q)), label="Q, the model", max_length=200)
    gr.Markdown("Numbers that do not add up to 1 are scaled. Two modes: 0.49 0.02 0.49.")
    button = gr.Button("Compute", variant="primary")
    said, plot = gr.HTML(), plot_of("Both distributions, outcome by outcome")

    def show(first: str, second: str) -> tuple[str, Any]:
        try:
            found = derivatives.divergence(read_numbers(first, "P"), read_numbers(second, "Q"))
        except TutorError as error:
            return problem(error), None
        return draw.divergence_table(found), draw.distribution_plot(found)

    gr.on([button.click, p.submit, q.submit], show, [p, q], [said, plot], **LIGHT)
    source_of(derivatives.divergence, derivatives.kl_terms, derivatives.auto_divergence)


def activation_tab() -> None:
    """Six activations at x."""
    import gradio as gr

    name = gr.Radio(list(activations.NAMES), value="ReLU", label="Draw")
    x = gr.Slider(-4, 4, -0.5, step=0.1, label="x")
    button = gr.Button("Compute", variant="primary")
    said, plot = gr.HTML(), plot_of("The activations as curves, with your input marked")

    def show(name: str, x: float) -> tuple[str, Any]:
        try:
            function = activations.function_named(name)
            found = activations.derivatives(x)
        except TutorError as error:
            return problem(error), None
        return draw.derivative_table(found), draw.activation_plot(function, x)

    gr.on([button.click, x.release, name.change], show, [name, x], [said, plot], **LIGHT)
    source_of(activations.relu, activations.relu_derivative, activations.derivatives)


def chain_tab() -> None:
    """The small network, forward and backward."""
    import gradio as gr

    labels = ("x", "w1", "b1", "w2", "b2", "target t")
    start = (2.0, 0.5, -0.2, 1.5, 0.1, 2.0)
    with gr.Row():
        boxes = [
            gr.Number(value, label=label, min_width=80)
            for label, value in zip(labels, start, strict=True)
        ]
    name = gr.Radio(list(activations.NAMES), value="sigmoid", label="Activation f")
    rate = gr.Slider(0, 5, 0.5, step=0.1, label="Learning rate of one step")
    button = gr.Button("Compute", variant="primary")
    graph, said = gr.HTML(), gr.HTML()

    def show(*values: Any) -> tuple[str, str]:
        *typed, name, rate = values
        try:
            x, w1, b1, w2, b2, t = (float(value or 0) for value in typed)
            found = activations.chain(x, w1, b1, w2, b2, t, name, rate)
        except TutorError as error:
            return "", problem(error)
        return draw.chain_graph(found), draw.chain_table(found)

    gr.on([button.click, name.change, rate.release, *(box.submit for box in boxes)], show,
          [*boxes, name, rate], [graph, said], **LIGHT)  # fmt: skip
    source_of(activations.chain, activations.auto_chain)


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.losses", description="Losses by hand next to autograd."
    )
    parser.add_argument("--logits", type=float, nargs="+", default=list(LOGITS))
    parser.add_argument("--target", type=int, default=1, help="the right token, from 1")
    parser.add_argument("--p", type=float, nargs="+", default=list(P), help="the data")
    parser.add_argument("--q", type=float, nargs="+", default=list(Q), help="the model")
    parser.add_argument("--x", type=float, default=-0.5, help="where to take derivatives")
    parser.add_argument("--activation", default="sigmoid", help=", ".join(activations.NAMES))
    parser.add_argument("--text", default=TEXT, help="text for SmolLM2's perplexity")
    args = parser.parse_args(argv)
    try:
        print_losses(run(**vars(args)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


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


def row(values: Any, between: str = " ") -> str:
    """Numbers with four decimals."""
    return between.join(f"{value:.4f}" for value in values)


if __name__ == "__main__":
    sys.exit(main())
