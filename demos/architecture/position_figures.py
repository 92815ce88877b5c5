"""Pictures of positions: waves, a rotated pair, a falling curve, with their numbers in words."""

from collections.abc import Sequence

import numpy as np

from demos.architecture import positions
from demos.architecture.positions import SMOLLM2_BASE
from demos.shared.arrays import Array
from demos.shared.charts import SERIES, Figure, figure
from demos.shared.grids import written
from demos.shared.markup import said, sentence, sums
from demos.shared.rope import frequencies
from demos.shared.style import BLUE, FAINT, GRAY, ORANGE

Point = tuple[float, float]
STARTS = (0, 1, 10, 100, 1000)


def pair_of(query_at: int, key_at: int, pair: int) -> tuple[Point, Point]:
    """A pair counted from 1, after its rotations: query and key."""
    found = positions.turned(pair - 1, query_at, key_at)
    return found.query, found.key


def waves_said(length: int, width: int) -> str:
    """The heat map in words: two rows of it, fastest and slowest wave."""
    table = positions.sinusoids(length, width)
    first = ", ".join(written(number, 3) for number in table[1, :4])
    slowest = 2 * np.pi / frequencies(width)[-1]
    return sentence(
        f"Sinusoidal encoding: position 1 begins {first}. The first pair repeats "
        f"after 6.28 tokens, the last after {slowest:,.0f}. The row is added to the token’s "
        "embedding."
    )


def rotation_said(query_at: int, key_at: int, pair: int) -> str:
    """One pair's rotation in numbers."""
    found = positions.turned(pair - 1, query_at, key_at)
    offset = query_at - key_at
    ends = [f"({written(x, 3)}, {written(y, 3)})" for x, y in (found.query, found.key)]
    return sentence(
        f"Pair {pair} turns {found.radians:.3g} radians a token, once round in "
        f"{found.round_trip:,.0f}. Starting from (1, 0), the query becomes {ends[0]}, the key "
        f"{ends[1]}. Their product is {written(found.product, 3)} = cos({offset} × "
        f"{found.radians:.3g}): it depends on the offset {offset} only. Pair 1 is the fastest, 32 "
        f"the slowest (base {SMOLLM2_BASE:,.0f})."
    )


def offsets_said(query_at: int, key_at: int, guess: str) -> str:
    """Whole vectors of 64 components at the same offset in five places, after a guess."""
    offset = query_at - key_at
    starts = [start + max(-offset, 0) for start in STARTS]  # no position below 0
    same = positions.offset_products(offset, starts)
    other = positions.offset_products(offset + 1, starts)
    lines = [
        [str(a.key_at), str(a.query_at), written(a.product, 6), written(b.product, 6)]
        for a, b in zip(same, other, strict=True)
    ]
    right = "Right" if guess == "the same" else "No"
    return said(
        f"{right}: it is the same. The rotations at both places "
        f"differ, but their difference does not; one token more of offset gives another product."
    ) + sums(["key at", "query at", "q·k", f"q·k at offset {offset + 1}"], lines)


def decay_said(distance: int) -> str:
    """The falling curve in words."""
    curve = positions.decay()
    points = ", ".join(f"{curve[place]:.2f} at {place}" for place in (1, 10, 100, 256))
    return sentence(
        "A query and a key that agree in every pair have the product 1 at distance "
        f"0; with RoPE it falls to {points}. At your distance {distance}: {curve[distance]:.2f}. "
        "Near tokens have an advantage."
    )


def shuffle_said() -> str:
    """What a reversed text does to attention's outputs."""
    found = positions.shuffle()
    return sentence(
        "Why positions are needed: six random tokens in reversed order. Largest "
        f"change of any token’s attention output: {found.without:.0e} without positions, "
        f"{found.sinusoidal:.2f} with sine waves, {found.rotary:.2f} with RoPE."
    )


def wave_map(waves: Array) -> Figure:
    """Sinusoids (position, component) as a heat map: fast waves left, slow ones right."""
    drawn = figure()
    drawn.add_heatmap(
        z=np.round(waves, 3),
        colorscale=[[0, BLUE], [0.5, FAINT], [1, ORANGE]],
        zmin=-1,
        zmax=1,
        colorbar={"thickness": 10},
        hovertemplate="position %{y}, component %{x}: %{z}<extra></extra>",
    )
    drawn.update_xaxes(title="component (even: sine, odd: cosine)")
    drawn.update_yaxes(title="position", autorange="reversed")
    return drawn


def turned_pair(query: Sequence[float], key: Sequence[float]) -> Figure:
    """One pair of a query and a key after their rotations, as arrows in the unit circle."""
    drawn = figure()
    circle = np.linspace(0, 2 * np.pi, 120)
    drawn.add_scatter(
        x=np.cos(circle),
        y=np.sin(circle),
        mode="lines",
        hoverinfo="skip",
        line={"color": GRAY, "width": 1, "dash": "dot"},
    )
    arrows = zip(("query", "key"), (query, key), SERIES, strict=False)
    for name, (x, y), color in arrows:
        drawn.add_scatter(
            x=[0, x],
            y=[0, y],
            mode="lines+markers+text",
            text=["", name],
            name=name,
            textposition="top center",
            textfont={"color": color},
            line={"color": color, "width": 3},
            marker={"size": [0, 9], "color": color},
            hovertemplate="%{x:.3f}, %{y:.3f}",
        )
    drawn.update_xaxes(range=[-1.5, 1.5], visible=False)
    drawn.update_yaxes(range=[-1.3, 1.3], visible=False, scaleanchor="x")
    return drawn


def decay_curve(values: Array, offset: int) -> Figure:
    """The product of agreeing vectors against their distance, one distance marked."""
    drawn = figure()
    drawn.add_scatter(
        y=values,
        mode="lines",
        line={"color": BLUE},
        hovertemplate="distance %{x}: %{y:.3f}<extra></extra>",
    )
    drawn.add_scatter(
        x=[offset],
        y=[values[offset]],
        mode="markers",
        hoverinfo="skip",
        marker={"color": ORANGE, "size": 10},
    )
    drawn.update_xaxes(title="distance in tokens")
    drawn.update_yaxes(title="product, 1 at distance 0", rangemode="tozero")
    return drawn
