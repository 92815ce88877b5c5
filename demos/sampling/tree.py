"""Draws a beam search as a tree: a column for each step, the best hypothesis of each on top."""

import html
from collections.abc import Callable

from demos.sampling.beam import Node, Search
from demos.shared.style import ACCENT, GRAY

WIDE, HIGH = 110, 19  # a node, in pixels
COLUMN, ROW = 127, 24  # from one node to the next
LONGEST = 9  # characters of a token in its node


def draw_tree(search: Search, greedy: Search, label: Callable[[int], str]) -> str:
    """An SVG picture with every candidate's last token and score; `label` names a token.

    Kept hypotheses are solid, dropped ones pale, the winner's path is colored, and where greedy
    search went is framed with dashes.
    """
    tokens = search.best.tokens
    winners = {tokens[: n + 1] for n in range(len(tokens))}
    followed = {greedy.best.tokens[: n + 1] for n in range(len(greedy.best.tokens))}
    edges, nodes = [], []
    for step, layer in enumerate(search.steps):
        for row, node in enumerate(layer):
            left, top = 8 + step * COLUMN, 8 + row * ROW
            wins = node.tokens in winners
            edges.append(edge(node, step, left, top, wins))
            nodes.append(box(node, left, top, wins, node.tokens in followed, label))
    width = 16 + len(search.steps) * COLUMN - (COLUMN - WIDE)
    height = 16 + max(len(layer) for layer in search.steps) * ROW
    return (
        f'<div style="overflow-x:auto" tabindex="0"><svg role="img" width="{width}" '
        f'height="{height}" aria-label="Tree of the search; its result is the sentence above" '
        'style="color:var(--body-text-color);font:11px var(--font-mono)">'
        f"{''.join(edges)}{''.join(nodes)}</svg></div>"
    )


def edge(node: Node, step: int, left: int, top: int, wins: bool) -> str:
    """The line from the hypothesis that was extended; none at the first step."""
    if step == 0:
        return ""
    x, y = left - (COLUMN - WIDE), 8 + node.parent * ROW + HIGH / 2
    stroke = ACCENT if wins else GRAY
    return (
        f'<line x1="{x}" y1="{y}" x2="{left}" y2="{top + HIGH / 2}" stroke="{stroke}" '
        f'stroke-width="{2 if wins else 1}" opacity="{1 if node.kept else 0.3}"/>'
    )


def box(
    node: Node, left: int, top: int, wins: bool, followed: bool, label: Callable[[int], str]
) -> str:
    """A candidate: its last token and its score, with the whole text on hover."""
    name = label(node.tokens[-1])
    name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    text = "".join(label(token) for token in node.tokens).replace("·", " ")
    title = f"{text}: score {node.score:.3f}, probability {node.probability:.3g}"
    stroke = ACCENT if wins else GRAY
    dashes = ' stroke-dasharray="4 2"' if followed else ""
    return (
        f'<g opacity="{1 if node.kept else 0.45}"><title>{html.escape(title)}</title>'
        f'<rect x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" rx="4" fill="{stroke}" '
        f'fill-opacity="{0.25 if node.kept else 0.08}" stroke="{stroke}" '
        f'stroke-width="{1.5 if followed else 0.7}"{dashes}/>'
        f'<text x="{left + 5}" y="{top + 13}" fill="currentColor">{html.escape(name)}</text>'
        f'<text x="{left + WIDE - 5}" y="{top + 13}" text-anchor="end" fill="currentColor">'
        f"{node.score:.2f}</text></g>"
    )
