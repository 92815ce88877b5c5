"""Draws tokens as colored spans of HTML, spaces and broken characters made visible."""

import html
from collections.abc import Sequence

HUES = (210, 30, 130, 280, 0, 175)  # neighbors in a text get different ones
MARKS = {" ": "·", "\n": "↵", "\t": "⇥", "\r": "␍"}
TOKEN = (
    "display:inline-block;vertical-align:top;text-align:center;"
    "margin:0 1px 3px;padding:1px 3px;border-radius:4px;"
    "font-family:var(--font-mono);font-size:0.85rem;line-height:1.25;white-space:pre;"
    "max-width:100%;overflow-wrap:anywhere;color:var(--body-text-color);"
)
SMALL = "display:block;font-size:0.68rem;opacity:0.75;"


def visible(piece: bytes) -> str:
    """A token as text: spaces as ·, line breaks as ↵, bytes that are no whole character as hex.

    >>> visible(b" the"), visible(b"caf" + bytes([0xC3]))
    ('·the', 'caf<C3>')
    """
    return "".join(visible_character(c) for c in piece.decode("utf-8", "surrogateescape"))


def visible_character(c: str) -> str:
    """A character that can be seen. A byte that is none by itself comes as U+DC80 to U+DCFF."""
    if "\udc80" <= c <= "\udcff":
        return f"<{ord(c) - 0xDC00:02X}>"
    return MARKS.get(c) or (c if c.isprintable() else f"<U+{ord(c):04X}>")


def hexadecimal(piece: bytes) -> str:
    """The bytes as pairs of hex digits.

    >>> hexadecimal("é".encode())
    'C3 A9'
    """
    return piece.hex(" ").upper()


def colored(labels: Sequence[str], below: Sequence[str], titles: Sequence[str]) -> str:
    """One span a token: its label, a small line below it, a title on hover. Escapes all three."""
    parts = zip(labels, below, titles, strict=True)
    return "".join(
        span(label, small, title, f"background:hsl({HUES[i % len(HUES)]} 75% 50% / 0.24);")
        for i, (label, small, title) in enumerate(parts)
    )


def span(label: str, below: str = "", title: str = "", style: str = "", more: str = "") -> str:
    """A token with its look. `more` holds further attributes and is not escaped."""
    small = f'<span style="{SMALL}">{html.escape(below)}</span>' if below else ""
    return (
        f'<span style="{TOKEN}{style}" title="{html.escape(title)}" {more}>'
        f"{html.escape(label)}{small}</span>"
    )
