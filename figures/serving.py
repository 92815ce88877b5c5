"""Figures about cost and care: cheap softmax, fewer dimensions, fair screening, batches."""

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import BODY, SMALL, Ink, blend, charts, label, quiet


@figure(
    42,
    "Multiplications per token, in millions: full softmax 102.4; adaptive 3.04, of which 2.05 "
    "head, 0.73 cluster 1 (15% of the cases) and 0.26 cluster 2 (5%). That is 33.7 times less.",
    "The head is always computed; the large clusters are cheap because they are rarely needed and "
    "narrower.",
)
def adaptive_cost(ink: Ink) -> Figure:
    """Multiply out the guide's clusters: V = 100,000, d = 1024, three bands of frequency."""
    fig, (whole, parts) = charts(310, (1, 2.1), left=56, gap=72)
    head = 2002 * 1024 / 1e6
    one = 0.15 * (1024 * 256 + 256 * 18000) / 1e6
    two = 0.05 * (1024 * 64 + 64 * 80000) / 1e6
    total = head + one + two
    bars = whole.bar(["full", "adaptive"], [102.4, total], color=[ink.muted, ink.blue], width=0.62)
    whole.bar_label(bars, ["102.4", f"{total:.2f}"], padding=3, fontsize=BODY)
    whole.set(title="millions per token", ylim=(0, 118))
    names = ["head\n2,002 outputs", "cluster 1\n15% × 4.87", "cluster 2\n5% × 5.19"]
    bars = parts.bar(names, [head, one, two], color=ink.blue, width=0.62)
    parts.bar_label(bars, [f"{v:.2f}" for v in (head, one, two)], padding=3, fontsize=BODY)
    parts.set(title=f"the parts of the {total:.2f} (note the scale)", ylim=(0, 2.4))
    for ax in (whole, parts):
        quiet(ax)
        ax.tick_params(axis="x", labelcolor=ink.text)
    return fig


@figure(
    28,
    "Four points with the eigenvectors of their covariance: along (1, 1) the eigenvalue is 12, 90% "
    "of the variance; along (1, -1) it is 1.333. (6, 3) and (4, 5) project onto the mean (5, 4).",
    "One direction keeps 90% of the variance; what is lost is the distance from the line, a total "
    "squared error of 4.",
)
def principal_axes(ink: Ink) -> Figure:
    """Decompose the covariance of the guide's four points."""
    fig, (ax,) = charts(360, left=60, right=200, top=14)
    points = np.array([[8.0, 7.0], [2.0, 1.0], [6.0, 3.0], [4.0, 5.0]])
    mean = points.mean(axis=0)
    # eigh orders the eigenvalues upwards, and the sign of a vector is free: fix it.
    values, vectors = np.linalg.eigh(np.cov(points.T))
    vectors *= np.sign(vectors[0])
    turn = np.linspace(0, 2 * np.pi, 80)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    ellipse = mean[:, None] + vectors @ (np.sqrt(values)[:, None] * circle)
    ax.fill(*ellipse, color=blend(ink.blue, ink.paper, 0.14), lw=0)
    ax.plot([1, 9], [0, 8], color=ink.line, lw=1.2)
    for point in points:
        foot = mean + vectors[:, 1] * ((point - mean) @ vectors[:, 1])
        ax.plot([point[0], foot[0]], [point[1], foot[1]], color=ink.orange, ls=":", lw=2)
    for k, color in ((1, ink.blue), (0, ink.purple)):
        tip = mean + vectors[:, k] * np.sqrt(values[k])
        ax.annotate("", tip, mean, arrowprops={"arrowstyle": "-|>", "color": color, "lw": 2.6,
                                               "shrinkA": 0, "shrinkB": 0})  # fmt: skip
    ax.plot(*points.T, "o", color=ink.text, ms=8)
    for (x, y), dx, dy, side in zip(points, (0.3, 0.3, 0.3, -0.3), (0, -0.1, -0.2, 0.2),
                                    ("left", "left", "left", "right"), strict=True):  # fmt: skip
        label(ax, x + dx, y + dy, f"({x:.0f}, {y:.0f})", size=SMALL,
              ha="left" if side == "left" else "right")  # fmt: skip
    label(ax, 9.4, 6.0, "component 1: λ = 12\n90% of the variance", ink.blue, BODY)
    label(ax, 9.4, 2.2, "component 2: λ = 1.333\n10%, lost", ink.purple, BODY)
    label(ax, 9.4, 4.1, "dotted: what the\nprojection loses", ink.orange, BODY)
    ax.set(xlim=(-0.7, 9.97), ylim=(0, 8.2), xlabel="feature 1", ylabel="feature 2")
    ax.set_aspect("equal", anchor="W")
    quiet(ax, None)
    return fig


@figure(
    45,
    "Three measures for groups A and B before and after repair. Accepted: 0.50 against 0.30, then "
    "0.44. Of the qualified: 0.75 against 0.45, then 0.67. Precision: 0.90, 0.90, then 0.91.",
    "Precision was equal from the start and hid the gap; the share of the qualified who are "
    "accepted shows it.",
)
def fairness_gaps(ink: Ink) -> Figure:
    """Compute the guide's three measures from its counts of 100 applicants a group."""
    fig, (ax,) = charts(316, left=52, right=14, top=58, bottom=50)
    # (accepted, accepted and qualified), of 100 applicants with 60 qualified.
    groups = {"group A": (50, 45), "group B before": (30, 27), "group B after": (44, 40)}
    colors = (ink.muted, ink.orange, ink.blue)
    for place, ((name, (accepted, right)), color) in enumerate(
        zip(groups.items(), colors, strict=True)
    ):
        values = [accepted / 100, right / 60, right / accepted]
        at = np.arange(3) + (place - 1) * 0.27
        bars = ax.bar(at, values, color=color, width=0.25)
        ax.bar_label(bars, [f"{v:.2f}" for v in values], padding=3, fontsize=SMALL)
        ax.text(0.02 + place * 0.29, 1.12, f"■ {name}", color=color, fontsize=BODY,
                transform=ax.transAxes)  # fmt: skip
    ax.set_xticks(range(3), ["accepted", "accepted of\nthe qualified", "precision"])
    ax.set_yticks([0, 0.5, 1])
    ax.set(ylim=(0, 1.05))
    quiet(ax)
    ax.tick_params(axis="x", labelcolor=ink.text)
    return fig


@figure(
    50,
    "Llama 3 8B on one H100 with full contexts of 8,192 tokens. From 1 to 52 conversations the "
    "total rises from 208 to 2,459 tokens per second, while each user falls from 208 to 47.",
    "Batching shares the reading of the weights: twelve times the output, at a quarter of the "
    "speed for each user.",
)
def batching(ink: Ink) -> Figure:
    """Divide 3,350 GB/s by 15.01 GB of weights plus 1.0737 GB of cache per conversation."""
    fig, (total, user) = charts(310, (1, 1), left=62, right=26, gap=70)
    batch = np.arange(1, 53)
    steps = 3350 / (15.01 + 1.0737 * batch)
    total.plot(batch, steps * batch, color=ink.blue)
    total.axhline(3350 / 1.0737, color=ink.muted, lw=1.2, ls="--")
    label(total, 52, 3270, "limit of cache alone: 3,120", ink.muted, 12, "right")
    user.plot(batch, steps, color=ink.orange)
    for ax, values, color in ((total, steps * batch, ink.blue), (user, steps, ink.orange)):
        for at in (1, 52):
            value = values[at - 1]
            ax.plot(at, value, "o", color=color, ms=8)
            high = value + (-260 if ax is total and at == 52 else 0)
            if ax is user and at == 52:
                high = value + 16
            label(ax, at + (2.5 if at == 1 else 0), high, f"{value:,.0f}", color, BODY,
                  "left" if at == 1 else "right")  # fmt: skip
        ax.set(xlabel="conversations in the batch", xlim=(0, 54))
        ax.set_xticks([1, 13, 26, 39, 52])
        quiet(ax)
    total.set(title="tokens per second, all", ylim=(0, 3500))
    user.set(title="tokens per second, each", ylim=(0, 235))
    return fig
