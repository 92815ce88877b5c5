"""The three tabs of the gradients demo: embedding rows, the softmax's Jacobian, learning rate."""

from functools import cache

import gradio as gr

from demos.gradients import QUESTIONS
from demos.gradients import run as demo
from demos.gradients.descent import open_problem
from demos.gradients.descent_view import descent_tab
from demos.gradients.embedding_rows import LONGEST_TEXT, add_rows, hand_gradients, row_gradients
from demos.gradients.figures import autograd_shown, matrix_shown, rows_shown, saturation_said
from demos.gradients.jacobian import (
    autograd_jacobian,
    read_numbers,
    softmax_jacobian,
    vector_product,
)
from demos.shared.markup import said
from demos.shared.panel import FAST, SLOW, guide_links, handler, source_of
from demos.shared.style import TABLES
from demos.shared.weights import Weights


def view(weights: Weights) -> gr.Textbox:
    """The whole tab inside the current Blocks; returns the sentence's box."""
    guide_links("Where gradients go: into rows, through a softmax, and down a slope.", QUESTIONS)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Embeddings"):
            box = rows_tab()
        with gr.Tab("Jacobian"):
            jacobian_tab()
        with gr.Tab("Descent"):
            descent_tab(cache(lambda: open_problem(weights.settings.corpus)))
    return box


def rows_tab() -> gr.Textbox:
    """A sentence, a guess, and the rows that a backward pass reaches."""
    text = gr.Textbox(
        demo.TEXT,
        label="Sentence: every word predicts the next",
        max_lines=3,
        max_length=LONGEST_TEXT,
    )
    guess = gr.Number(
        label="Predict: how many rows of the input table get a gradient? (untied)", precision=0
    )
    go = gr.Button("Run the backward pass", variant="primary")
    shown = gr.HTML(css_template=TABLES)
    source_of(row_gradients, hand_gradients, add_rows)

    @handler(said("Loading PyTorch …"))
    def show(text: str, guess: float | None) -> str:
        return rows_shown(row_gradients(text), guess, text)

    gr.on([go.click, text.submit, guess.submit], show, [text, guess], shown, **SLOW)
    return text


def jacobian_tab() -> None:
    """Own logits: the matrix by formula, autograd's on demand, and a gradient through it."""
    guess = gr.Radio(
        ["grows", "stays", "shrinks"],
        label="Predict: all logits × 10. The largest entry of the matrix …",
    )
    with gr.Row():
        logits = gr.Textbox(demo.LOGITS, label="Logits (2 to 8)", max_length=200, min_width=150)
        arriving = gr.Textbox(
            demo.ARRIVING, label="Arriving gradient g", max_length=200, min_width=150
        )
        scale = gr.Slider(0.5, 20, 1, step=0.5, label="Logits times", min_width=150)
    shown = gr.HTML(matrix_shown(demo.LOGITS, demo.ARRIVING, 1), css_template=TABLES)
    check = gr.Button("Compare with autograd")
    compared = gr.HTML(css_template=TABLES)
    source_of(softmax_jacobian, vector_product, autograd_jacobian)

    @handler(said("Loading PyTorch …"))
    def compare(logits: str, scale: float) -> str:
        formula = softmax_jacobian(read_numbers(logits, "logits"), scale)
        return autograd_shown(formula, autograd_jacobian(formula.logits))

    @handler(failed=[""])
    def redraw(logits: str, arriving: str, scale: float) -> tuple[str, str]:
        return matrix_shown(logits, arriving, scale), ""

    @handler()
    def judge(logits: str, guess: str) -> str:
        return saturation_said(logits, guess)

    inputs = [logits, arriving, scale]
    changes = [logits.change, arriving.change, scale.change]
    gr.on(changes, redraw, inputs, [shown, compared], **FAST)
    guess.input(judge, [logits, guess], compared, **FAST)
    check.click(compare, [logits, scale], compared, **SLOW)
