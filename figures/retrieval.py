"""Figures about knowledge outside the weights: retrieval and graphs."""

from itertools import pairwise

from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import BODY, SMALL, Ink, arrow, box, label, sheet


@figure(
    36,
    "Ranks of chunks A, B, C. Dense: A 0.96, B 0.80, C 0.60. BM25: B, C, A. Fused with k = 60: B "
    "0.03252, A 0.03227, C 0.03200. B, which explains the error code, moves to the top.",
    "Each ranking alone can miss; the sum of 1/(60 + rank) puts the chunk first that both place "
    "high.",
)
def rank_fusion(ink: Ink) -> Figure:
    """Fuse the guide's dense and BM25 orders by reciprocal rank with k = 60."""
    fig, ax = sheet(280)
    dense, words = ["A", "B", "C"], ["B", "C", "A"]
    fused = {c: 1 / (61 + dense.index(c)) + 1 / (61 + words.index(c)) for c in "ABC"}
    order = sorted(fused, key=lambda chunk: -fused[chunk])
    hues = {"A": ink.orange, "B": ink.blue, "C": ink.muted}
    score = {"A": "0.96", "B": "0.80", "C": "0.60"}
    columns = ((66, "dense (cosine)", dense), (252, "BM25 (words)", words), (438, "fused", order))
    for x, title, _ in columns:
        label(ax, x, 24, title, size=BODY, bold=True)
    for rank in range(3):
        label(ax, 16, 76 + 68 * rank, f"{rank + 1}.", ink.muted, BODY)
    for (x, _, here), (there_x, _, there) in pairwise(columns):
        for chunk in here:
            start, end = 76 + 68 * here.index(chunk), 76 + 68 * there.index(chunk)
            ax.plot([x + 96, there_x], [start, end], color=hues[chunk],
                    lw=4 if chunk == "B" else 1.8)  # fmt: skip
    for x, title, here in columns:
        for rank, chunk in enumerate(here):
            text = f"{chunk}: {score[chunk]}" if title.startswith("dense") else chunk
            box(ax, ink, x, 54 + 68 * rank, 96, 44, text, hues[chunk], BODY, 0.22)
    for rank, chunk in enumerate(order):
        one, two = 61 + dense.index(chunk), 61 + words.index(chunk)
        label(ax, 542, 68 + 68 * rank, f"{fused[chunk]:.5f}", size=BODY)
        label(ax, 542, 87 + 68 * rank, f"1/{one} + 1/{two}", ink.muted, 12)
    label(ax, 16, 262, "B is the chunk that explains E-4012.", ink.blue, SMALL)
    return fig


@figure(
    40,
    "A graph: P1 contains valve and pump; valve is made by Arno, pump by Belk and Corin; Arno and "
    "Corin are in Chile, Belk in Norway. Two paths from P1 reach Chile.",
    "The query walks two hops and filters: each answer, Arno and Corin, comes with its path as "
    "evidence.",
)
def graph_path(ink: Ink) -> Figure:
    """Draw the guide's supply graph and the paths that answer its question."""
    fig, ax = sheet(278)
    places = {
        "P1": (16, 128), "valve": (172, 70), "pump": (172, 186), "Arno": (338, 44),
        "Belk": (338, 128), "Corin": (338, 212), "Chile": (520, 70), "Norway": (520, 186),
    }  # fmt: skip
    triples = (
        ("P1", "valve", True), ("P1", "pump", True), ("valve", "Arno", True),
        ("pump", "Belk", False), ("pump", "Corin", True), ("Arno", "Chile", True),
        ("Corin", "Chile", True), ("Belk", "Norway", False),
    )  # fmt: skip
    for head, tail, on in triples:
        (x, y), (u, v) = places[head], places[tail]
        color, width = (ink.blue, 2.6) if on else (ink.muted, 1.4)
        arrow(ax, ink, (x + 86, y + 21), (u - 3, v + 21), color, width, dashed=not on)
    for name, (x, y) in places.items():
        hue = {"Arno": ink.orange, "Corin": ink.orange, "P1": ink.blue, "Chile": ink.blue}.get(name)
        box(ax, ink, x, y, 84, 42, name, hue, BODY, 0.25)
    for x, text in ((137, "contains"), (297, "made by"), (471, "located in")):
        label(ax, x, 18, text, ink.muted, BODY, "center")
    return fig
