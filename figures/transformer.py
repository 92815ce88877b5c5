"""Figures about the transformer's build: parallel steps, positions, residuals, masks, cache."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.catalog import figure
from figures.style import BODY, SMALL, Ink, blend, charts, heat, label, powers, quiet, sheet


@figure(
    17,
    "Left: multiplications of one layer of width 512; attention crosses recurrence at 512 tokens. "
    "Right: sequential steps, 1 for attention, one a token for recurrence, up to 4,096.",
    "Attention needs more operations than recurrence only beyond n = d = 512, and never more than "
    "one step in sequence.",
)
def parallel_steps(ink: Ink) -> Figure:
    """Compare n²d with nd² multiplications and 1 with n sequential steps at d = 512."""
    fig, (work, steps) = charts(310, (1, 1), gap=72)
    n = np.array([64, 128, 256, 512, 1024, 2048, 4096])
    work.loglog(n, n.astype(float) ** 2 * 512, "o-", color=ink.blue, ms=5)
    work.loglog(n, n * 512.0**2, "o-", color=ink.orange, ms=5)
    label(work, 1150, 5e9, "attention", ink.blue, BODY, "right", back=ink.paper)
    label(work, 800, 1.1e8, "recurrent", ink.orange, BODY)
    work.axvline(512, color=ink.muted, lw=1, ls="--")
    label(work, 460, 1.6e6, "n = d", ink.muted, ha="right")
    work.set(title="multiplications per layer", xlabel="tokens n", ylim=(1e6, 2e10))
    powers(work, [6, 7, 8, 9, 10])
    steps.loglog(n, np.ones(7), "o-", color=ink.blue, ms=5)
    steps.loglog(n, n, "o-", color=ink.orange, ms=5)
    label(steps, 4096, 2.0, "attention: 1", ink.blue, BODY, "right")
    label(steps, 1300, 3200, "recurrent: n", ink.orange, BODY, "right")
    steps.set(title="steps one after another", xlabel="tokens n", ylim=(0.6, 8000))
    powers(steps, [0, 1, 2, 3])
    for ax in (work, steps):
        ax.set_xticks([64, 512, 4096], ["64", "512", "4096"])
        ax.minorticks_off()
        quiet(ax)
    return fig


@figure(
    21,
    "Left: sines and cosines of eight frequencies at 24 positions, fast on the left and almost "
    "constant on the right. Right: RoPE turns by 0.5 a position; 3 lies 1.0 from 1, 12 from 10.",
    "Fast and slow waves together mark a position; with RoPE the angle between query and key, and "
    "so their dot product 0.540, depends only on the distance.",
)
def positions(ink: Ink) -> Figure:
    """Draw the sinusoidal table for d = 16 (base 10,000), and the guide's RoPE pair (θ = 0.5)."""
    fig, (table, circle) = charts(330, (1.15, 1), left=58, right=40, gap=62)
    place = np.arange(24)[:, None]
    angles = place / 10000 ** (2 * np.arange(8) / 16)
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(24, 16)
    for row in range(24):
        for column in range(16):
            value = waves[row, column]
            hue = ink.blue if value > 0 else ink.orange
            face = blend(hue, ink.soft, abs(float(value)))
            # A little larger than its field, so that no seam shows between two tiles.
            tile = Rectangle((column, row), 1.05, 1.05, facecolor=face, lw=0, clip_on=False)
            table.add_patch(tile)
    table.set(xlim=(0, 16), ylim=(24, 0), xlabel="dimension", ylabel="position")
    table.set_title("sinusoids: −1 orange, +1 blue", fontsize=SMALL)
    table.set_yticks([0.5, 8.5, 16.5, 23.5], ["0", "8", "16", "23"])
    table.set_xticks([0.5, 7.5, 15.5], ["1", "8", "16"])
    quiet(table, None)
    turn = np.linspace(0, 2 * np.pi, 90)
    circle.plot(np.cos(turn), np.sin(turn), color=ink.line, lw=1.2)
    for position, color in ((1, ink.blue), (3, ink.blue), (10, ink.orange), (12, ink.orange)):
        x, y = np.cos(position / 2), np.sin(position / 2)
        circle.plot([0, x], [0, y], color=color)
        circle.plot(x, y, "o", color=color, ms=7)
        label(circle, 1.2 * x, 1.2 * y, str(position), color, BODY, "center", bold=True)
    for first, color in ((1, ink.blue), (10, ink.orange)):
        arc = np.linspace(first / 2, first / 2 + 1, 25)
        circle.plot(0.45 * np.cos(arc), 0.45 * np.sin(arc), color=color, lw=1.6)
    circle.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35))
    circle.set_title("RoPE: q · k = cos 1.0 = 0.540", fontsize=SMALL, pad=10)
    circle.set_aspect("equal", anchor="N")
    circle.axis("off")
    label(circle, 0, -1.62, "1 and 3, 10 and 12:\nthe same angle, 1.0", size=SMALL, ha="center")
    return fig


@figure(
    43,
    "Size of the gradient through 20 sublayers on a log scale. Factors of 0.05 fall to 9.5e-27; "
    "residual factors of 1.05 and 0.95 stay at 0.975; residual factors of 1.5 explode to 3,325.",
    "The residual path keeps every factor near 1, so the product neither vanishes nor, with small "
    "branches, explodes.",
)
def residual_gradients(ink: Ink) -> Figure:
    """Multiply the guide's per-layer factors: 0.05, 1 ± 0.05 and 1.5, over 20 sublayers."""
    fig, (ax,) = charts(320, left=76, right=178, top=20)
    depth = np.arange(21)
    mixed = np.cumprod(np.r_[1.0, np.tile([1.05, 0.95], 10)])
    for values, color, text in (
        (1.5**depth, ink.purple, "residual, × 1.5\n3,325"),
        (mixed, ink.blue, "residual, × 1.05\nand × 0.95: 0.975"),
        (0.05**depth, ink.orange, "no residual, × 0.05\n9.5 × 10⁻²⁷"),
    ):
        ax.semilogy(depth, values, "o-", color=color, ms=4)
        up = 14 if values[-1] > 1 else (1 / 14 if values[-1] > 1e-3 else 1)
        label(ax, 20.6, values[-1] * up, text, color, SMALL)
    ax.set(xlim=(0, 20), ylim=(1e-27, 1e6), xlabel="sublayers passed on the way back")
    ax.set_ylabel("size of the gradient")
    ax.set_xticks([0, 5, 10, 15, 20])
    powers(ax, [0, -9, -18, -27])
    quiet(ax)
    return fig


@figure(
    46,
    "Three masks. Encoder self-attention: all 16 pairs of 4 tokens. Decoder self-attention: the 10 "
    "pairs on and below the diagonal. Cross-attention: 4 target by 6 source tokens, 24 pairs.",
    "A decoder's row may read only itself and what stands to its left, while cross-attention reads "
    "the whole source.",
)
def three_masks(ink: Ink) -> Figure:
    """Fill the query-key pairs that each kind of attention allows, as in the guide's example."""
    fig, ax = sheet(290)
    kinds = (
        ("encoder", np.ones((4, 4)), ink.blue, 40),
        ("decoder, causal", np.tril(np.ones((4, 4))), ink.orange, 216),
        ("cross-attention", np.ones((4, 6)), ink.green, 392),
    )
    for name, allowed, color, x in kinds:
        label(ax, x, 20, name, size=BODY, bold=True)
        texts = [["" for _ in row] for row in allowed]
        heat(ax, ink, x, 62, 38, 38, (allowed * 0.85).tolist(), texts, color)
        columns = allowed.shape[1]
        for column in range(columns):
            label(ax, x + 19 + 38 * column, 50, str(column + 1), ink.muted, ha="center")
        for row in range(4):
            label(ax, x - 9, 81 + 38 * row, str(row + 1), ink.muted, ha="right")
        label(ax, x, 236, f"{allowed.sum():.0f} of {allowed.size} pairs", size=BODY)
    label(ax, 40, 268, "Each row, a query, reads the colored columns.", ink.muted)
    return fig


@figure(
    3,
    "Llama 3.1 8B over its context. Left: the cache grows by 128 KiB a token to 16 GiB at 131,072, "
    "past the 15 GiB of weights. Right: attention passes the weights' 15 GFLOP at 28,600 tokens.",
    "Both memory and work grow with every token in the window: for a new token after about "
    "29,000 others, attention costs as much as all weights.",
)
def context_cost(ink: Ink) -> Figure:
    """Draw 131,072 bytes and 4·L·d·n operations per token for the shape of Llama 3.1 8B."""
    fig, (memory, work) = charts(310, (1, 1), left=56, right=26, gap=72)
    n = np.linspace(0, 131072, 50)
    memory.plot(n / 1024, n * 131072 / 2**30, color=ink.blue)
    memory.axhline(15.0, color=ink.orange, ls="--")
    label(memory, 2, 16.2, "weights: 15.0 GiB", ink.orange, SMALL)
    label(memory, 60, 5.2, "cache: 16.0 GiB\nat 128 Ki tokens", ink.blue, SMALL)
    memory.set(title="memory (GiB)", ylim=(0, 18))
    memory.set_yticks([0, 5, 10, 15])
    work.plot(n / 1024, 524288 * n / 1e9, color=ink.blue)
    work.axhline(15.0, color=ink.orange, ls="--")
    work.plot(28600 / 1024, 15, "o", color=ink.text, ms=7)
    label(work, 128, 9.5, "weights: 15", ink.orange, SMALL, "right")
    label(work, 40, 47, "attention", ink.blue, SMALL)
    label(work, 22, 25, "28,600\ntokens", ink.text, SMALL, "center")
    work.set(title="operations per token (10⁹)", ylim=(0, 75))
    for ax in (memory, work):
        ax.set(xlim=(0, 131), xlabel="tokens in the context (Ki)")
        ax.set_xticks([0, 32, 64, 96, 128])
        quiet(ax)
    return fig
