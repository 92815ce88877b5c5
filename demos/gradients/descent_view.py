"""The tab on learning rate and batch size: loss curves with their numbers, divergence included."""

from collections.abc import Callable

import gradio as gr

from demos.gradients.descent import (
    CATEGORIES,
    Problem,
    compare_batches,
    compare_rates,
    descend,
    ending,
)
from demos.gradients.descent_figures import batches_text, loss_curves, rates_text
from demos.gradients.run import RATE
from demos.shared.markup import said
from demos.shared.panel import FAST, Update, handler, plot_of, plotted, source_of
from demos.shared.style import TABLES


def descent_tab(problem: Callable[[], Problem]) -> None:
    """Loss curves for several learning rates and batch sizes, divergence included.

    `problem` reads the guide's sentences when it is first asked for them.
    """
    first, second = (folder[3:].replace("_", " ") for folder in CATEGORIES)
    gr.Markdown(
        f"A linear model over 100 words tells sentences on *{first}* from those on *{second}*. Its "
        "largest curvature is known, so the limit 2 / curvature can be computed before training."
    )
    guess = gr.Radio(
        ["yes", "no"],
        label="Predict: all sentences per step converge at 0.9 × the limit. Does one sentence per "
        "step?",
    )
    with gr.Row():
        rate = gr.Slider(0.05, 1.3, RATE, step=0.05, label="Learning rate / limit", min_width=160)
        steps = gr.Slider(20, 200, 60, step=20, label="Steps", min_width=160)
    go = gr.Button("Descend", variant="primary")
    answer = gr.HTML(css_template=TABLES)
    rates_said = gr.HTML(css_template=TABLES)
    rates = plot_of("Loss at each learning rate", visible=False)
    batches_said = gr.HTML(css_template=TABLES)
    batches = plot_of("Loss at each batch size", visible=False)
    source_of(descend)

    @handler(failed=[gr.skip()] * 3)
    def show(rate: float, steps: int) -> tuple[str, Update, str, Update]:
        limit = problem().limit
        by_rate = compare_rates(problem(), rate, int(steps))
        by_batch = compare_batches(problem(), rate, int(steps))
        rate_lines = [(f"{run.rate / limit:.2g} ×", run) for run in by_rate]
        batch_lines = [(f"{run.batch} per step", run) for run in by_batch]
        return (
            rates_text(by_rate, limit),
            plotted(loss_curves(rate_lines, by_batch[-1].rate)),
            batches_text(by_batch, limit),
            plotted(loss_curves(batch_lines)),
        )

    @handler()
    def reveal(guess: str) -> str:
        single, *_, full = compare_batches(problem(), 0.9)
        truth = "no" if single.diverged else "yes"
        right = "Right" if guess == truth else "Not so"
        return said(
            f"{right}. One sentence per step: {ending(single)}. All: {ending(full)}. "
            f"One sentence of k of the words has the curvature k + 1, on average "
            f"{problem().alone:.1f}; the average of all has {2 / problem().limit:.1f}."
        )

    outputs = [rates_said, rates, batches_said, batches]
    gr.on([go.click, rate.change, steps.change], show, [rate, steps], outputs, **FAST)
    guess.input(reveal, guess, answer, **FAST)
