"""Figures of the architecture demo: waves, a rotated pair, a falling curve, gradient norms.

Each comes with its numbers in words beside it; nothing here computes more than what it draws.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from demos.depth import Depth
from demos.heads import Array
from demos.panel import GRAY, figure
from demos.recurrence import Reach

COLORS = ("#e8590c", "#2f9e44", "#4c8dff", "#b15ee0", GRAY)  # readable on white and on black
DASHES = ("solid", "dash", "dot", "dashdot", "solid")


def wave_map(waves: Array) -> Any:
    """Sinusoids (position, component) as a heat map: fast waves left, slow ones right."""
    import plotly.graph_objects as go

    drawn = figure(320)
    drawn.add_trace(
        go.Heatmap(
            z=np.round(waves, 3),
            colorscale=[[0, "#4c8dff"], [0.5, "rgba(136,136,136,0.12)"], [1, "#e8590c"]],
            zmin=-1,
            zmax=1,
            colorbar={"thickness": 10},
            hovertemplate="position %{y}, component %{x}: %{z}<extra></extra>",
        )
    )
    drawn.update_xaxes(title="component (even: sine, odd: cosine)")
    drawn.update_yaxes(title="position", autorange="reversed")
    return drawn


def turned_pair(query: Sequence[float], key: Sequence[float]) -> Any:
    """One pair of a query and a key after their rotations, as arrows in the unit circle."""
    drawn = figure(260)
    circle = np.linspace(0, 2 * np.pi, 120)
    drawn.add_scatter(x=np.cos(circle), y=np.sin(circle), mode="lines", hoverinfo="skip",
                      line={"color": GRAY, "width": 1, "dash": "dot"})  # fmt: skip
    arrows = zip(("query", "key"), (query, key), COLORS, strict=False)
    for name, (x, y), color in arrows:
        drawn.add_scatter(
            x=[0, x], y=[0, y], mode="lines+markers+text", text=["", name], name=name,
            textposition="top center", textfont={"color": color},
            line={"color": color, "width": 3}, marker={"size": [0, 9], "color": color},
            hovertemplate="%{x:.3f}, %{y:.3f}",
        )  # fmt: skip
    drawn.update_xaxes(range=[-1.5, 1.5], visible=False)
    drawn.update_yaxes(range=[-1.3, 1.3], visible=False, scaleanchor="x")
    return drawn


def decay_curve(values: Array, offset: int) -> Any:
    """The product of agreeing vectors against their distance, one distance marked."""
    drawn = figure(260)
    drawn.add_scatter(y=values, mode="lines", line={"color": COLORS[2]},
                      hovertemplate="distance %{x}: %{y:.3f}<extra></extra>")  # fmt: skip
    drawn.add_scatter(x=[offset], y=[values[offset]], mode="markers", hoverinfo="skip",
                      marker={"color": COLORS[0], "size": 10})  # fmt: skip
    drawn.update_xaxes(title="distance in tokens")
    drawn.update_yaxes(title="product, 1 at distance 0", rangemode="tozero")
    return drawn


def depth_curves(stacks: Sequence[Depth]) -> Any:
    """Gradient norms against the block whose entry they were measured at, on a log scale."""
    drawn = lines([(stack.kind, stack.norms) for stack in stacks])
    drawn.update_xaxes(title="entry of block; the loss is on the right")
    drawn.update_yaxes(title="norm of the gradient")
    return drawn


def reach_curves(nets: Sequence[Reach]) -> Any:
    """Gradient norms against the distance from the output, on a log scale."""
    drawn = lines([(net.net, net.norms) for net in nets], start=0)
    drawn.update_xaxes(title="distance from the output in tokens")
    drawn.update_yaxes(title="norm of the gradient")
    return drawn


def lines(series: Sequence[tuple[str, Sequence[float]]], start: int = 1) -> Any:
    """Several falling or rising lines over a logarithmic axis, told apart by color and dash."""
    drawn = figure(340)
    for (name, values), color, dash in zip(series, COLORS, DASHES, strict=False):
        drawn.add_scatter(
            x=list(range(start, start + len(values))), y=list(values), mode="lines", name=name,
            line={"color": color, "dash": dash, "width": 2},
            hovertemplate=f"{name}, %{{x}}: %{{y:.2e}}<extra></extra>",
        )  # fmt: skip
    drawn.update_yaxes(type="log", exponentformat="power")
    drawn.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    return drawn
