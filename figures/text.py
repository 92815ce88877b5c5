"""Figures about text as numbers: tokens, unknown words, embeddings, the seq2seq bottleneck."""

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import (
    BODY,
    Ink,
    blend,
    box,
    charts,
    label,
    quiet,
    sheet,
    softmax,
)


@figure(
    1,
    "The word lowest starts as six characters. Replaying the merges e+s, es+t, l+o and lo+w, which "
    "occurred 9, 9, 7 and 7 times in training, leaves two tokens, low and est.",
    "Each merge shortens the word by one piece; the two pieces that remain were learned from "
    "other words.",
)
def bpe_merges(ink: Ink) -> Figure:
    """Replay the four merges of the guide's worked example on the unseen word `lowest`."""
    fig, ax = sheet(300)
    rows = [
        ("characters", "", ["l", "o", "w", "e", "s", "t"], -1),
        ("merge 1: e + s", "9 times", ["l", "o", "w", "es", "t"], 3),
        ("merge 2: es + t", "9 times", ["l", "o", "w", "est"], 3),
        ("merge 3: l + o", "7 times", ["lo", "w", "est"], 0),
        ("merge 4: lo + w", "7 times", ["low", "est"], 0),
    ]
    for number, (name, count, pieces, new) in enumerate(rows):
        y, x = 14 + number * 56, 170
        label(ax, 16, y + 20, name, size=BODY)
        for place, piece in enumerate(pieces):
            wide = 52 * len(piece) - 8
            box(ax, ink, x, y, wide, 40, piece, ink.orange if place == new else ink.blue, 17)
            x += wide + 8
        label(ax, 500, y + 20, f"{len(pieces)} pieces", size=BODY)
        label(ax, 624, y + 20, count, ink.muted, ha="right")
    return fig


@figure(
    16,
    "A word-level vocabulary maps both lowest and slowest to UNK. BPE pieces spell them low+est "
    "and s+low+est. In bytes, naïve is 6 tokens and the llama emoji F0 9F A6 99 is 4.",
    "Smaller units cost more tokens but lose no text: below every word stand the pieces, and "
    "below every piece the bytes.",
)
def unknown_words(ink: Ink) -> Figure:
    """Show the guide's examples at three sizes of unit: words, subwords, bytes (UTF-8)."""
    fig, ax = sheet(318)

    def row(y: int, word: str, pieces: list[str], color: str, note: str, wide: int = 0) -> None:
        label(ax, 128, y + 17, word, size=BODY, ha="right")
        x = 144
        for piece in pieces:
            size = wide or 24 + 13 * len(piece)
            box(ax, ink, x, y, size, 34, piece, color, BODY)
            x += size + 6
        label(ax, 624, y + 17, note, ink.muted, ha="right")

    label(ax, 16, 16, "words", ink.orange, BODY, bold=True)
    row(28, "lowest", ["UNK"], ink.orange, "which word it was is lost")
    row(66, "slowest", ["UNK"], ink.orange, "the same id as above")
    label(ax, 16, 120, "subwords", ink.blue, BODY, bold=True)
    row(132, "lowest", ["low", "est"], ink.blue, "2 tokens")
    row(170, "slowest", ["s", "low", "est"], ink.blue, "3 tokens")
    label(ax, 16, 224, "bytes", ink.green, BODY, bold=True)
    naive = [f"{byte:02X}" for byte in "naïve".encode()]
    llama = [f"{byte:02X}" for byte in "\N{LLAMA}".encode()]
    row(236, "naïve", naive, ink.green, "6 tokens, ï takes 2", 44)
    row(274, "llama emoji", llama, ink.green, "4 tokens", 44)
    return fig


@figure(
    10,
    "Three unit vectors: cat (0.8, 0.6), dog (0.6, 0.8) and car (0.8, -0.6). The angle between "
    "cat and dog is 16 degrees, cosine 0.96; between cat and car it is 74 degrees, cosine 0.28.",
    "Similar meaning is a small angle: the cosine is 0.96 between cat and dog, 0.28 between cat "
    "and car.",
)
def cosine_angles(ink: Ink) -> Figure:
    """Draw the guide's three embeddings and the angles between them (cosine = dot product)."""
    fig, (ax,) = charts(340, left=70, right=300, top=14, bottom=46)
    words = {"cat": (0.8, 0.6), "dog": (0.6, 0.8), "car": (0.8, -0.6)}
    turn = np.linspace(-np.pi / 2, np.pi / 2, 60)
    ax.plot(np.cos(turn), np.sin(turn), color=ink.line, lw=1.2)
    for (word, end), color in zip(words.items(), (ink.blue, ink.green, ink.orange), strict=True):
        ax.annotate(
            "", end, (0, 0), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 2.4,
                                         "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
        label(ax, end[0] * 1.05, end[1] * 1.07, f"{word} {end}".replace("-", "−"), color, BODY)
    angles = {word: np.arctan2(y, x) for word, (x, y) in words.items()}
    for other, radius, text in (("dog", 0.62, "cosine 0.96"), ("car", 0.4, "cosine 0.28")):
        arc = np.linspace(angles["cat"], angles[other], 30)
        ax.plot(radius * np.cos(arc), radius * np.sin(arc), color=ink.muted, lw=1.4)
        if other == "car":
            label(ax, 0.44, 0.0, text, size=BODY)
    ax.annotate(
        "cosine 0.96", (0.62 * np.cos(0.785), 0.62 * np.sin(0.785)), (-0.4, 0.8),
        fontsize=BODY, va="center",
        arrowprops={"arrowstyle": "-", "color": ink.muted, "lw": 1},
    )  # fmt: skip
    label(ax, 1.95, 0.5, "cat · dog\n= 0.8 × 0.6 + 0.6 × 0.8\n= 0.96", size=BODY)
    label(ax, 1.95, -0.35, "cat · car\n= 0.8 × 0.8 − 0.6 × 0.6\n= 0.28", size=BODY)
    ax.set(xlim=(-0.45, 1.575), ylim=(-1.05, 1.05), xlabel="dimension 1", ylabel="dimension 2")
    ax.set_xticks([0, 0.5, 1])
    ax.set_yticks([-1, -0.5, 0, 0.5, 1])
    ax.set_aspect("equal")
    quiet(ax, None)
    return fig


@figure(
    8,
    "Left: a fixed state of 8,000 numbers leaves 1,600 per word for 5 words, 160 for 50. Right: "
    "for the output ill, attention weights 0.042, 0.114 and 0.844 on ich, bin and krank.",
    "A fixed vector gets thinner as the sentence grows; attention looks at the source again for "
    "every word it writes.",
)
def bottleneck(ink: Ink) -> Figure:
    """Divide the state of Sutskever et al. (2014, 4 × 2 × 1000) by the length; draw attention."""
    fig, (ax, page) = charts(310, (1, 1), left=72, gap=48)
    length = np.arange(3, 61)
    ax.plot(length, 8000 / length, color=ink.blue)
    for words, per in ((5, 1600), (50, 160)):
        ax.plot(words, per, "o", color=ink.orange, ms=8)
        label(ax, words + 2, per + (130 if words < 20 else 330), f"{words} words: {per:,}",
              ha="left" if words < 20 else "center")  # fmt: skip
    ax.set(title="One vector for all", xlabel="words in the source", ylim=(0, 2800))
    ax.set_ylabel("numbers per word")
    quiet(ax)
    page.axis("off")
    page.set(xlim=(0, 260), ylim=(216, 0), title="Attention, writing “ill”")
    weights = softmax(np.array([0.0, 1.0, 3.0]))
    box(page, ink, 95, 0, 80, 38, "ill", ink.orange, 16)
    for place, (word, weight) in enumerate(zip(("ich", "bin", "krank"), weights, strict=True)):
        x = 6 + place * 88
        face = blend(ink.blue, ink.paper, 1.0)
        page.plot([x + 36, 135], [160, 40], color=face, lw=0.8 + 11 * weight, alpha=0.75)
        box(page, ink, x, 160, 72, 38, word, ink.blue, 16)
        label(page, x + 36, 213, f"{weight:.3f}", size=BODY, ha="center")
    label(page, 130, 242, "attention weights", ink.muted, ha="center")
    return fig
