"""Pieces of HTML that demos share: status lines, tables, percentages."""

import html
from collections.abc import Sequence

from demos.shared.style import CELL, NOTE, WIDE_TABLE

TOP = 'th scope="col"'
NARROW = -1  # no column of a table takes the space


def percent(share: float) -> str:
    """A probability for people.

    >>> percent(0.9051), percent(0.00012), percent(3e-9)
    ('90.5%', '0.012%', '<0.001%')
    """
    if share >= 0.001 or share == 0:
        return f"{share:.1%}"
    return f"{share:.3%}" if share >= 1e-5 else "<0.001%"


def sentence(text: str) -> str:
    """What stands beside a picture; `text` is HTML."""
    return f'<p class="said">{text}</p>'


def said(text: str) -> str:
    """The same for what comes after an event: a screen reader announces it."""
    return f'<p class="said" role="status">{text}</p>'


def sums(head: Sequence[str], lines: Sequence[Sequence[str]], strong: int | None = None) -> str:
    """A table of numbers; cells are HTML already. A line of index `strong` is bold.

    A cell "0.75|bar" is drawn as a bar of that share of 1 behind its number.
    """
    top = "".join(f'<th scope="col">{text}</th>' for text in head)
    body = "".join(
        f"<tr{' class=strong' if n == strong else ''}>{''.join(map(bar_cell, line))}</tr>"
        for n, line in enumerate(lines)
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="sums"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def bar_cell(text: str) -> str:
    """One cell of `sums`."""
    number, bar, _ = text.partition("|bar")
    return (
        f'<td class="bar" style="--w:{float(number) * 100:.1f}">{number}</td>'
        if bar
        else f"<td>{text}</td>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], wide: int = 0) -> str:
    """An HTML table; cells are HTML, so the caller escapes them. Column `wide` takes the space."""
    style = f"{CELL};border-bottom:1px solid var(--border-color-primary);padding:0.25rem 0.4rem"
    first = "".join(
        f'<th scope="col" style="{style}{";width:55%" if place == wide else ""}">{name}</th>'
        for place, name in enumerate(head)
    )
    body = "".join(
        '<tr style="border:0">'
        + "".join(f'<td style="{style}">{cell}</td>' for cell in row)
        + "</tr>"
        for row in rows
    )
    return (
        f'<div style="overflow-x:auto"><table style="{WIDE_TABLE}">'
        f'<thead><tr style="border:0">{first}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def fitted(wide: str) -> str:
    """Something that scrolls within its column instead of widening the page on a phone."""
    return f'<div style="contain:inline-size">{wide}</div>'


def bar(share: float, color: str) -> str:
    """A bar as long as `share` (0 to 1) of its cell."""
    style = f"height:7px;margin:1px 0;width:{100 * share:.2f}%;background:{color};border-radius:2px"
    return f'<div style="{style}"></div>'


def bar_table(rows: Sequence[Sequence[str]], head: Sequence[str] = ()) -> str:
    """Lines of a name, its bars, and numbers on the right; cells are HTML already."""
    sides = ("left", "left;width:60%", *["right"] * 2)
    style = "border:0;padding:0.1rem 0.6rem;white-space:nowrap;text-align:"

    def line(cells: Sequence[str], tag: str) -> str:
        parts = zip(sides, cells, strict=False)
        inside = "".join(f'<{tag} style="{style}{side}">{text}</{tag[:2]}>' for side, text in parts)
        return f'<tr style="border:0">{inside}</tr>'

    top = f'<thead style="border:0">{line(head, TOP)}</thead>' if head else ""
    body = "".join(line(row, "td") for row in rows)
    return f'<table style="{WIDE_TABLE}">{top}<tbody>{body}</tbody></table>'


def status(text: str) -> str:
    """A sentence that a screen reader announces; plain text."""
    return said(html.escape(text))


def note(text: str) -> str:
    """Small print below a picture or a table; `text` is HTML."""
    return f'<p style="{NOTE}">{text}</p>'
