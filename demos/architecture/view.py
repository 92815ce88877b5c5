"""The four tabs of the architecture demo: positions, depth, sequence, masks.

A tab wires its controls to the functions that compute, and puts their numbers into words.
"""

import gradio as gr

from demos.architecture import QUESTIONS, depth, figures, masks, recurrence
from demos.architecture.depth import ACTIVATIONS
from demos.architecture.masks import MOST_WORDS
from demos.architecture.position_view import positions_tab
from demos.architecture.run import SOURCE, TARGET
from demos.shared.markup import status
from demos.shared.panel import (
    FAST,
    SLOW,
    Update,
    guide_links,
    handler,
    plot_of,
    plotted,
    source_of,
    working,
)
from demos.shared.style import TABLES
from demos.shared.token_ids import MAX_CHARACTERS, checked_text
from demos.shared.weights import Weights


def view(weights: Weights) -> gr.Textbox:
    """A sentence over four tabs; returns its box."""
    guide_links("What a transformer needs besides attention, measured.", QUESTIONS)
    box = gr.Textbox(
        SOURCE,
        label="A sentence, for the trained blocks and the masks",
        max_length=MAX_CHARACTERS,
        max_lines=3,
    )
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Positions"):
            positions_tab()
        with gr.Tab("Depth"):
            depth_tab(weights, box)
        with gr.Tab("Sequence"):
            sequence_tab()
        with gr.Tab("Masks"):
            masks_tab(box, TARGET)
    return box


def depth_tab(weights: Weights, box: gr.Textbox) -> None:
    """Gradient norms through stacks of untrained blocks, and through SmolLM2's trained ones.

    The trained blocks read the sentence in `box`.
    """
    with gr.Row():
        blocks = gr.Slider(4, 48, 24, step=4, label="Blocks", min_width=150)
        gain = gr.Slider(0.5, 1.5, 1.0, step=0.1, label="Weight size", min_width=150)
        bend = gr.Dropdown(list(ACTIVATIONS), value="gelu", label="Activation", min_width=150)
    guess = gr.Radio(
        ["about all of it", "a thousandth", "less than a millionth"],
        label="Predict: 24 plain blocks, GELU, size 1. What is left of the gradient at the first?",
    )
    measure = gr.Button("Measure", variant="primary")
    said, plot = gr.HTML(css_template=TABLES), plot_of("Gradient norm at each depth", visible=False)
    real = gr.Button("Trace SmolLM2’s 30 trained blocks")
    real_said = gr.HTML(css_template=TABLES)
    real_plot = plot_of("Gradient norm in SmolLM2's blocks", visible=False)
    source_of(depth.gradient_norms, depth.join, depth.normalized)

    def show(blocks: int, gain: float, bend: str, guess: str | None) -> tuple[str, Update]:
        stacks = depth.depths(blocks, gain, bend)
        words = depth.describe(stacks)
        if guess and (blocks, gain, bend) == (24, 1.0, "gelu"):
            right = "Right" if guess.startswith("less") else "Less"
            words = f"{right}: {stacks[0].kept:.2g} is left without residuals. {words}"
        return status(words), plotted(figures.depth_curves(stacks))

    @handler(working("your sentence with SmolLM2"), failed=[gr.skip()])
    def trace(text: str) -> tuple[str, Update]:
        checked_text(text)
        found = depth.trained_norms(text, weights.smollm2())
        words = depth.describe_trained(found, text)
        return status(words), plotted(figures.depth_curves([found]))

    inputs = [blocks, gain, bend, guess]
    gr.on(
        [measure.click, blocks.release, gain.release, bend.input],
        show,
        inputs,
        [said, plot],
        **SLOW,
    )
    real.click(trace, box, [real_said, real_plot], **SLOW)


def sequence_tab() -> None:
    """Gradients along a sequence: four nets, and what a layer of each kind costs."""
    with gr.Row():
        length = gr.Slider(8, 128, 64, step=8, label="Tokens", min_width=140)
        factor = gr.Slider(0.5, 1.1, 0.9, step=0.05, label="Kept per recurrent step", min_width=140)
    guess = gr.Radio(
        ["a half", "a twentieth", "less than a hundredth"],
        label="Predict: 0.9 is kept per step. What is left of a gradient after 50 steps?",
    )
    measure = gr.Button("Measure", variant="primary")
    said, plot = (
        gr.HTML(css_template=TABLES),
        plot_of("Gradient norm against distance", visible=False),
    )
    gr.HTML(figures.costs_said(), css_template=TABLES)
    source_of(recurrence.reaches, recurrence.linear, recurrence.attention)

    def show(length: int, factor: float, guess: str | None) -> tuple[str, Update]:
        nets = recurrence.reaches(length, factor)
        words = recurrence.describe(nets)
        if guess:
            right = "Right" if guess.startswith("less") else "Less"
            words = f"{right}: 0.9⁵⁰ = {0.9**50:.4f}. {words}"
        return status(words), plotted(figures.reach_curves(nets))

    gr.on(
        [measure.click, length.release, factor.release],
        show,
        [length, factor, guess],
        [said, plot],
        **SLOW,
    )


def masks_tab(source: gr.Textbox, target_text: str) -> None:
    """Encoder, decoder and cross-attention masks over the words of `source` and of a target."""
    target = gr.Textbox(
        target_text, label="Target, written from the sentence above", max_length=400
    )
    at = gr.Slider(1, MOST_WORDS, 3, step=1, label="Word of the target being predicted from")
    pictures = gr.HTML(masks_shown(source.value, target_text, 3), css_template=TABLES)
    source_of(masks.masks, masks.masked)
    gr.on(
        [source.change, target.change, at.input],
        masks_shown,
        [source, target, at],
        pictures,
        **FAST,
    )


@handler()
def masks_shown(source: str, target: str, at: int) -> str:
    """The three pictures and their words, or what is missing."""
    return figures.mask_grids(source, target, at)
