"""How the retrieval demo draws its results: HTML tables and one plotly figure.

Each function takes a result and returns HTML or a figure. What a person typed, and what a model
said, is escaped here.
"""

import html
import itertools
import textwrap
from typing import Any

from demos.graph import Graph, Node, Triple
from demos.grounding import TOKENS, Replies
from demos.hops import Hops, Passages, nodes_of
from demos.panel import figure
from demos.ranking import Found, Ranked
from tutor.guide.text import plain

EXCERPT = 110  # characters of a passage
SEARCHES = ("question side", "answer side", "BM25", "fused", "RRF")
CELL = "border:0;padding:0.2rem 0.3rem;text-align:left;vertical-align:top"
LEGEND = (
    "Each cell: the passage's rank in that search among all candidates, its score below; – where "
    "the search did not return it. Fused is the tutor's own score, RRF reciprocal rank fusion."
)
DRAWN = 8  # answers in the figure
LISTED = 30  # answers in the list
COLORS = {
    "category": "#2f9e44", "question": "#1c7ed6", "paper": "#e8590c", "author": "#9c36b5",
    "name": "#c2255c",
}  # fmt: skip


def search_table(found: Found, guess: str | None = None) -> str:
    """The gate's verdict and the best passages with every rank."""
    verdict = "covered" if found.covered else "not covered"
    parts = [
        f"<p>The gate says <b>{verdict}</b>, with confidence {found.confidence:.2f}; "
        f"{found.candidates} candidates in {1000 * found.seconds:.0f} ms.</p>"
    ]
    if guess:
        right = "You guessed the same." if guess == verdict else f"You guessed: {guess}."
        parts.append(f"<p>{right}</p>")
    if not found.rows:
        return "".join([*parts, "<p>No passage shares a word or a meaning with this.</p>"])
    if found.query != found.question:
        parts.append(f"<p>Searched for: <i>{html.escape(found.query)}</i></p>")
    head = "".join(f'<th scope="col" style="{CELL}">{name}</th>' for name in SEARCHES)
    rows = "".join(search_rows(place, row) for place, row in enumerate(found.rows, 1))
    parts.append(
        f'<table style="border:0;border-collapse:collapse;width:100%;font-size:0.85rem">'
        f'<thead><tr style="border:0">{head}</tr></thead><tbody>{rows}</tbody></table>'
    )
    parts.append(f"<p>{agreement(found)}</p><p><small>{LEGEND}</small></p>")
    return "".join(parts)


def search_rows(place: int, row: Ranked) -> str:
    """One passage: its final place and text, and below them each score with its rank."""
    passage, chunk = row.passage, row.passage.chunk
    title = html.escape(chunk.heading or chunk.section)
    text = html.escape(textwrap.shorten(plain(chunk.text), EXCERPT, placeholder=" …"))
    link = f'<a href="#ask-{chunk.number}">Q{chunk.number}</a>'
    cells = (
        rank_cell(row.question_rank, f"{passage.to_question:.2f}"),
        rank_cell(row.answer_rank, f"{passage.to_answer:.2f}"),
        rank_cell(row.bm25_rank, f"{passage.bm25:.1f}"),
        rank_cell(row.fused_rank, f"{passage.score:.2f}"),
        rank_cell(row.rrf_rank, f"{row.rrf:.3f}"),
    )
    ranks = "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells)
    top = "border:0;border-top:1px solid var(--border-color-primary)"
    return (
        f'<tr style="{top}"><td colspan="{len(cells)}" style="{CELL};padding-top:0.5rem">'
        f"{place}. {link} <b>{title}</b><br>{text}</td></tr>"
        f'<tr style="border:0">{ranks}</tr>'
    )


def rank_cell(rank: int | None, score: str) -> str:
    """A rank with its score, the more colored the better the rank; a dash for not found."""
    if rank is None:
        return '<span title="not among the candidates of this search">–</span>'
    strength = max(0, 70 - 8 * (rank - 1))
    shade = f"color-mix(in srgb, #1c7ed6 {strength}%, transparent)"
    return (
        f'<span style="display:inline-block;min-width:2.6em;padding:0 0.3em;border-radius:4px;'
        f'background:{shade}">{rank}.</span><br><small>{score}</small>'
    )


def agreement(found: Found) -> str:
    """Whether the searches would have put the same passage first."""
    best = found.rows[0]
    names = {
        "the question side": best.question_rank, "the answer side": best.answer_rank,
        "BM25": best.bm25_rank, "reciprocal rank fusion": best.rrf_rank,
    }  # fmt: skip
    agree = [name for name, rank in names.items() if rank == 1]
    other = [
        f"{name} puts it at {rank}" if rank else f"{name} does not return it"
        for name, rank in names.items()
        if rank != 1
    ]
    first = f"Also first for {', '.join(agree)}." if agree else "No single search puts it first."
    rest = "; ".join(other)
    return f"{first} {rest[:1].upper()}{rest[1:]}{'.' if rest else ''}"


def two_replies(replies: Replies, name: str) -> str:
    """Both replies side by side, or one above the other where there is no room."""
    memory, grounded = replies.shares
    columns = [
        ("From memory", replies.memory, memory, replies.step == "memory"),
        (f"From {len(replies.passages)} passages", replies.grounded, grounded,
         replies.step == "passages"),
    ]  # fmt: skip
    boxes = []
    for title, text, share, growing in columns:
        mark = " …" if growing else ""
        body = html.escape(text.strip()) + mark
        note = f"{share:.0%} of its words stand in the passages" if text and not growing else ""
        if note and not text.rstrip().endswith((".", "!", "?")):
            note += f"; cut short, at {TOKENS} tokens at most"
        boxes.append(
            '<div style="flex:1 1 240px;border:1px solid var(--border-color-primary);'
            f'border-radius:6px;padding:0.6rem"><b>{title}</b><p>{body}</p>'
            f"<small>{note}</small></div>"
        )
    given = "".join(f"<li>{html.escape(text)}</li>" for text in replies.passages)
    state = "" if replies.step == "done" else ' aria-busy="true"'
    return (
        f"<p>{html.escape(name)}, greedy, on <i>{html.escape(replies.question)}</i></p>"
        f'<div{state} style="display:flex;flex-wrap:wrap;gap:0.6rem">{"".join(boxes)}</div>'
        f"<details><summary>The passages in the second prompt</summary><ol>{given}</ol></details>"
    )


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


def draw_hops(found: Hops) -> Any:
    """The chains of facts from left to right, at most eight answers."""
    import plotly.graph_objects as go

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
        line = {"color": "rgba(136,136,136,0.6)", "width": 1}
        drawn.add_trace(
            go.Scatter(x=[x0, x1], y=[y0, y1], mode="lines", line=line, hoverinfo="skip")
        )
    drawn.add_trace(
        go.Scatter(
            x=[x for x, _ in spots.values()], y=[y for _, y in spots.values()],
            mode="markers+text", textposition="bottom center", hoverinfo="text",
            text=[brief(node) for node in spots],
            hovertext=[f"{node.kind}: {html.escape(node.label)}" for node in spots],
            marker={"size": 13, "color": [COLORS[node.kind] for node in spots]},
            textfont={"size": 10},
        )
    )  # fmt: skip
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
