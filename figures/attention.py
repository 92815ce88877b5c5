"""Figures about attention: scores, softmax, scaling, heads, masks."""

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import (
    BODY,
    SMALL,
    Ink,
    arrow,
    box,
    cell,
    charts,
    heat,
    label,
    powers,
    quiet,
    sheet,
    softmax,
)


@figure(
    2,
    "Query (1, 2) against keys (1, 0), (0, 1) and (1, 1): dot products 1, 2, 3, divided by 1.414, "
    "softmax weights 0.140, 0.284 and 0.576, and the weighted sum of the values, (4.28, 5.72).",
    "The key most like the query gives its value the largest weight, 0.576, but the other two "
    "still count.",
)
def one_query(ink: Ink) -> Figure:
    """Follow one query through softmax(q·k / √d) v with the guide's numbers."""
    fig, ax = sheet(318)
    query = np.array([1.0, 2.0])
    keys = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    values = np.array([[10.0, 0.0], [0.0, 10.0], [5.0, 5.0]])
    raw = keys @ query
    weights = softmax(raw / np.sqrt(2))
    result = weights @ values
    heads = ((96, "key"), (186, "q · k"), (272, "÷ √2"), (404, "softmax weight"), (572, "value"))
    for x, text in heads:
        label(ax, x, 78, text, ink.muted, ha="center")
    box(ax, ink, 36, 12, 172, 38, "query (1, 2)", ink.orange)
    for row in range(3):
        y = 94 + row * 52
        box(ax, ink, 36, y, 120, 40, f"({keys[row, 0]:.0f}, {keys[row, 1]:.0f})", ink.blue)
        label(ax, 186, y + 20, f"{raw[row]:.0f}", size=BODY, ha="center")
        label(ax, 272, y + 20, f"{raw[row] / np.sqrt(2):.3f}", size=BODY, ha="center")
        cell(ax, ink, 326, y + 6, 220 * weights[row], 28, "", ink.orange)
        label(ax, 332 + 220 * weights[row], y + 20, f"{weights[row]:.3f}", size=BODY)
        box(ax, ink, 516, y, 112, 40, f"({values[row, 0]:.0f}, {values[row, 1]:.0f})", ink.green)
    arrow(ax, ink, (572, 242), (572, 266))
    label(ax, 496, 288, "sum of weight × value", ink.muted, ha="right")
    box(ax, ink, 506, 268, 124, 40, f"({result[0]:.2f}, {result[1]:.2f})", ink.green, bold=True)
    return fig


@figure(
    22,
    "Width 512 split into 8 heads of 64 numbers. Below, cache of a 32-layer model at 8,192 tokens: "
    "4 GiB with 32 key-value heads, 1 GiB with 8, 0.125 GiB with 1.",
    "Splitting the width into heads costs no parameters; sharing keys and values among heads "
    "saves cache.",
)
def heads_and_cache(ink: Ink) -> Figure:
    """Draw the split of d = 512 into 8 heads, and 2·L·heads·128·n·2 bytes for three designs."""
    fig, ax = sheet(330)
    label(ax, 16, 20, "one vector of width 512 = 8 heads × 64", size=BODY, bold=True)
    for head in range(8):
        color = ink.hues[head % 4]
        box(ax, ink, 16 + head * 76, 38, 72, 40, "64", color)
        arrow(ax, ink, (52 + head * 76, 80), (52 + head * 76, 100))
        box(ax, ink, 16 + head * 76, 102, 72, 34, f"head {head + 1}", color, SMALL)
    label(ax, 16, 172, "cache: 32 layers, head size 128, 8,192 tokens, 16 bits", size=BODY,
          bold=True)  # fmt: skip
    names = {32: "multi-head", 8: "grouped-query", 1: "multi-query"}
    for row, (heads, name) in enumerate(names.items()):
        size = 2 * 32 * heads * 128 * 8192 * 2 / 2**30
        y = 192 + row * 44
        label(ax, 208, y + 16, f"{name}, {heads} KV head{'s' * (heads > 1)}", ha="right")
        cell(ax, ink, 218, y, max(size * 75, 5), 32, "", ink.blue)
        label(ax, 228 + size * 75, y + 16, f"{size:g} GiB", size=BODY)
    return fig


@figure(
    23,
    "Softmax of the scores 1, 2, 3 gives 0.090, 0.245, 0.665; of 10, 20, 30 it gives 0, 0, 1. The "
    "gradient a(1 - a) of the largest weight falls from 0.223 to 0.00005.",
    "Ten times larger scores keep the order, but the softmax saturates and passes on almost no "
    "gradient.",
)
def saturation(ink: Ink) -> Figure:
    """Compare softmax(1, 2, 3) and softmax(10, 20, 30), and draw a(1 - a) over the scale."""
    fig, (one, ten, slope) = charts(300, (1, 1, 1.7), left=46, gap=44)
    for ax, scale in ((one, 1), (ten, 10)):
        weights = softmax(scale * np.array([1.0, 2.0, 3.0]))
        bars = ax.bar([0, 1, 2], weights, color=ink.blue, width=0.7)
        ax.bar_label(bars, [f"{w:.3f}" for w in weights], padding=3, fontsize=SMALL)
        ax.set(ylim=(0, 1.15), title="weight" if scale == 1 else "", xlabel="score")
        ax.set_xticks([0, 1, 2], [str(scale), str(2 * scale), str(3 * scale)])
        ax.set_yticks([0, 0.5, 1])
        quiet(ax)
    ten.set_yticklabels([])
    scales = np.linspace(0.2, 10, 80)
    largest = np.array([softmax(s * np.array([1.0, 2.0, 3.0]))[2] for s in scales])
    slope.semilogy(scales, largest * (1 - largest), color=ink.orange)
    for at, text in ((1, "0.223"), (10, "0.00005")):
        top = softmax(at * np.array([1.0, 2.0, 3.0]))[2]
        slope.plot(at, top * (1 - top), "o", color=ink.orange, ms=7)
        label(slope, at + (0.5 if at == 1 else -0.6), top * (1 - top) * 1.25, text, size=BODY,
              ha="left" if at == 1 else "right")  # fmt: skip
    slope.set(title="gradient a(1 − a)", xlabel="scores multiplied by")
    powers(slope, [-4, -3, -2, -1])
    slope.set_xticks([1, 4, 7, 10])
    quiet(slope)
    return fig


@figure(
    24,
    "Mean largest softmax weight over 16 random keys as the dimension grows from 4 to 4096. "
    "Unscaled it rises from 0.44 to 0.98; with the division by √d it stays near 0.25.",
    "Without the division by √d the standard deviation of the scores grows like √d, and one key "
    "takes almost everything. (Random unit-variance vectors, 400 draws per point.)",
)
def scaling(ink: Ink) -> Figure:
    """Draw random queries and keys with unit variance; scores then have standard deviation √d."""
    fig, (ax,) = charts(310, right=150, top=24)
    random = np.random.default_rng(24)
    sizes = np.array([4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096])
    raw, scaled = [], []
    for size in sizes:
        query = random.standard_normal((400, 1, size))
        # One key after another, so that never more than one block of 400 × d is in memory.
        scores = np.stack(
            [(query[:, 0] * random.standard_normal((400, size))).sum(axis=1) for _ in range(16)],
            axis=1,
        )
        raw.append(softmax(scores).max(axis=1).mean())
        scaled.append(softmax(scores / np.sqrt(size)).max(axis=1).mean())
    for line, color, text in (
        (raw, ink.orange, "q · k"),
        (scaled, ink.blue, "q · k / √d"),
    ):
        ax.plot(sizes, line, "o-", color=color, ms=5)
        label(ax, 5200, line[-1], f"{text}: {line[-1]:.2f}", color, BODY)
    ax.axhline(1 / 16, color=ink.muted, lw=1.2, ls="--")
    label(ax, 5200, 1 / 16, "all equal: 1/16", ink.muted)
    ax.set_xscale("log", base=2)
    ax.set_xticks([4, 16, 64, 256, 1024, 4096], ["4", "16", "64", "256", "1024", "4096"])
    ax.set(xlim=(3.4, 4700), ylim=(0, 1.03), xlabel="dimension d of query and key")
    ax.set_ylabel("largest of 16 weights")
    ax.minorticks_off()
    quiet(ax)
    return fig


@figure(
    32,
    "A 3 by 3 score matrix in three steps: raw dot products, halved and masked above the "
    "diagonal, and softmax rows 1.000; 0.269, 0.731; and 0.245, 0.090, 0.665.",
    "The mask comes before the softmax, so every row of weights still adds up to 1.",
)
def score_matrix(ink: Ink) -> Figure:
    """Take the guide's scores through division by √4, the causal mask and the softmax."""
    fig, ax = sheet(266)
    raw = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 2.0], [4.0, 2.0, 6.0]])
    seen = np.tril(np.ones((3, 3), dtype=bool))
    masked = np.where(seen, raw / 2, -np.inf)
    weights = softmax(masked)
    shown = [
        ("q · k", raw / 7, [[f"{v:.0f}" for v in row] for row in raw], ink.green),
        (
            "÷ √4 and mask",
            np.where(seen, raw / 7, 0),
            [[f"{v:g}" if np.isfinite(v) else "−∞" for v in row] for row in masked],
            ink.green,
        ),
        (
            "softmax",
            weights,
            [[f"{v:.3f}" if v else "0" for v in row] for row in weights],
            ink.blue,
        ),
    ]
    for step, (title, shares, texts, color) in enumerate(shown):
        x = 76 + step * 193
        label(ax, x, 24, title, size=BODY, bold=True)
        for key in range(3):
            label(ax, x + 27 + 54 * key, 50, f"key {key + 1}", ink.muted, 12, "center")
        heat(ax, ink, x, 64, 54, 54, shares.tolist(), texts, color, BODY)
        if step < 2:
            arrow(ax, ink, (x + 167, 145), (x + 188, 145))
    for row in range(3):
        label(ax, 68, 91 + 54 * row, f"query {row + 1}", ink.muted, 12, "right")
    label(ax, 462, 246, "each row adds up to 1", ink.muted)
    return fig
