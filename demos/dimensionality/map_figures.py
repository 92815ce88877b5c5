"""The map of the guide's questions: points, categories, and one's own text among them."""

import html
from collections.abc import Mapping, Sequence

import numpy as np

from demos.dimensionality.question_map import Place, QuestionMap
from demos.shared.charts import Figure, figure
from demos.shared.markup import table
from demos.shared.style import ACCENT, GRAY

EXCERPT = 120  # characters
NEAREST = 5  # neighbors listed


def describe_place(placed: Place, questions: QuestionMap) -> str:
    """Where the text landed, its true neighbors, and what the map makes of them."""
    text = html.escape(placed.text if len(placed.text) <= EXCERPT else placed.text[:EXCERPT] + "…")
    rows = [
        (
            f"{cosine:.2f}",
            link(questions, index),
            html.escape(questions.texts[index]),
            "yes" if index in placed.on_map else "no",
        )
        for index, cosine in list(zip(placed.neighbors, placed.cosines, strict=True))[:NEAREST]
    ]
    said = (
        f"<p><i>{text}</i> lies at ({placed.spot[0]:.2f}, {placed.spot[1]:.2f}), the star. The map "
        f"shows <b>{placed.shown:.0%}</b> of its distance from the middle (squared): of its "
        f"{len(placed.neighbors)} nearest questions in {questions.vectors.shape[1]} dimensions "
        f"<b>{placed.kept}</b> are among the {len(placed.on_map)} nearest here.</p>"
    )
    return said + table(("cosine", "guide", "nearest in truth", "near on the map"), rows, wide=2)


def link(questions: QuestionMap, index: int) -> str:
    """The guide question of a text, as a link that asks it."""
    number = questions.numbers[index]
    return f'<a href="#ask-{number}">Q{number}</a>'


def colors(folders: Sequence[str]) -> dict[str, str]:
    """A color for each category: hues around the circle, neighbors far apart."""
    size = len(folders)
    return {
        folder: f"hsl({round(360 * ((8 * place) % size) / size)}, 65%, {48 + 10 * (place % 2)}%)"
        for place, folder in enumerate(folders)
    }


def draw_map(placed: Place, questions: QuestionMap, titles: Mapping[str, str]) -> Figure:
    """Every question at its first two components, the categories' means, and the star."""
    spots = questions.components.project(questions.vectors, 2)  # (text, 2)
    folders = sorted(titles)
    color = colors(folders)
    of = np.array(questions.categories)
    drawn = figure(520)
    drawn.add_scatter(
        x=spots[:, 0],
        y=spots[:, 1],
        mode="markers",
        hoverinfo="text",
        marker={"size": 6, "opacity": 0.45, "color": [color[folder] for folder in of]},
        hovertext=[
            f"{html.escape(titles[folder])}<br>Q{number} {html.escape(text)}"
            for folder, number, text in zip(
                questions.categories, questions.numbers, questions.texts, strict=True
            )
        ],
    )
    means = np.array([spots[of == folder].mean(axis=0) for folder in folders])  # (category, 2)
    drawn.add_scatter(
        x=means[:, 0],
        y=means[:, 1],
        mode="markers+text",
        hoverinfo="text",
        text=[folder[:2] for folder in folders],
        textfont={"color": "white", "size": 10},
        hovertext=[f"mean of {html.escape(titles[folder])}" for folder in folders],
        marker={"size": 20, "color": [color[folder] for folder in folders]},
    )
    drawn.add_scatter(
        x=[placed.spot[0]],
        y=[placed.spot[1]],
        mode="markers",
        hoverinfo="text",
        hovertext=[html.escape(placed.text[:EXCERPT])],
        marker={"size": 20, "symbol": "star", "color": ACCENT, "line": {"width": 2, "color": GRAY}},
    )
    shares = questions.components.shares
    drawn.update_xaxes(title=f"component 1 ({shares[0]:.1%} of the variance)")
    drawn.update_yaxes(title=f"component 2 ({shares[1]:.1%})")
    return drawn


def category_legend(titles: Mapping[str, str]) -> str:
    """Which color and number is which category."""
    color = colors(sorted(titles))
    items = "".join(
        f'<li style="break-inside:avoid"><span style="color:{color[folder]}">●</span> '
        f"{folder[:2]} {html.escape(titles[folder])}</li>"
        for folder in sorted(titles)
    )
    style = "columns:14rem;list-style:none;padding:0;font-size:0.85rem"
    return f'<ul style="{style}">{items}</ul>'
