"""Figures about prompts: is a gain real, do chains and votes help, what do examples do."""

from math import comb

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import BODY, SMALL, Ink, blend, charts, label, quiet


@figure(
    13,
    "The exact sign test for 11 changed cases: a binomial with p = 0.5. The tails at least as "
    "uneven as 9 fixed to 2 broken, 134 of 2,048 outcomes, are marked: p = 0.065.",
    "A gain from 36 to 43 of 50 can still be luck: a split at least as uneven comes up by chance "
    "65 times in 1,000.",
)
def sign_test(ink: Ink) -> Figure:
    """Draw the binomial distribution of 11 fair changes and mark its two tails."""
    fig, (ax,) = charts(310, top=20)
    chances = [comb(11, k) / 2**11 for k in range(12)]
    pale = blend(ink.muted, ink.paper, 0.45)
    colors = [ink.orange if k <= 2 or k >= 9 else pale for k in range(12)]
    bars = ax.bar(range(12), chances, color=colors, width=0.78)
    ax.bar_label(bars, [f"{p:.3f}" for p in chances], padding=3, fontsize=12)
    label(ax, 10, 0.135, "seen: 9 fixed,\n2 broken", ink.orange, BODY, "center")
    label(ax, 0.9, 0.135, "as uneven the\nother way", ink.orange, BODY, "center")
    label(ax, -0.5, 0.275, "marked together: 134/2048 = 0.065", size=BODY)
    ax.set(xlabel="cases fixed, of 11 that changed", ylim=(0, 0.3))
    ax.set_ylabel("probability if luck")
    ax.set_xticks(range(12))
    quiet(ax)
    return fig


@figure(
    38,
    "Left: with 0.95 per step, three steps succeed with 0.857, ten with 0.599. Right: majority "
    "of 5 chains with two possible answers; 0.6 per chain gives 0.683, 0.4 gives 0.317.",
    "Errors multiply along a chain; voting repairs them only where the right answer is the "
    "most likely one.",
)
def chains_and_votes(ink: Ink) -> Figure:
    """Draw 0.95ⁿ, and the probability that most of 5 or 25 independent chains are right."""
    fig, (chain, vote) = charts(310, (1, 1), left=52, gap=66)
    steps = np.arange(1, 21)
    chain.plot(steps, 0.95**steps, color=ink.blue)
    for at in (3, 10):
        chain.plot(at, 0.95**at, "o", color=ink.orange, ms=8)
        label(chain, at + 0.6, 0.95**at + 0.05, f"{at} steps: {0.95**at:.3f}", size=BODY)
    chain.set(title="all steps right", xlabel="steps, each right with 0.95", ylim=(0, 1.05))
    chain.set_xticks([1, 5, 10, 15, 20])
    p = np.linspace(0, 1, 81)
    for chains, color, dash in ((1, ink.muted, ":"), (5, ink.blue, "-"), (25, ink.green, "--")):
        need = chains // 2 + 1
        right = np.zeros_like(p)
        for k in range(need, chains + 1):
            right += comb(chains, k) * p**k * (1 - p) ** (chains - k)
        vote.plot(p, right, color=color, ls=dash)
    vote.plot([0.4, 0.6], [0.31744, 0.68256], "o", color=ink.orange, ms=8)
    label(vote, 0.63, 0.57, "0.683", size=BODY)
    label(vote, 0.38, 0.46, "0.317", size=BODY, ha="right")
    label(vote, 1, 0.32, "25, dashed", ink.green, SMALL, "right")
    label(vote, 1, 0.22, "5 chains", ink.blue, SMALL, "right")
    label(vote, 1, 0.12, "1, dotted", ink.muted, SMALL, "right")
    vote.set(title="majority right", xlabel="one chain right with", ylim=(0, 1.05))
    for ax in (chain, vote):
        quiet(ax)
    return fig


@figure(
    41,
    "Share of positive and negative. Uncalibrated: 0.556 and 0.444, the wrong label. The "
    "content-free text N/A: 0.800 and 0.200. Divided by it: 0.238 and 0.762, the right label.",
    "The model prefers the word positive whatever the text; dividing that preference out turns "
    "the answer around.",
)
def calibration(ink: Ink) -> Figure:
    """Divide the guide's label probabilities by those of a content-free input."""
    fig, (ax,) = charts(250, left=190, right=30, top=34, bottom=44)
    text, empty = np.array([0.030, 0.024]), np.array([0.040, 0.010])
    ratio = text / empty
    rows = {"the review": text, "content-free “N/A”": empty, "review ÷ “N/A”": ratio}
    for row, (_, pair) in enumerate(rows.items()):
        share = pair / pair.sum()
        faces = (ink.blue, ink.orange) if row != 1 else (
            blend(ink.blue, ink.paper, 0.45), blend(ink.orange, ink.paper, 0.45))  # fmt: skip
        ax.barh(row, share[0], color=faces[0], height=0.62)
        ax.barh(row, share[1], left=share[0], color=faces[1], height=0.62)
        color = ink.text if row == 1 else ink.paper
        label(ax, 0.02, row, f"{share[0]:.3f}", color, BODY)
        label(ax, 0.98, row, f"{share[1]:.3f}", color, BODY, "right")
    ax.axvline(0.5, color=ink.text, lw=1.4, ls="--")
    label(ax, 0, -0.6, "positive", ink.blue, BODY)
    label(ax, 1, -0.6, "negative", ink.orange, BODY, "right")
    ax.set_yticks(range(3), list(rows))
    ax.set(ylim=(2.45, -0.45), xlim=(0, 1), xlabel="share of the two labels")
    quiet(ax, None)
    ax.tick_params(axis="y", labelcolor=ink.text)
    return fig


@figure(
    44,
    "Left: weights of three readings over 0 to 6 demonstrations; reading C rises from 0.100 to "
    "0.780 after two and 0.987 after four. Right: tokens a request, 190 plus 60 an example.",
    "The first examples settle what the task is; later ones cost as much and add less.",
)
def demonstrations(ink: Ink) -> Figure:
    """Update priors 0.6, 0.3, 0.1 with likelihoods 0.1, 0.2, 0.8, and count 190 + 60k tokens."""
    fig, (belief, cost) = charts(310, (1.25, 1), left=50, gap=70)
    k = np.arange(7)
    weight = np.array([0.6, 0.3, 0.1]) * np.array([0.1, 0.2, 0.8]) ** k[:, None]
    weight = weight / weight.sum(axis=1, keepdims=True)
    for column, (color, name) in enumerate(((ink.purple, "A"), (ink.orange, "B"), (ink.blue, "C"))):
        belief.plot(k, weight[:, column], "o-", color=color, ms=5)
        label(belief, -0.18, weight[0, column], name, color, BODY, "right", bold=True)
    label(belief, 2.15, 0.72, "0.780", ink.blue, BODY)
    label(belief, 4, 0.9, "0.987", ink.blue, BODY)
    belief.set(title="weight of each reading", xlabel="demonstrations", xlim=(-0.7, 6.2))
    belief.set_xticks(k)
    shots = np.arange(0, 9, 2)
    cost.bar(shots, np.full(5, 190), color=ink.muted, width=1.4)
    bars = cost.bar(shots, 60 * shots, bottom=190, color=ink.blue, width=1.4)
    cost.bar_label(bars, [f"{190 + 60 * s}" for s in shots], padding=3, fontsize=SMALL)
    label(cost, -0.8, 770, "blue: examples, 60 each", ink.blue, 12)
    cost.set(title="tokens per request", xlabel="demonstrations", ylim=(0, 820))
    cost.set_xticks(shots)
    for ax in (belief, cost):
        quiet(ax)
    return fig
