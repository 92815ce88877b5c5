"""The five tabs of the losses demo: perplexity, cross-entropy, KL, activations, chain rule."""

from typing import Any

import gradio as gr

from demos.losses import QUESTIONS, activations, perplexity
from demos.losses import figures as draw
from demos.losses.activation_figures import (
    activation_plot,
    chain_graph,
    chain_table,
    derivative_table,
)
from demos.losses.chain_rule import auto_chain, chain
from demos.losses.cross_entropy import auto_cross_entropy, cross_entropy
from demos.losses.divergence import auto_divergence, divergence, kl_terms
from demos.losses.run import LOGITS, TEXT, P, Q, read_numbers
from demos.shared.charts import Figure
from demos.shared.panel import LIGHT, SLOW, guide_links, handler, plot_of, source_of, working
from demos.shared.weights import Weights


def view(weights: Weights) -> gr.Textbox:
    """Five tabs; returns the box for the text."""
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


def perplexity_tab(weights: Weights) -> gr.Textbox:
    """A text under SmolLM2, token by token."""
    box = gr.Textbox(TEXT, label="Your text", lines=2, max_length=perplexity.MAX_CHARACTERS)
    guess = gr.Number(None, label="Your guess: its perplexity", minimum=0)
    button = gr.Button("Score", variant="primary")
    said, picture = gr.HTML(), gr.HTML()
    with gr.Accordion("Every token", open=False):
        rows = gr.HTML()

    @handler(working("your text"), failed=["", ""])
    def show(text: str, guessed: float | None) -> tuple[str, str, str]:
        perplexity.check(text)
        found = perplexity.score(text, weights.smollm2())
        said = draw.describe_perplexity(found, guessed)
        return said, draw.scored_spans(found), draw.scored_table(found)

    gr.on(
        [button.click, box.submit, guess.submit], show, [box, guess], [said, picture, rows], **SLOW
    )
    source_of(perplexity.score)
    return box


def cross_entropy_tab() -> None:
    """Own logits and target."""
    logits = gr.Textbox(" ".join(f"{z:g}" for z in LOGITS), label="Logits", max_length=200)
    with gr.Row():
        target = gr.Number(1, label="Right token, from 1", precision=0)
        guess = gr.Number(None, label="Your guess: the loss in nats")
    button = gr.Button("Compute", variant="primary")
    said = gr.HTML()

    @handler()
    def show(text: str, target: float | None, guessed: float | None) -> str:
        found = cross_entropy(read_numbers(text, "Logits"), int(target or 0) - 1)
        return draw.cross_entropy_table(found, guessed)

    gr.on(
        [button.click, logits.submit, target.submit, guess.submit],
        show,
        [logits, target, guess],
        said,
        **LIGHT,
    )
    source_of(cross_entropy, auto_cross_entropy)


def divergence_tab() -> None:
    """Two distributions of one's own."""
    p = gr.Textbox(" ".join(map(str, P)), label="P, the data", max_length=200)
    q = gr.Textbox(" ".join(map(str, Q)), label="Q, the model", max_length=200)
    gr.Markdown("Numbers that do not add up to 1 are scaled. Two modes: 0.49 0.02 0.49.")
    button = gr.Button("Compute", variant="primary")
    said, plot = gr.HTML(), plot_of("Both distributions, outcome by outcome")

    @handler(failed=[None])
    def show(first: str, second: str) -> tuple[str, Figure]:
        found = divergence(read_numbers(first, "P"), read_numbers(second, "Q"))
        return draw.divergence_table(found), draw.distribution_plot(found)

    gr.on([button.click, p.submit, q.submit], show, [p, q], [said, plot], **LIGHT)
    source_of(divergence, kl_terms, auto_divergence)


def activation_tab() -> None:
    """Six activations at x."""
    name = gr.Radio(list(activations.NAMES), value="ReLU", label="Draw")
    x = gr.Slider(-4, 4, -0.5, step=0.1, label="x")
    button = gr.Button("Compute", variant="primary")
    said, plot = gr.HTML(), plot_of("The activations as curves, with your input marked")

    @handler(failed=[None])
    def show(name: str, x: float) -> tuple[str, Figure]:
        function = activations.function_named(name)
        return derivative_table(activations.derivatives(x)), activation_plot(function, x)

    gr.on([button.click, x.release, name.change], show, [name, x], [said, plot], **LIGHT)
    source_of(activations.relu, activations.relu_derivative, activations.derivatives)


def chain_tab() -> None:
    """The small network, forward and backward."""
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

    @handler(failed=[""])
    def show(*values: Any) -> tuple[str, str]:
        *typed, name, rate = values
        x, w1, b1, w2, b2, t = (float(value or 0) for value in typed)
        found = chain(x, w1, b1, w2, b2, t, name, rate)
        return chain_table(found), chain_graph(found)

    gr.on(
        [button.click, name.change, rate.release, *(box.submit for box in boxes)],
        show,
        [*boxes, name, rate],
        [said, graph],
        **LIGHT,
    )
    source_of(chain, auto_chain)
