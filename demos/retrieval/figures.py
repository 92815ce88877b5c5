"""How the retrieval demo draws its results: HTML tables and one plotly figure.

Each function takes a result and returns HTML or a figure. What a person typed, and what a model
said, is escaped here.
"""

import html
import textwrap

from demos.retrieval.grounding import TOKENS, Replies
from demos.retrieval.ranking import Found, Ranked
from demos.shared.style import BLUE, BOX, CELL, WIDE_TABLE, tint
from tutor.guide.text import plain

EXCERPT = 110  # characters of a passage
LIKELY = 3  # kinds and topics that are named
SEARCHES = ("reader", "question side", "answer side", "BM25", "fused", "RRF")
LEGEND = (
    "Each cell: the passage's rank in that search among all candidates, its score below; – where "
    "the search did not return it. Fused is the tutor's own score, RRF reciprocal rank fusion."
)


def search_table(found: Found, guess: str | None = None) -> str:
    """The gate's verdict and the best passages with every rank."""
    verdict = "covered" if found.covered else "not covered"
    parts = [
        f"<p>The gate says <b>{verdict}</b>, with confidence {found.confidence:.2f}; "
        f"{found.candidates} candidates in {1000 * found.seconds:.0f} ms.</p>"
    ]
    parts.append(f"<p>{understood(found)}</p>")
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
        f'<table style="{WIDE_TABLE}">'
        f'<thead><tr style="border:0">{head}</tr></thead><tbody>{rows}</tbody></table>'
    )
    parts.append(f"<p>{agreement(found)}</p><p><small>{LEGEND}</small></p>")
    parts.append(written_list(found))
    return "".join(parts)


def understood(found: Found) -> str:
    """What the reader takes the turn for, and which guide questions the search thinks are meant."""
    kinds = sorted(found.reading.kinds.items(), key=lambda item: -item[1])[:LIKELY]
    named = ", ".join(f"<b>{kind.value}</b> {share:.2f}" for kind, share in kinds)
    topics = ", ".join(
        f'<a href="#ask-{number}">Q{number}</a> {share:.2f}'
        for number, share in list(zip(found.topics, found.shares, strict=True))[:LIKELY]
    )
    return f"The reader takes this turn for: {named}. About: {topics or 'nothing'}."


def written_list(found: Found) -> str:
    """The written answers that come nearest, each with the probability that it answers the turn and
    the cosines of its question to both vectors; from a half on, the best one is the reply."""
    items = "".join(
        f"<li><b>{one.answers:.2f}</b> {html.escape(one.chunk.heading)} "
        f"<small>reader {one.read:.2f}, turn {one.to_question:.2f}</small></li>"
        for one in found.written[:LIKELY]
    )
    return f"<p>Written answers, by how likely each answers this:</p><ol>{items}</ol>" * bool(items)


def search_rows(place: int, row: Ranked) -> str:
    """One passage: its final place and text, and below them each score with its rank."""
    passage, chunk = row.passage, row.passage.chunk
    title = html.escape(chunk.heading or chunk.section)
    text = html.escape(textwrap.shorten(plain(chunk.text), EXCERPT, placeholder=" …"))
    link = f'<a href="#ask-{chunk.number}">Q{chunk.number}</a>'
    cells = (
        rank_cell(row.read_rank, f"{passage.read:.2f}"),
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
    shade = tint(BLUE, strength)
    return (
        f'<span style="display:inline-block;min-width:2.6em;padding:0 0.3em;border-radius:4px;'
        f'background:{shade}">{rank}.</span><br><small>{score}</small>'
    )


def agreement(found: Found) -> str:
    """Whether the searches would have put the same passage first."""
    best = found.rows[0]
    names = {
        "the reader": best.read_rank,
        "the question side": best.question_rank,
        "the answer side": best.answer_rank,
        "BM25": best.bm25_rank,
        "reciprocal rank fusion": best.rrf_rank,
    }
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
        (
            f"From {len(replies.passages)} passages",
            replies.grounded,
            grounded,
            replies.step == "passages",
        ),
    ]
    boxes = []
    for title, text, share, growing in columns:
        mark = " …" if growing else ""
        body = html.escape(text.strip()) + mark
        note = f"{share:.0%} of its words stand in the passages" if text and not growing else ""
        if note and not text.rstrip().endswith((".", "!", "?")):
            note += f"; cut short, at {TOKENS} tokens at most"
        boxes.append(
            f'<div style="flex:1 1 240px;{BOX};padding:0.6rem"><b>{title}</b><p>{body}</p>'
            f"<small>{note}</small></div>"
        )
    given = "".join(f"<li>{html.escape(text)}</li>" for text in replies.passages)
    state = "" if replies.step == "done" else ' aria-busy="true"'
    return (
        f"<p>{html.escape(name)}, greedy, on <i>{html.escape(replies.question)}</i></p>"
        f'<div{state} style="display:flex;flex-wrap:wrap;gap:0.6rem">{"".join(boxes)}</div>'
        f"<details><summary>The passages in the second prompt</summary><ol>{given}</ol></details>"
    )
