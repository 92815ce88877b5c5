"""Figures about choosing the next token: beams, temperature, truncation."""

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import (
    BODY,
    HEAD,
    SMALL,
    Ink,
    arrow,
    blend,
    box,
    charts,
    label,
    quiet,
    sheet,
    softmax,
)


@figure(
    5,
    "A tree of two steps: nice 0.5 then day 0.4 gives 0.20; good 0.4 then morning 0.9 gives 0.36. "
    "Greedy decoding follows nice; two beams keep both and return good morning.",
    "Greedy decoding takes the better first word; the beam that kept the second-best word ends "
    "with the better text.",
)
def beam_tree(ink: Ink) -> Figure:
    """Draw the two first words, their best continuations and the products of probabilities."""
    fig, ax = sheet(250)
    box(ax, ink, 16, 102, 92, 44, "prompt")
    rows = (
        (34, ink.orange, "nice", "0.5", "day", "0.4", "0.5 × 0.4 = 0.20", "greedy decoding"),
        (
            170,
            ink.blue,
            "good",
            "0.4",
            "morning",
            "0.9",
            "0.4 × 0.9 = 0.36",
            "beam search, 2 beams",
        ),
    )
    for y, color, first, one, second, two, product, way in rows:
        middle = y + 22
        arrow(ax, ink, (110, 124), (194, middle), color, 2.2)
        label(ax, 140, 124 + (middle - 124) * 0.75, one, color, BODY, "center", bold=True)
        box(ax, ink, 198, y, 84, 44, first, color, HEAD)
        arrow(ax, ink, (284, middle), (350, middle), color, 2.2)
        label(ax, 315, middle - 14, two, color, BODY, "center", bold=True)
        box(ax, ink, 354, y, 102, 44, second, color, HEAD)
        label(ax, 472, middle, product, size=BODY)
        label(ax, 472, middle + 24, way, color, 12)
    label(ax, 472, 124, "0.36 > 0.20", size=BODY, bold=True)
    return fig


@figure(
    6,
    "The logits 4, 3, 2, 0 as probabilities at three temperatures: 0.867, 0.117, 0.016, 0.000 at "
    "0.5; 0.657, 0.242, 0.089, 0.012 at 1; 0.474, 0.287, 0.174, 0.064 at 2.",
    "Temperature never changes the order of the tokens, only how far the distribution spreads.",
)
def temperature(ink: Ink) -> Figure:
    """Draw softmax(logits / T) of the guide's four tokens, with the entropy of each."""
    fig, axes = charts(290, (1, 1, 1), left=46, top=64, gap=30)
    for ax, heat_, color in zip(axes, (0.5, 1.0, 2.0), ink.hues, strict=False):
        chances = softmax(np.array([4.0, 3.0, 2.0, 0.0]) / heat_)
        bars = ax.bar(range(4), chances, color=color, width=0.74)
        ax.bar_label(bars, [f"{p:.3f}" for p in chances], padding=3, fontsize=12)
        entropy = -(chances * np.log2(chances)).sum()
        ax.set_title(f"T = {heat_:g}\n", fontsize=BODY, fontweight="bold")
        ax.text(0, 1.06, f"entropy {entropy:.2f} bits", color=ink.muted, transform=ax.transAxes)
        ax.set(ylim=(0, 1), xlabel="logit")
        ax.set_xticks(range(4), ["4", "3", "2", "0"])
        ax.set_yticks([0, 0.5, 1])
        quiet(ax)
        if ax is not axes[0]:
            ax.set_yticklabels([])
    return fig


@figure(
    12,
    "Two distributions. Flat: 0.42, 0.21, 0.14, 0.09, 0.06 and smaller; top-k of 3 keeps three, "
    "top-p of 0.9 keeps five. Peaked, 0.93 first: top-k still keeps three, top-p only one.",
    "Top-k keeps the same number everywhere; top-p keeps more tokens where the model is unsure, "
    "fewer where it is sure.",
)
def top_k_top_p(ink: Ink) -> Figure:
    """Mark what k = 3 and p = 0.9 keep of the guide's two distributions."""
    fig, axes = charts(330, (9, 5), left=50, bottom=104, gap=56)
    flat = [0.42, 0.21, 0.14, 0.09, 0.06, 0.04, 0.02, 0.01, 0.01]
    for ax, chances, name in (
        (axes[0], flat, "unsure"),
        (axes[1], [0.93, 0.03, 0.02, 0.01, 0.01], "sure"),
    ):
        kept = int(np.searchsorted(np.cumsum(chances), 0.9 - 1e-9)) + 1
        count = len(chances)
        colors = [ink.blue if i < kept else blend(ink.blue, ink.paper, 0.3) for i in range(count)]
        bars = ax.bar(range(count), chances, color=colors, width=0.76)
        ax.bar_label(bars, [f"{p:.2f}" for p in chances], padding=2, fontsize=12)
        ax.set(ylim=(0, 1.08), title=name)
        ax.set_xticks(range(count), [str(i + 1) for i in range(count)])
        ax.set_yticks([0, 0.5, 1])
        quiet(ax)
        for depth, (wide, color, text) in enumerate(
            ((3, ink.orange, "top-k, k = 3"), (kept, ink.blue, f"top-p, p = 0.9: {kept}"))
        ):
            y = -0.2 - 0.17 * depth
            ax.plot([-0.38, wide - 0.62], [y, y], color=color, lw=6, clip_on=False,
                    solid_capstyle="butt")  # fmt: skip
            label(ax, wide - 0.5, y, text, color, SMALL)
    axes[0].set_ylabel("probability")
    return fig
