"""Loss curves of learning rates and batch sizes, with their numbers."""

from collections.abc import Sequence

from demos.gradients.descent import Descent, ending
from demos.shared.charts import DASHES, SERIES, Figure, figure
from demos.shared.grids import written
from demos.shared.markup import said, table


def rates_text(runs: Sequence[Descent], limit: float) -> str:
    """The learning-rate runs in numbers."""
    curvature = 2 / limit
    lines = [
        [
            f"{run.rate / limit:.2g} × = {run.rate:.3f}",
            written(1 - run.rate * curvature),
            ending(run),
        ]
        for run in runs
    ]
    head = ["learning rate", "factor 1 − ηc", "result"]
    return said(
        f"<b>Learning rate</b>, all sentences per step. Largest curvature c = {curvature:.2f}, "
        f"limit 2/c = {limit:.3f}. Along the steepest direction a step multiplies the distance by "
        "1 − ηc: below −1 it grows."
    ) + table(head, lines, wide=2)


def batches_text(runs: Sequence[Descent], limit: float) -> str:
    """The batch-size runs in numbers."""
    lines = [
        [str(run.batch), f"{run.batch * (len(run.losses) - 1):,}", ending(run)] for run in runs
    ]
    head = ["sentences per step", "sentences read", "result"]
    return said(
        f"<b>Batch size</b> at {runs[0].rate / limit:.2g} × the limit. Fewer sentences per step: a "
        "noisier gradient and a lower limit, but far fewer sentences read."
    ) + table(head, lines, wide=2)


def loss_curves(runs: Sequence[tuple[str, Descent]], strong: float | None = None) -> Figure:
    """Losses over all sentences against steps, on a log scale; the rate `strong` is thicker.

    The scale ends at 10: what diverges leaves the picture, and the rest can be told apart.
    """
    plot = figure(legend=True)
    for (name, run), color, dash in zip(runs, SERIES, DASHES, strict=False):
        plot.add_scatter(
            x=list(range(len(run.losses))),
            y=list(run.losses),
            mode="lines",
            name=name,
            line={"color": color, "dash": dash, "width": 4 if run.rate == strong else 2},
            hovertemplate=f"{name}, step %{{x}}: %{{y:.3g}}<extra></extra>",
        )
    plot.update_xaxes(title="steps")
    plot.update_yaxes(type="log", title="loss over all sentences", range=[-1.05, 1], dtick=1)
    return plot
