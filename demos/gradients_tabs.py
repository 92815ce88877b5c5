"""The three tabs of the gradients demo: embedding rows, the softmax's Jacobian, learning rate."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from demos import gradients as demo
from demos.descent_tab import Slope, descent_tab, said
from demos.grids import CSS, grid, label, written
from demos.jacobian import autograd_jacobian, read_numbers, softmax_jacobian, vector_product
from demos.panel import ACCENT, LIGHT, SLOW, guide_links, problem, source_of, table
from demos.rows import (
    LONGEST_TEXT,
    MOST_WORDS,
    RowGradients,
    add_rows,
    hand_gradients,
    row_gradients,
    split_words,
)
from demos.weights import Weights
from tutor.errors import TutorError

FAST = {**LIGHT, "trigger_mode": "always_last"}


def build(weights: Weights) -> Any:
    """The whole tab inside the current Blocks; returns the sentence's box."""
    import gradio as gr

    guide_links("Where gradients go: into rows, through a softmax, and down a slope.",
                demo.QUESTIONS)  # fmt: skip
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Embeddings"):
            box = rows_tab()
        with gr.Tab("Jacobian"):
            jacobian_tab()
        with gr.Tab("Descent"):
            descent_tab(Slope(weights))
    return box


def rows_tab() -> Any:
    """A sentence, a guess, and the rows that a backward pass reaches."""
    import gradio as gr

    text = gr.Textbox(demo.TEXT, label="Sentence: every word predicts the next", max_lines=3,
                      max_length=LONGEST_TEXT)  # fmt: skip
    guess = gr.Number(label="Predict: how many rows of the input table get a gradient? (untied)",
                      precision=0)  # fmt: skip
    go = gr.Button("Run the backward pass", variant="primary")
    shown = gr.HTML(css_template=CSS)
    source_of(row_gradients, hand_gradients, add_rows)

    def show(text: str, guess: float | None) -> Iterator[str]:
        yield said("Loading PyTorch …")
        try:
            yield rows_shown(row_gradients(text), guess, text)
        except TutorError as error:
            yield problem(error)

    gr.on([go.click, text.submit, guess.submit], show, [text, guess], shown, **SLOW)
    return text


def rows_shown(found: RowGradients, guess: float | None, text: str) -> str:
    """Gradient norms of three tables, a line per word."""
    norms = [np.linalg.norm(g, axis=1) for g in (found.embedding, found.output, found.tied)]
    most = max(float(values.max()) for values in norms)
    lines = []
    for word, *values in zip(found.vocabulary, *norms, strict=True):
        count = found.inputs.count(word)
        role = f"{count} ×" if count else "target" if word in found.targets else "–"
        lines.append([label(word), role, *(shade(float(v), most) for v in values)])
    head = ["row", "read", "input table", "output table", "one shared table"]
    touched = len(found.touched)
    own = ""
    if guess:  # an empty box reads 0
        own = f"You said {guess:.0f}: {'right. ' if guess == touched else 'no. '}"
    cut = f" The first {MOST_WORDS} words count." if len(split_words(text)) > MOST_WORDS else ""
    return (
        said(
            f"{own}{touched} of {len(found.vocabulary)} rows of the input table get a gradient: "
            f"{', '.join(map(label, found.touched))}. The output table, and a table shared by "
            f"both, get one in all {len(found.vocabulary)}.{cut}"
        )
        + f'<div style="contain:inline-size">{table(head, lines)}</div>'  # no wider than a phone
        + '<p class="note">Cells: norm of the row’s gradient. A word read several times gets the '
        "sum. In the output table the target’s row is pulled to the hidden vector, every other "
        "row pushed away by its probability, even of words the text does not hold. Largest "
        f"difference between autograd and the formulas: {found.difference:.1g}.</p>"
    )


def shade(value: float, most: float) -> str:
    """A number on a background as strong as it is large; zero is a plain 0."""
    if not value:
        return '<span style="opacity:0.5">0</span>'
    strength = 10 + 75 * value / most
    color = f"color-mix(in srgb, var(--color-accent) {strength:.0f}%, transparent)"
    return f'<span style="background:{color};padding:0 0.2rem;border-radius:3px">{value:.3f}</span>'


def jacobian_tab() -> None:
    """Own logits: the matrix by formula, autograd's on demand, and a gradient through it."""
    import gradio as gr

    guess = gr.Radio(
        ["grows", "stays", "shrinks"],
        label="Predict: all logits × 10. The largest entry of the matrix …",
    )
    with gr.Row():
        logits = gr.Textbox(demo.LOGITS, label="Logits (2 to 8)", max_length=200, min_width=150)
        arriving = gr.Textbox(demo.ARRIVING, label="Arriving gradient g", max_length=200,
                              min_width=150)  # fmt: skip
        scale = gr.Slider(0.5, 20, 1, step=0.5, label="Logits times", min_width=150)
    shown = gr.HTML(matrix_shown(demo.LOGITS, demo.ARRIVING, 1), css_template=CSS)
    check = gr.Button("Compare with autograd")
    compared = gr.HTML(css_template=CSS)
    source_of(softmax_jacobian, vector_product, autograd_jacobian)

    def compare(logits: str, scale: float) -> Iterator[str]:
        yield said("Loading PyTorch …")
        try:
            formula = softmax_jacobian(read_numbers(logits, "logits"), scale)
        except TutorError as error:
            yield problem(error)
            return
        matrix = autograd_jacobian(formula.logits)
        difference = float(np.abs(matrix - formula.matrix).max())
        yield (
            said(f"Autograd’s matrix, one backward pass per row. Largest difference from the "
                 f"formula: {difference:.1g}.")
            + matrix_grid(matrix, "torch.autograd.functional.jacobian of softmax")
        )  # fmt: skip

    inputs = [logits, arriving, scale]
    changes = [logits.change, arriving.change, scale.change]
    gr.on(changes, lambda *values: (matrix_shown(*values), ""), inputs, [shown, compared], **FAST)
    guess.input(saturation_said, [logits, guess], compared, **FAST)
    check.click(compare, [logits, scale], compared, **SLOW)


def matrix_grid(matrix: Any, caption: str) -> str:
    """A Jacobian (output, logit) as a shaded table."""
    n = range(1, len(matrix) + 1)
    rows, columns = ([f"{name} {i}" for i in n] for name in ("output", "logit"))
    drawn = grid(matrix, rows, columns, caption, decimals=4)
    return f'<div style="--color-accent:{ACCENT}">{drawn}</div>'  # the theme's is close to blue


def matrix_shown(logits: str, arriving: str, scale: float) -> str:
    """Softmax, its Jacobian by formula and the passed gradient; or what cannot be read."""
    try:
        given = read_numbers(logits, "logits")
        g = read_numbers(arriving, "gradients") if arriving.strip() else None
        found = softmax_jacobian(given, scale, g)
    except TutorError as error:
        return problem(error)
    p, passed = ([written(float(v), 4) for v in row] for row in (found.chances, found.passed))
    through = found.matrix.T @ found.arriving
    difference = float(np.abs(through - found.passed).max())
    return (
        said(f"p = ({', '.join(p)}). Largest entry {written(float(found.matrix.max()), 5)}; every "
             "row adds up to zero.")
        + matrix_grid(found.matrix, "diag(p) − p pᵀ: positive orange, negative blue")
        + said(f"Passed back without the matrix, p ⊙ (g − p·g): ({', '.join(passed)}). With the "
               f"matrix, Jᵀg, the same: they differ by {difference:.1g}.")
    )  # fmt: skip


def saturation_said(logits: str, guess: str) -> str:
    """The largest entry at the logits and at ten times the logits, after a guess."""
    try:
        given = read_numbers(logits, "logits")
        once, tenfold = (softmax_jacobian(given, scale).matrix.max() for scale in (1, 10))
    except TutorError as error:
        return problem(error)
    truth = "stays" if np.isclose(once, tenfold) else "shrinks" if tenfold < once else "grows"
    right = "Right" if guess == truth else "No"
    why = "The nearer to one-hot, the less gradient passes." if truth == "shrinks" else ""
    return said(f"{right}: from {once:.5f} to {tenfold:.5f}. {why}")
