"""How the dimensionality demo draws its results: figures with a sentence on each.

What a person typed is escaped here.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from demos.cloud import Cloud, Cut, Place
from demos.components import Components
from demos.panel import ACCENT, GRAY, figure, table

BARS = 40  # eigenvalues drawn as bars
EXCERPT = 120  # characters
NEAREST = 5  # neighbors listed


def describe_place(placed: Place, cloud: Cloud) -> str:
    """Where the text landed, its true neighbors, and what the map makes of them."""
    text = html.escape(placed.text if len(placed.text) <= EXCERPT else placed.text[:EXCERPT] + "…")
    rows = [
        (f"{cosine:.2f}", link(cloud, index), html.escape(cloud.texts[index]),
         "yes" if index in placed.on_map else "no")
        for index, cosine in list(zip(placed.neighbors, placed.cosines, strict=True))[:NEAREST]
    ]  # fmt: skip
    said = (
        f"<p><i>{text}</i> lies at ({placed.spot[0]:.2f}, {placed.spot[1]:.2f}), the star. The map "
        f"shows <b>{placed.shown:.0%}</b> of its distance from the middle (squared): of its "
        f"{len(placed.neighbors)} nearest questions in {cloud.vectors.shape[1]} dimensions "
        f"<b>{placed.kept}</b> are among the {len(placed.on_map)} nearest here.</p>"
    )
    return said + table(("cosine", "guide", "nearest in truth", "near on the map"), rows, wide=2)


def link(cloud: Cloud, index: int) -> str:
    """The guide question of a text, as a link that asks it."""
    number = cloud.numbers[index]
    return f'<a href="#ask-{number}">Q{number}</a>'


def colors(folders: Sequence[str]) -> dict[str, str]:
    """A color for each category: hues around the circle, neighbors far apart."""
    size = len(folders)
    return {
        folder: f"hsl({round(360 * ((8 * place) % size) / size)}, 65%, {48 + 10 * (place % 2)}%)"
        for place, folder in enumerate(folders)
    }


def draw_map(placed: Place, cloud: Cloud, titles: Mapping[str, str]) -> Any:
    """Every question at its first two components, the categories' means, and the star."""
    import plotly.graph_objects as go

    spots = cloud.components.project(cloud.vectors, 2)  # (text, 2)
    folders = sorted(titles)
    color = colors(folders)
    of = np.array(cloud.categories)
    drawn = figure(520)
    drawn.add_trace(
        go.Scatter(
            x=spots[:, 0], y=spots[:, 1], mode="markers", hoverinfo="text",
            marker={"size": 6, "opacity": 0.45, "color": [color[folder] for folder in of]},
            hovertext=[
                f"{html.escape(titles[folder])}<br>Q{number} {html.escape(text)}"
                for folder, number, text in zip(
                    cloud.categories, cloud.numbers, cloud.texts, strict=True
                )
            ],
        )
    )  # fmt: skip
    means = np.array([spots[of == folder].mean(axis=0) for folder in folders])  # (category, 2)
    drawn.add_trace(
        go.Scatter(
            x=means[:, 0], y=means[:, 1], mode="markers+text", hoverinfo="text",
            text=[folder[:2] for folder in folders], textfont={"color": "white", "size": 10},
            hovertext=[f"mean of {html.escape(titles[folder])}" for folder in folders],
            marker={"size": 20, "color": [color[folder] for folder in folders]},
        )
    )  # fmt: skip
    drawn.add_trace(
        go.Scatter(
            x=[placed.spot[0]], y=[placed.spot[1]], mode="markers", hoverinfo="text",
            hovertext=[html.escape(placed.text[:EXCERPT])],
            marker={"size": 20, "symbol": "star", "color": ACCENT,
                    "line": {"width": 2, "color": GRAY}},
        )
    )  # fmt: skip
    shares = cloud.components.shares
    drawn.update_xaxes(title=f"component 1 ({shares[0]:.1%} of the variance)")
    drawn.update_yaxes(title=f"component 2 ({shares[1]:.1%})")
    return drawn


def legend(titles: Mapping[str, str]) -> str:
    """Which color and number is which category."""
    color = colors(sorted(titles))
    items = "".join(
        f'<li style="break-inside:avoid"><span style="color:{color[folder]}">●</span> '
        f"{folder[:2]} {html.escape(titles[folder])}</li>"
        for folder in sorted(titles)
    )
    style = "columns:14rem;list-style:none;padding:0;font-size:0.85rem"
    return f'<ul style="{style}">{items}</ul>'


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


def draw_eigenvalues(parts: Components, share: float) -> Any:
    """The first eigenvalues as bars, and the share kept by the first k as a line."""
    import plotly.graph_objects as go

    kept = np.cumsum(parts.shares)
    numbers = np.arange(1, len(kept) + 1)
    needed = parts.needed(share)
    drawn = figure(420, grid={"rows": 2, "columns": 1, "pattern": "independent"})
    drawn.add_trace(
        go.Bar(
            x=numbers[:BARS], y=parts.eigenvalues[:BARS], marker_color="#1c7ed6",
            hovertemplate="component %{x}: eigenvalue %{y:.5f}<extra></extra>",
        )
    )  # fmt: skip
    drawn.add_trace(
        go.Scatter(
            x=numbers, y=kept, mode="lines", line={"color": "#1c7ed6"}, xaxis="x2", yaxis="y2",
            hovertemplate="%{x} components keep %{y:.1%}<extra></extra>",
        )
    )  # fmt: skip
    drawn.add_trace(
        go.Scatter(
            x=[0, needed, needed], y=[share, share, 0], mode="lines", xaxis="x2", yaxis="y2",
            line={"dash": "dot", "color": ACCENT}, hoverinfo="skip",
        )
    )  # fmt: skip
    soft = {"gridcolor": "rgba(136,136,136,0.25)", "zeroline": False, "automargin": True}
    drawn.update_layout(
        xaxis={"title": f"component (first {min(BARS, len(kept))})", **soft},
        yaxis={"title": "eigenvalue", **soft},
        xaxis2={"title": "components kept", **soft},
        yaxis2={"title": "variance kept", "tickformat": ".0%", "range": [0, 1.03], **soft},
    )
    return drawn


def describe_cuts(found: Sequence[Cut]) -> str:
    """Where shortening begins to cost."""
    full, best = found[-1], max(found, key=lambda cut: cut.components)
    enough = next(cut for cut in found if cut.components >= 0.95 * full.components)
    rows = [
        (str(cut.size), f"{cut.components:.1%}", f"{cut.coordinates:.1%}", f"{cut.random:.1%}",
         f"{4 * cut.size:,} bytes")
        for cut in found
    ]  # fmt: skip
    head = ("numbers kept", "components", "plain coordinates", "random projection", "a vector")
    return (
        f"<p>Task: a question of the guide searches among all the others; right if the nearest "
        f"belongs to the same guide question. All {full.size} numbers: <b>{full.coordinates:.1%}"
        f"</b>. The first <b>{enough.size}</b> components keep 95 % of what {full.size} reach; the "
        f"best are {best.size} with {best.components:.1%}. With so few questions a point or two "
        f"is chance.</p>" + table(head, rows, wide=-1)
    )


def draw_cuts(found: Sequence[Cut]) -> Any:
    """The share of right neighbors against the numbers kept, for the three ways."""
    import plotly.graph_objects as go

    drawn = figure(340)
    drawn.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15})
    sizes = [cut.size for cut in found]
    lines = (
        ("components", [cut.components for cut in found], "#1c7ed6"),
        ("plain coordinates", [cut.coordinates for cut in found], "#2f9e44"),
        ("random projection", [cut.random for cut in found], GRAY),
    )
    for name, values, color in lines:
        drawn.add_trace(
            go.Scatter(x=sizes, y=values, mode="lines+markers", name=name, line={"color": color})
        )
    drawn.update_xaxes(type="log", title="numbers kept", tickvals=sizes, ticktext=sizes)
    drawn.update_yaxes(title="nearest is right", tickformat=".0%", rangemode="tozero")
    return drawn
