"""The tab on learning rate and batch size: loss curves with their numbers, divergence included."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from demos import gradients as demo
from demos.descent import (
    CATEGORIES,
    Descent,
    Problem,
    compare_batches,
    compare_rates,
    descend,
    open_problem,
)
from demos.grids import CSS, written
from demos.panel import GRAY, LIGHT, figure, plot_of, problem, source_of, table
from demos.weights import Weights
from tutor.errors import TutorError

FAST = {**LIGHT, "trigger_mode": "always_last"}
COLORS = ("#4c8dff", "#2f9e44", "#b15ee0", "#e8590c", GRAY)  # readable on white and on black
DASHES = ("dot", "dash", "dashdot", "solid", "solid")


def said(text: str) -> str:
    """A sentence beside a picture; `text` is HTML."""
    return f'<p class="said" role="status">{text}</p>'


class Slope:
    """The guide's small regression problem, read on the first event that needs it."""

    def __init__(self, weights: Weights):
        self.weights = weights

    @cached_property
    def problem(self) -> Problem:
        """Sentences of two categories."""
        return open_problem(self.weights.settings.corpus)


def descent_tab(slope: Slope) -> None:
    """Loss curves for several learning rates and batch sizes, divergence included."""
    import gradio as gr

    first, second = (folder[3:].replace("_", " ") for folder in CATEGORIES)
    gr.Markdown(
        f"A linear model over 100 words tells sentences on *{first}* from those on *{second}*. Its "
        "largest curvature is known, so the limit 2 / curvature can be computed before training."
    )
    guess = gr.Radio(["yes", "no"], label="Predict: all sentences per step converge at 0.9 × the "
                     "limit. Does one sentence per step?")  # fmt: skip
    with gr.Row():
        rate = gr.Slider(0.05, 1.3, demo.RATE, step=0.05, label="Learning rate / limit",
                         min_width=160)  # fmt: skip
        steps = gr.Slider(20, 200, 60, step=20, label="Steps", min_width=160)
    go = gr.Button("Descend", variant="primary")
    answer = gr.HTML(css_template=CSS)
    rates_said = gr.HTML(css_template=CSS)
    rates = plot_of("Loss at each learning rate", visible=False)
    batches_said = gr.HTML(css_template=CSS)
    batches = plot_of("Loss at each batch size", visible=False)
    source_of(descend)

    def show(rate: float, steps: int) -> tuple[Any, ...]:
        try:
            by_rate = compare_rates(slope.problem, rate, int(steps))
            by_batch = compare_batches(slope.problem, rate, int(steps))
        except TutorError as error:
            return problem(error), gr.skip(), gr.skip(), gr.skip()
        limit = slope.problem.limit
        chosen = by_batch[-1]
        return (
            rates_text(by_rate, limit),
            drawn([(f"{run.rate / limit:.2g} ×", run) for run in by_rate], chosen.rate),
            batches_text(by_batch, limit),
            drawn([(f"{run.batch} per step", run) for run in by_batch]),
        )

    def reveal(guess: str) -> str:
        try:
            single, *_, full = compare_batches(slope.problem, 0.9)
        except TutorError as error:
            return problem(error)
        truth = "no" if single.diverged else "yes"
        right = "Right" if guess == truth else "Not so"
        return said(
            f"{right}. One sentence per step: {demo.ending(single)}. All: {demo.ending(full)}. "
            f"One sentence of k of the words has the curvature k + 1, on average "
            f"{slope.problem.alone:.1f}; the average of all has {2 / slope.problem.limit:.1f}."
        )

    outputs = [rates_said, rates, batches_said, batches]
    gr.on([go.click, rate.change, steps.change], show, [rate, steps], outputs, **FAST)
    guess.input(reveal, guess, answer, **FAST)


def rates_text(runs: Sequence[Descent], limit: float) -> str:
    """The learning-rate runs in numbers."""
    curvature = 2 / limit
    lines = [
        [f"{run.rate / limit:.2g} × = {run.rate:.3f}", written(1 - run.rate * curvature),
         demo.ending(run)]
        for run in runs
    ]  # fmt: skip
    head = ["learning rate", "factor 1 − ηc", "result"]
    return said(
        f"<b>Learning rate</b>, all sentences per step. Largest curvature c = {curvature:.2f}, "
        f"limit 2/c = {limit:.3f}. Along the steepest direction a step multiplies the distance by "
        "1 − ηc: below −1 it grows."
    ) + table(head, lines, wide=2)


def batches_text(runs: Sequence[Descent], limit: float) -> str:
    """The batch-size runs in numbers."""
    lines = [
        [str(run.batch), f"{run.batch * (len(run.losses) - 1):,}", demo.ending(run)] for run in runs
    ]
    head = ["sentences per step", "sentences read", "result"]
    return said(
        f"<b>Batch size</b> at {runs[0].rate / limit:.2g} × the limit. Fewer sentences per step: a "
        "noisier gradient and a lower limit, but far fewer sentences read."
    ) + table(head, lines, wide=2)


def drawn(runs: Sequence[tuple[str, Descent]], strong: float | None = None) -> Any:
    """Losses over all sentences against steps, on a log scale; the rate `strong` is thicker.

    The scale ends at 10: what diverges leaves the picture, and the rest can be told apart.
    """
    import gradio as gr

    plot = figure(280)
    for (name, run), color, dash in zip(runs, COLORS, DASHES, strict=False):
        plot.add_scatter(
            x=list(range(len(run.losses))), y=list(run.losses), mode="lines", name=name,
            line={"color": color, "dash": dash, "width": 4 if run.rate == strong else 2},
            hovertemplate=f"{name}, step %{{x}}: %{{y:.3g}}<extra></extra>",
        )  # fmt: skip
    plot.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.05, "yanchor": "bottom", "x": 0}
    )
    plot.update_xaxes(title="steps")
    plot.update_yaxes(type="log", title="loss over all sentences", range=[-1.05, 1], dtick=1)
    return gr.update(value=plot, visible=True)
