"""Figures about models as such: kinds, sizes, mixtures, statistics, scaling."""

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
    cell,
    charts,
    label,
    powers,
    quiet,
    sheet,
    softmax,
)


@figure(
    19,
    "Log-odds of “great slow” as a sum: prior +0.405, great +0.847, slow -0.251, together 1.001; "
    "the sigmoid of 1.001 is 0.731 for positive.",
    "Naive Bayes counts its three numbers, logistic regression learns them; both add them up and "
    "apply the sigmoid.",
)
def log_odds(ink: Ink) -> Figure:
    """Add the guide's log-odds: ln(3/2), ln(7/3) and ln(7/9)."""
    fig, (ax,) = charts(290, left=58, top=20)
    parts = np.log([3 / 2, 7 / 3, 7 / 9])
    names = ["prior\nln 3/2", "“great”\nln 7/3", "“slow”\nln 7/9", "sum"]
    start = 0.0
    for place, part in enumerate(parts):
        ax.bar(place, part, bottom=start, color=ink.blue if part > 0 else ink.orange, width=0.62)
        label(ax, place, max(start, start + part) + 0.09, f"{part:+.3f}".replace("-", "−"),
              size=BODY, ha="center")  # fmt: skip
        ax.plot([place + 0.31, place + 0.69], [start + part] * 2, color=ink.muted, lw=1.2)
        start += float(part)
    ax.bar(3, start, color=ink.green, width=0.62)
    label(ax, 3, start + 0.09, f"{start:.3f}: p(+) = {1 / (1 + np.exp(-start)):.3f}", size=BODY,
          ha="center")  # fmt: skip
    ax.set(ylim=(0, 1.5), xlim=(-0.6, 3.75))
    ax.set_xticks(range(4), names)
    ax.set_ylabel("log-odds for positive")
    quiet(ax)
    ax.tick_params(axis="x", labelcolor=ink.text)
    return fig


@figure(
    39,
    "Two normal densities, A with mean 4 kg and B with mean 8 kg, deviation 2, and the probability "
    "of A, which falls from 1 to 0 with 0.5 at 6 kg. At 4 kg both views give 0.881.",
    "The discriminative model needs only the falling curve; the generative one has both densities "
    "and could draw new animals.",
)
def two_views(ink: Ink) -> Figure:
    """Draw the guide's two groups, and Bayes' rule from them."""
    fig, (density, odds) = charts(320, (1, 1), left=56, gap=66)
    x = np.linspace(-2, 14, 90)

    def normal(mean: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(np.exp(-(((x - mean) / 2) ** 2) / 2) / (2 * np.sqrt(2 * np.pi)))

    for mean, color, name in ((4, ink.blue, "A"), (8, ink.orange, "B")):
        density.plot(x, normal(mean), color=color)
        label(density, mean, 0.213, name, color, HEAD, "center", bold=True)
    density.plot([4, 4], [0.1995, 0.0270], "o", color=ink.text, ms=7)
    label(density, 3.2, 0.188, "0.1995", size=SMALL, ha="right")
    label(density, 4.5, 0.014, "0.0270", size=SMALL)
    density.set(title="generative: p(weight | group)", xlabel="weight (kg)", ylim=(0, 0.23))
    odds.plot(x, normal(4) / (normal(4) + normal(8)), color=ink.green)
    odds.plot(4, 0.881, "o", color=ink.text, ms=7)
    label(odds, -1.6, 0.73, "4 kg: 0.881", size=BODY)
    odds.axvline(6, color=ink.muted, lw=1.2, ls="--")
    label(odds, 6.4, 0.5, "border: 6 kg", ink.muted)
    odds.set(title="discriminative: p(A | weight)", xlabel="weight (kg)", ylim=(0, 1.05))
    for ax in (density, odds):
        ax.set(xlim=(-2, 14))
        ax.set_xticks([0, 4, 8, 12])
        quiet(ax)
    return fig


@figure(
    20,
    "A table of GPT-3 and GPT-4. GPT-3: 96 layers, width 12,288, 175 billion parameters, 300 "
    "billion tokens, context 2,048, MMLU 43.9%. GPT-4: first four undisclosed; 32,768; 86.4%.",
    "For GPT-4 only what it does was published, not how large it is. (Brown et al., 2020; "
    "Hendrycks et al., 2021; OpenAI, 2023.)",
)
def published_facts(ink: Ink) -> Figure:
    """Set what the two reports publish side by side (Brown et al. 2020; OpenAI 2023)."""
    fig, ax = sheet(330)
    rows = (
        ("layers", "96", ""), ("width", "12,288", ""), ("parameters", "175 billion", ""),
        ("training tokens", "300 billion", ""), ("longest context", "2,048", "32,768"),
        ("MMLU, 5 examples", "43.9%", "86.4%"),
    )  # fmt: skip
    label(ax, 284, 22, "GPT-3 (2020)", size=BODY, ha="center", bold=True)
    label(ax, 488, 22, "GPT-4 (2023)", size=BODY, ha="center", bold=True)
    for row, (name, old, new) in enumerate(rows):
        y = 42 + row * 46
        label(ax, 170, y + 22, name, size=BODY, ha="right")
        cell(ax, ink, 184, y, 200, 44, old, blend(ink.blue, ink.paper, 0.2), HEAD)
        if new:
            cell(ax, ink, 388, y, 200, 44, new, blend(ink.blue, ink.paper, 0.2), HEAD)
        else:
            cell(ax, ink, 388, y, 200, 44, "", ink.soft)
            label(ax, 488, y + 22, "not published", ink.muted, BODY, "center")
    return fig


@figure(
    33,
    "Shares of text, image and audio from pools of 800, 100 and 25 units. Proportional: 0.865, "
    "0.108, 0.027. By square roots: 0.653, 0.231, 0.116; audio is seen 4.3 times as often.",
    "Square-root sampling lifts the small pools, which then repeat sooner. (General practice; "
    "Gemini's mixture is not published.)",
)
def mixture_weights(ink: Ink) -> Figure:
    """Sample three pools in proportion to size and to its square root."""
    fig, ax = sheet(196)
    pools = np.array([800.0, 100.0, 25.0])
    for place, kind in enumerate(("text", "image", "audio")):
        cell(ax, ink, 140 + 110 * place, 12, 16, 16, "", ink.hues[place])
        label(ax, 162 + 110 * place, 20, kind, ink.hues[place], BODY)
    for row, (name, weight) in enumerate((("by size", pools), ("by square root", np.sqrt(pools)))):
        x, y = 140.0, 44 + row * 72
        label(ax, 130, y + 26, name, size=BODY, ha="right")
        for share, color in zip(weight / weight.sum(), ink.hues, strict=False):
            wide = 436 * float(share)
            cell(ax, ink, x, y, wide, 52, f"{share:.3f}" if share > 0.1 else "", color, SMALL)
            x += wide
            if share < 0.1:
                label(ax, x + 5, y + 26, f"{share:.3f}", color, SMALL)
    return fig


@figure(
    34,
    "Cosines of an image with three sentences: cat 0.28, fox 0.26, dog 0.23, nearly alike. Times "
    "100 and through the softmax they are 0.876, 0.118 and 0.006.",
    "The similarities differ by hundredths; the scale of 100, a learned inverse temperature, turns "
    "them into a clear decision.",
)
def contrastive(ink: Ink) -> Figure:
    """Classify the guide's image by softmax(100 · cosine) over three sentences."""
    fig, (cosine, chance) = charts(270, (1, 1), left=120, top=40, gap=40)
    names = ["“… a cat”", "“… a fox”", "“… a dog”"]
    values = np.array([0.28, 0.26, 0.23])
    chances = softmax(100 * values)
    bars = cosine.barh(names, values, color=ink.muted, height=0.62)
    cosine.bar_label(bars, [f"{v:.2f}" for v in values], padding=5, fontsize=BODY)
    bars = chance.barh(names, chances, color=ink.blue, height=0.62)
    chance.bar_label(bars, [f"{p:.3f}" for p in chances], padding=5, fontsize=BODY)
    cosine.set(title="cosine with the image", xlim=(0, 0.36), xlabel="cosine")
    chance.set(title="softmax(100 × cosine)", xlim=(0, 1.15), xlabel="probability")
    cosine.set_xticks([0, 0.1, 0.2, 0.3])
    chance.set_xticks([0, 0.5, 1])
    chance.set_yticklabels([])
    for ax in (cosine, chance):
        ax.invert_yaxis()
        quiet(ax, "x")
        ax.tick_params(axis="y", labelcolor=ink.text, labelsize=BODY)
    return fig


@figure(
    37,
    "Left: a router with logits 2.0, 1.0, 0.5, -0.5 sends a token to experts 1 and 2 with weights "
    "0.731 and 0.269. Right: Mixtral uses 12.9 of 46.7 billion, DeepSeek-V3 37 of 671 billion.",
    "A token costs the compute of the experts it uses and the memory of all. (Jiang et al., 2024; "
    "DeepSeek-AI, 2024.)",
)
def expert_routing(ink: Ink) -> Figure:
    """Route the guide's token, and set active against total parameters of two published models."""
    fig, ax = sheet(326)
    logits = (2.0, 1.0, 0.5, -0.5)
    weights = softmax(np.array(logits[:2]))
    box(ax, ink, 12, 134, 64, 44, "token", size=SMALL)
    box(ax, ink, 96, 134, 70, 44, "router", ink.green, SMALL)
    arrow(ax, ink, (77, 156), (95, 156))
    for place, logit in enumerate(logits):
        y, used = 28 + place * 76, place < 2
        color = ink.blue if used else None
        arrow(ax, ink, (168, 156), (218, y + 22), ink.blue if used else ink.line,
              4.5 * weights[place] + 0.8 if used else 1.2, dashed=not used)  # fmt: skip
        box(ax, ink, 222, y, 92, 44, f"expert {place + 1}", color, SMALL)
        text = f"{weights[place]:.3f}" if used else "0"
        label(ax, 322, y + 22, text, ink.blue if used else ink.muted, BODY, bold=used)
        label(ax, 268, y - 10, f"logit {logit:g}".replace("-", "−"), ink.muted, 12, "center")
    label(ax, 392, 22, "parameters (billions)", size=BODY, bold=True)
    for row, (name, total, active) in enumerate(
        (("Mixtral 8x7B", 46.7, 12.9), ("DeepSeek-V3", 671.0, 37.0))
    ):
        y = 66 + row * 124
        label(ax, 392, y - 14, f"{name}: {active / total:.1%} active", size=SMALL)
        wide = 232.0
        cell(ax, ink, 392, y, wide, 44, "", blend(ink.blue, ink.paper, 0.28))
        cell(ax, ink, 392, y, wide * active / total, 44, "", ink.blue)
        label(ax, 392, y + 60, f"{active:g} active", ink.blue, SMALL)
        label(ax, 624, y + 60, f"{total:g} in all", ink.muted, SMALL, "right")
    return fig


@figure(
    47,
    "Possible n-grams of 50,000 words on a log scale, from 5e4 for n = 1 to 3.1e23 for n = 5. A "
    "corpus of a trillion words holds at most 1e12; beyond n = 2 almost all are never seen.",
    "From three words on, a table can hold almost none of what is possible; a neural model fills "
    "the gap by similarity.",
)
def sparse_tables(ink: Ink) -> Figure:
    """Compare 50,000ⁿ with the 10¹² positions of a trillion-word corpus."""
    fig, (ax,) = charts(310, left=70, right=24, top=18)
    n = np.arange(1, 6)
    possible = 50000.0**n
    seen = np.minimum(possible, 1e12)
    ax.bar(n, possible, color=blend(ink.orange, ink.paper, 0.5), width=0.62)
    ax.bar(n, seen, color=ink.blue, width=0.62)
    texts = ("all", "all", "≤ 0.8%", "≤ 1.6 × 10⁻⁷", "≤ 3.2 × 10⁻¹²")
    for at, total, text in zip(n.tolist(), possible.tolist(), texts, strict=True):
        label(ax, at, total * 8, text, ink.text, SMALL, "center")
    ax.axhline(1e12, color=ink.text, lw=1.2, ls="--")
    label(ax, 0.45, 7e12, "10¹² words of text", ink.text, SMALL)
    ax.set_yscale("log")
    ax.set(ylim=(1e3, 1e26), xlim=(0.4, 5.6), xlabel="n (words in the n-gram)")
    ax.set_ylabel("n-grams")
    powers(ax, [4, 8, 12, 16, 20, 24])
    quiet(ax)
    return fig


@figure(
    49,
    "Loss by Chinchilla's fit, 1.69 + 406.4/N^0.34 + 410.7/D^0.28, over training tokens for 1, 8 "
    "and 70 billion parameters. Dots mark 20 tokens a parameter; 70 billion there has loss 1.94.",
    "More tokens help every size, with falling returns toward a floor set by the size. (Fit of "
    "Hoffmann et al., 2022, section 3.3, whose constants Besiroglu et al., 2024, corrected; the "
    "far right lies beyond its data.)",
)
def scaling_law(ink: Ink) -> Figure:
    """Draw the parametric fit of Hoffmann et al. (2022), arXiv:2203.15556, approach 3."""
    fig, (ax,) = charts(320, right=112, top=18)
    tokens = np.geomspace(1e9, 1.5e13, 60)
    for size, color, name, lift in (
        (1, ink.orange, "1B", 0.04), (8, ink.blue, "8B", 0.02), (70, ink.green, "70B", -0.06),
    ):  # fmt: skip
        n = size * 1e9

        floor = 1.69 + 406.4 / n**0.34
        ax.semilogx(tokens, floor + 410.7 / tokens**0.28, color=color)
        ax.plot(20 * n, floor + 410.7 / (20 * n) ** 0.28, "o", color=color, ms=9)
        end = floor + 410.7 / 1.5e13**0.28
        label(ax, 1.9e13, end + lift, f"{name}: {end:.2f}", color, BODY)
    ax.axhline(1.69, color=ink.muted, lw=1.2, ls="--")
    label(ax, 1.2e9, 1.74, "floor of the fit: 1.69", ink.muted)
    ax.annotate("20 tokens per parameter", (2e10, 2.56), (9e10, 3.1), fontsize=SMALL,
                arrowprops={"arrowstyle": "-", "color": ink.muted})  # fmt: skip
    ax.set(ylim=(1.6, 3.6), xlim=(1e9, 1.5e13), xlabel="training tokens D")
    ax.set_ylabel("loss (nats per token)")
    powers(ax, [9, 10, 11, 12, 13], "x")
    quiet(ax)
    return fig
