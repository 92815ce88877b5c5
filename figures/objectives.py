"""Figures about what a model is trained to predict, and how the error is measured."""

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import (
    BODY,
    SMALL,
    Ink,
    arrow,
    blend,
    box,
    cell,
    charts,
    heat,
    label,
    quiet,
    sheet,
    softmax,
)


@figure(
    7,
    "A grid of 200 tokens under BERT's recipe: 170 untouched and without loss, 30 selected, of "
    "which 24 become [MASK], 3 a random token and 3 stay as they are.",
    "Only 30 of 200 positions give a loss, and 3 of those show the right token in the input.",
)
def masking_recipe(ink: Ink) -> Figure:
    """Colour 200 positions by BERT's 15% and 80/10/10 (Devlin et al., 2019)."""
    fig, ax = sheet(300)
    # A fixed seed chooses the positions; the counts are those of the guide's example.
    order = np.random.default_rng(7).permutation(200)
    kind = np.zeros(200, dtype=int)
    kind[order[:24]], kind[order[24:27]], kind[order[27:30]] = 1, 2, 3
    faces = [blend(ink.muted, ink.paper, 0.22), ink.blue, ink.orange, ink.green]
    for index in range(200):
        row, column = divmod(index, 25)
        mark = ("", "M", "R", "=")[kind[index]]
        cell(ax, ink, 20 + column * 24, 12 + row * 24, 24, 24, mark, faces[kind[index]], 12, True)
    rows = (
        (1, "24 become [MASK]", "12.0%"),
        (2, "3 become a random token", "1.5%"),
        (3, "3 stay, but are predicted", "1.5%"),
        (0, "170 give no loss", "85.0%"),
    )
    for place, (which, text, share) in enumerate(rows):
        x, y = 20 + (place % 2) * 310, 222 + (place // 2) * 36
        cell(ax, ink, x, y, 24, 24, ("", "M", "R", "=")[which], faces[which], 12, True)
        label(ax, x + 32, y + 12, f"{text}, {share}", size=BODY)
    return fig


@figure(
    9,
    "Who reads whom in “the cat sat down”. Autoregressive: a triangle, 10 of 16 pairs, with token "
    "probabilities 0.05, 0.02, 0.20, 0.25. Masked: all 16 pairs, and 0.60, 0.10, 0.50, 0.25.",
    "A masked model sees both sides, so its probabilities cannot be compared with those of "
    "a left-to-right model.",
)
def what_is_read(ink: Ink) -> Figure:
    """Draw both attention patterns with the guide's probabilities for each token."""
    fig, ax = sheet(316)
    words = ("the", "cat", "sat", "down")
    plans = (
        ("autoregressive", np.tril(np.ones((4, 4))), ink.orange, (0.05, 0.02, 0.20, 0.25)),
        ("masked", np.ones((4, 4)), ink.blue, (0.60, 0.10, 0.50, 0.25)),
    )
    for side, (name, seen, color, chances) in enumerate(plans):
        x = 66 + side * 318
        label(ax, x, 20, name, color, BODY, bold=True)
        label(ax, x + 192, 50, "p(token)", ink.muted)
        heat(ax, ink, x, 66, 46, 46, (0.85 * seen).tolist(), [[""] * 4] * 4, color)
        for place, word in enumerate(words):
            label(ax, x + 23 + 46 * place, 50, word, ink.muted, ha="center")
            label(ax, x - 8, 89 + 46 * place, word, ink.muted, ha="right")
            label(ax, x + 200, 89 + 46 * place, f"{chances[place]:.2f}", size=BODY)
        log = -np.log(chances).mean()
        label(ax, x, 272, f"{seen.sum():.0f} of 16 pairs are read", size=SMALL)
        kind = "perplexity" if side == 0 else "pseudo-perplexity"
        label(ax, x, 296, f"{kind} {np.exp(log):.2f}", size=SMALL)
    return fig


@figure(
    11,
    "The pair “the storm closed the airport .” and “all flights were canceled .” as 14 tokens with "
    "segment ids 0 (8 tokens) and 1 (6). From [CLS]: logits 2.0 and 0.5, so IsNext 0.818.",
    "The segment ids tell the two sentences apart; the answer is read from the first position "
    "alone.",
)
def sentence_pair(ink: Ink) -> Figure:
    """Lay out the guide's pair with segment ids, and the classifier's softmax."""
    fig, ax = sheet(268)
    rows = (
        ("[CLS]", "the", "storm", "closed", "the", "airport", ".", "[SEP]"),
        ("all", "flights", "were", "canceled", ".", "[SEP]"),
    )
    for row, (words, color) in enumerate(zip(rows, (ink.blue, ink.green), strict=True)):
        x, y = 16.0, 112 + row * 82
        label(ax, 624, y - 14, f"segment {row}, {len(words)} tokens", color, ha="right")
        for word in words:
            wide = 26 + 8.6 * len(word)
            special = ink.orange if word.startswith("[") else color
            box(ax, ink, x, y, wide, 40, word, special, SMALL)
            x += wide + 6
    chance = softmax(np.array([2.0, 0.5]))
    arrow(ax, ink, (50, 110), (50, 66))
    box(ax, ink, 16, 22, 102, 42, "classifier", size=BODY)
    for place, name in enumerate(("IsNext", "NotNext")):
        y = 20 + place * 28
        label(ax, 204, y + 11, name, ha="right")
        cell(ax, ink, 212, y, 240 * chance[place], 22, "", ink.blue if place == 0 else ink.muted)
        label(ax, 218 + 240 * chance[place], y + 11, f"{chance[place]:.3f}", size=BODY)
    return fig


@figure(
    25,
    "The curve of -ln p for p from 0.01 to 1. The guide's three tokens stand on it: 0.5 costs "
    "0.693, 0.25 costs 1.386, 0.1 costs 2.303 nats; the mean is 1.461, perplexity 4.31.",
    "Being sure and right costs nothing; each halving of the probability of the right token adds "
    "another 0.693 nats.",
)
def cross_entropy(ink: Ink) -> Figure:
    """Draw -ln p with the guide's three tokens."""
    fig, (ax,) = charts(320, top=20)
    p = np.geomspace(0.01, 1, 100)
    ax.plot(p, -np.log(p), color=ink.blue)
    for at in (0.5, 0.25, 0.1):
        ax.plot([at, at], [0, -np.log(at)], color=ink.line, lw=1.2)
        ax.plot(at, -np.log(at), "o", color=ink.orange, ms=9)
        label(
            ax,
            at + 0.015,
            -np.log(at) + (0.36 if at == 0.25 else 0.22),
            f"p = {at:g}: {-np.log(at):.3f}",
            size=BODY,
        )
    ax.axhline(1.461, color=ink.green, lw=1.6, ls="--")
    label(ax, 1.0, 1.7, "mean 1.461, perplexity 4.31", ink.green, BODY, "right")
    ax.set(xlim=(0, 1), ylim=(0, 4.6), xlabel="probability of the right token")
    ax.set_ylabel("loss −ln p (nats)")
    quiet(ax)
    return fig


@figure(
    29,
    "A target of two bumps at -3 and 3. The Gaussian with the smallest forward KL has mean 0 and "
    "deviation 3.10 and covers both; with the smallest reverse KL it has mean 3, deviation 0.8.",
    "Forward KL punishes missing a mode and spreads out; reverse KL punishes mass where the "
    "target has none and picks one mode.",
)
def kl_directions(ink: Ink) -> Figure:
    """Fit one Gaussian to ½N(−3, 0.8) + ½N(3, 0.8) in both directions, on a grid.

    Forward KL is smallest at the target's own mean and variance; reverse KL is found by trying
    means and deviations, with both integrals as sums over the grid.
    """
    fig, (ax,) = charts(310, top=20)
    x = np.linspace(-10, 10, 501)
    step = x[1] - x[0]

    def normal(mean: float, deviation: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        scale = deviation * np.sqrt(2 * np.pi)
        return np.asarray(np.exp(-(((x - mean) / deviation) ** 2) / 2) / scale)

    target = (normal(-3, 0.8) + normal(3, 0.8)) / 2
    forward = normal(0, np.sqrt(0.8**2 + 3**2))

    def reverse(mean: float, deviation: float) -> float:
        q = normal(mean, deviation) + 1e-300
        return float((q * np.log(q / target)).sum() * step)

    tries = [(m, d) for m in np.linspace(0, 4, 41) for d in np.linspace(0.5, 3.5, 31)]
    mean, deviation = min(tries, key=lambda pair: reverse(*pair))
    ax.fill_between(x, target, color=ink.muted, alpha=0.25, lw=0)
    ax.plot(x, forward, color=ink.blue)
    ax.plot(x, normal(mean, deviation), color=ink.orange, ls="--")
    label(ax, -4.6, 0.22, "target p", ink.text, BODY, "right")
    note = "smallest forward KL(p ‖ q):\nmean 0, deviation 3.10"
    label(ax, -8.6, 0.43, note, ink.blue)
    ax.plot([-3.4, -0.6], [0.4, 0.14], color=ink.blue, lw=1)
    found = f"mean {mean:.1f}, deviation {deviation:.1f}"
    label(ax, 9, 0.57, f"smallest reverse KL(q ‖ p): {found}", ink.orange, ha="right")
    ax.set(xlim=(-9, 9), ylim=(0, 0.6), xlabel="x")
    ax.set_ylabel("density")
    quiet(ax)
    return fig
