"""Pictures of the knowledge graph: an answer in words, its chains of facts, their sources."""

import html
import itertools
import textwrap

from demos.retrieval.coverage import Passages
from demos.retrieval.graph import Graph, Node, Triple
from demos.retrieval.hops import Hops, nodes_of
from demos.shared.charts import Figure, figure
from demos.shared.style import BLUE, GRAY, GREEN, ORANGE, PINK, PURPLE

DRAWN = 8  # answers in the figure
LISTED = 30  # answers in the list
COLORS = {"category": GREEN, "question": BLUE, "paper": ORANGE, "author": PURPLE, "name": PINK}


def describe_hops(found: Hops, held: Passages, graph: Graph) -> str:
    """The graph's answer in words, and what single passages hold of it."""
    names = html.escape(", ".join(node.label for node in found.linked))
    parts = [f"<p>Linked in {len(graph.triples)} facts: <b>{names}</b>."]
    if found.walk:
        parts.append(f" Walked: {' → '.join(found.walk)}.")
    parts.append("</p>")
    if not found.answers:
        parts.append("<p>No facts join them. In an open world that means unknown, not false.</p>")
        return "".join(parts)
    parts.append(f"<p>{answer_in_words(found)}</p>")
    parts.append(f"<p>Retrieval for the same question: {held_in_words(found, held)}</p>")
    return "".join(parts)


def answer_in_words(found: Hops) -> str:
    """The path, or how many answers there are and which."""
    if found.answers == found.linked[1:]:
        ((chain,),) = found.evidence
        path = " → ".join(short(node) for node in nodes_of(found.linked[0], chain))
        return f"A path of <b>{len(chain)}</b> facts: {html.escape(path)}."
    labels = html.escape("; ".join(node.label for node in found.answers[:LISTED]))
    more = f" and {len(found.answers) - LISTED} more" if len(found.answers) > LISTED else ""
    return f"<b>{len(found.answers)}</b>: {labels}{more}."


def held_in_words(found: Hops, held: Passages) -> str:
    """How much of the answer the passages hold."""
    if found.answers == found.linked[1:]:
        count = f"{held.passages} passages found"
        return f"{'one' if held.all else '<b>none</b>'} of the {count} names both ends."
    return (
        f"of {held.passages} passages the best one names <b>{held.best} of {held.answers}</b> "
        f"together with what was asked about; all of them between them {held.all}."
    )


def draw_hops(found: Hops) -> Figure | None:
    """The chains of facts from left to right, at most eight answers."""
    if not found.answers:
        return None
    places, edges = layout(found)
    drawn = figure(120 + 46 * max(1 + row for _, row in places.values()))
    heights: dict[int, int] = {}
    for column, row in places.values():
        heights[column] = max(heights.get(column, 0), row + 1)
    spots = {
        node: (column, (heights[column] - 1) / 2 - row) for node, (column, row) in places.items()
    }
    for head, tail in edges:
        (x0, y0), (x1, y1) = spots[head], spots[tail]
        line = {"color": GRAY, "width": 1}
        drawn.add_scatter(x=[x0, x1], y=[y0, y1], mode="lines", line=line, hoverinfo="skip")
    drawn.add_scatter(
        x=[x for x, _ in spots.values()],
        y=[y for _, y in spots.values()],
        mode="markers+text",
        textposition="bottom center",
        hoverinfo="text",
        text=[brief(node) for node in spots],
        hovertext=[f"{node.kind}: {html.escape(node.label)}" for node in spots],
        marker={"size": 13, "color": [COLORS[node.kind] for node in spots]},
        textfont={"size": 10},
    )
    last = max(column for column, _ in spots.values())
    tallest = max(heights.values())
    drawn.update_xaxes(visible=False, range=[-0.45, last + 0.45])
    drawn.update_yaxes(visible=False, range=[-tallest / 2 - 0.4, tallest / 2 - 0.1])
    return drawn


def layout(found: Hops) -> tuple[dict[Node, tuple[int, int]], list[tuple[Node, Node]]]:
    """(column, row) of every node, answers in the last column, and the lines between nodes."""
    chains = [
        nodes_of(start, chain)
        for answer_chains in found.evidence[:DRAWN]
        for start, chain in zip(found.linked, answer_chains, strict=False)
    ]
    longest = max(len(chain) for chain in chains)
    places: dict[Node, tuple[int, int]] = {}
    rows: dict[int, int] = {}
    edges: dict[tuple[Node, Node], None] = {}
    for chain in chains:
        for step, node in enumerate(chain):
            column = longest - len(chain) + step
            if node not in places:
                places[node] = (column, rows.get(column, 0))
                rows[column] = rows.get(column, 0) + 1
        edges |= dict.fromkeys(itertools.pairwise(chain))
    return places, list(edges)


def brief(node: Node) -> str:
    """A label of at most two short lines."""
    lines = textwrap.wrap(short(node), 19, max_lines=2, placeholder=" …")
    return "<br>".join(html.escape(line) for line in lines)


def short(node: Node) -> str:
    """A question's number, anything else's label."""
    return node.key if node.kind == "question" else node.label


def list_facts(found: Hops) -> str:
    """Every answer with its facts in words and where the guide says them."""
    items = []
    for answer, chains in zip(found.answers[:LISTED], found.evidence, strict=False):
        facts = "; ".join(fact_in_words(fact) for chain in chains for fact in chain)
        items.append(f"<li><b>{html.escape(answer.label)}</b>: <small>{facts}</small></li>")
    return f"<details><summary>The facts</summary><ol>{''.join(items)}</ol></details>"


def fact_in_words(fact: Triple) -> str:
    """One triple with its source."""
    head, tail = html.escape(fact.head.label), html.escape(fact.tail.label)
    return f"({head}, <i>{fact.relation}</i>, {tail}) [{html.escape(fact.source)}]"
