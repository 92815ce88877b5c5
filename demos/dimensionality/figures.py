"""How the dimensionality demo draws its results: figures with a sentence on each.

What a person typed is escaped here.
"""

from collections.abc import Sequence

import numpy as np

from demos.dimensionality.pca import Components
from demos.dimensionality.question_map import Cut
from demos.shared.charts import AXIS, Figure, figure
from demos.shared.markup import table
from demos.shared.style import ACCENT, BLUE, GRAY, GREEN

BARS = 40  # eigenvalues drawn as bars


def describe_components(parts: Components, share: float) -> str:
    """How many components keep a share, and how much the first ones hold."""
    kept = np.cumsum(parts.shares)
    needed, size = parts.needed(share), len(kept)
    first = ", ".join(f"{value:.4f}" for value in parts.eigenvalues[:3])
    return (
        f"<p><b>{needed}</b> of {size} components keep {share:.0%} of the variance. The largest "
        f"eigenvalues are {first}; together the first two keep {kept[min(1, size - 1)]:.1%}, the "
        f"first ten {kept[min(9, size - 1)]:.1%}.</p>"
    )


def judge_guess(parts: Components, guess: int) -> str:
    """How the guessed number of components did."""
    needed = parts.needed(0.9)
    kept = float(np.cumsum(parts.shares)[min(guess, len(parts.shares)) - 1])
    start = "Close: your" if abs(guess - needed) <= 0.1 * needed else "Your"
    return f"<p>{start} {guess} components would keep {kept:.1%}; 90 % needs {needed}.</p>"


def draw_eigenvalues(parts: Components, share: float) -> Figure:
    """The first eigenvalues as bars, and the share kept by the first k as a line."""
    kept = np.cumsum(parts.shares)
    numbers = np.arange(1, len(kept) + 1)
    needed = parts.needed(share)
    drawn = figure(420, grid={"rows": 2, "columns": 1, "pattern": "independent"})
    drawn.add_bar(
        x=numbers[:BARS],
        y=parts.eigenvalues[:BARS],
        marker_color=BLUE,
        hovertemplate="component %{x}: eigenvalue %{y:.5f}<extra></extra>",
    )
    drawn.add_scatter(
        x=numbers,
        y=kept,
        mode="lines",
        line={"color": BLUE},
        xaxis="x2",
        yaxis="y2",
        hovertemplate="%{x} components keep %{y:.1%}<extra></extra>",
    )
    drawn.add_scatter(
        x=[0, needed, needed],
        y=[share, share, 0],
        mode="lines",
        xaxis="x2",
        yaxis="y2",
        line={"dash": "dot", "color": ACCENT},
        hoverinfo="skip",
    )
    drawn.update_layout(
        xaxis={"title": f"component (first {min(BARS, len(kept))})", **AXIS},
        yaxis={"title": "eigenvalue", **AXIS},
        xaxis2={"title": "components kept", **AXIS},
        yaxis2={"title": "variance kept", "tickformat": ".0%", "range": [0, 1.03], **AXIS},
    )
    return drawn


def describe_cuts(found: Sequence[Cut]) -> str:
    """Where shortening begins to cost."""
    full, best = found[-1], max(found, key=lambda cut: cut.components)
    enough = next(cut for cut in found if cut.components >= 0.95 * full.components)
    rows = [
        (
            str(cut.size),
            f"{cut.components:.1%}",
            f"{cut.coordinates:.1%}",
            f"{cut.random:.1%}",
            f"{4 * cut.size:,} bytes",
        )
        for cut in found
    ]
    head = ("numbers kept", "components", "plain coordinates", "random projection", "a vector")
    return (
        f"<p>Task: a question of the guide searches among all the others; right if the nearest "
        f"belongs to the same guide question. All {full.size} numbers: <b>{full.coordinates:.1%}"
        f"</b>. The first <b>{enough.size}</b> components keep 95 % of what {full.size} reach; the "
        f"best are {best.size} with {best.components:.1%}. With so few questions a point or two "
        f"is chance.</p>" + table(head, rows, wide=-1)
    )


def draw_cuts(found: Sequence[Cut]) -> Figure:
    """The share of right neighbors against the numbers kept, for the three ways."""
    drawn = figure(legend=True)
    sizes = [cut.size for cut in found]
    lines = (
        ("components", [cut.components for cut in found], BLUE),
        ("plain coordinates", [cut.coordinates for cut in found], GREEN),
        ("random projection", [cut.random for cut in found], GRAY),
    )
    for name, values, color in lines:
        drawn.add_scatter(x=sizes, y=values, mode="lines+markers", name=name, line={"color": color})
    drawn.update_xaxes(type="log", title="numbers kept", tickvals=sizes, ticktext=sizes)
    drawn.update_yaxes(title="nearest is right", tickformat=".0%", rangemode="tozero")
    return drawn
