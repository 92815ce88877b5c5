"""Anki cards of the key points that were missed, each with its source in the guide.

A package can be made and imported again at any time: a point keeps its card, by its question and
place, with whatever Anki has learned about it, and its text is brought up to date.
"""

import html
import io
import itertools
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markdown_it import MarkdownIt

from tutor.guide.read import KEY_POINTS, Guide, Question, bullets
from tutor.practice.record import Record

# Chosen once, at random: Anki knows a deck and a kind of note by such a number.
DECK, NOTE = 1_947_206_581, 1_306_482_953
NAME = "LLM interview tutor"
FIELDS = ("Question", "Aspect", "Made", "Point", "Source")
FRONT = """<div class="q">{{Question}}</div>
<div class="aspect">{{Aspect}}</div>
{{#Made}}<div class="made">You have said: {{Made}}</div>{{/Made}}"""
BACK = """{{FrontSide}}<hr id="answer">
<div class="point">{{Point}}</div><div class="source">{{Source}}</div>"""
STYLE = """.card { font-family: system-ui, sans-serif; font-size: 19px; line-height: 1.4; }
.q { font-weight: 600; }
.aspect, .made, .source { font-size: 15px; opacity: .75; margin-top: .6em; }
ul { margin: .2em 0; }"""
MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
# Characters that no text has, around the number of a formula while Markdown is read.
OPEN, CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True)
class Missed:
    """A key point that was missed the last time its question was practised: its question, its
    place among the key points, and the key points that were made then (Markdown)."""

    question: Question
    place: int
    made: tuple[str, ...]

    @property
    def points(self) -> list[str]:
        """All key points of the question."""
        return key_points(self.question)


def key_points(question: Question) -> list[str]:
    """A question's key points as Markdown, without list marks."""
    return [item.removeprefix("- ") for item in bullets(question.section(KEY_POINTS))]


def missed_points(record: Record, guide: Guide) -> list[Missed]:
    """The key points missed the last time, in the guide's order."""
    found = []
    for number, standing in record.standings().items():
        question = guide.questions.get(number)
        if question and standing.practised:
            points = key_points(question)
            made = tuple(p for i, p in enumerate(points) if i not in standing.missed)
            found += [Missed(question, i, made) for i in standing.missed if i < len(points)]
    order = list(guide.questions)
    return sorted(found, key=lambda one: (order.index(one.question.number), one.place))


def package(record: Record, guide: Guide, now: datetime, address: str = "") -> bytes:
    """An Anki package (.apkg) of all missed points.

    `address` is where the guide can be read, such as "http://127.0.0.1:7860", for links to the
    sources; without one they are named.
    """
    import genanki

    model = genanki.Model(
        NOTE,
        NAME,
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Point", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )
    deck = genanki.Deck(DECK, NAME)
    for one in missed_points(record, guide):
        deck.add_note(
            genanki.Note(
                model,
                list(fields_of(one, address)),
                guid=genanki.guid_for(NAME, one.question.number, one.place),
                tags=[f"Q{one.question.number}", one.question.category],
            )
        )
    return packed(genanki.Package(deck), now)


def packed(cards: Any, now: datetime) -> bytes:
    """A genanki package as bytes. Its own `write_to_file` leaves a temporary file behind."""
    store = sqlite3.connect(":memory:")
    time = now.timestamp()
    cards.write_to_db(store.cursor(), time, itertools.count(int(time * 1000)))
    store.commit()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", store.serialize())
        archive.writestr("media", json.dumps({}))
    store.close()
    return file.getvalue()


def fields_of(one: Missed, address: str) -> Iterator[str]:
    """What FIELDS names, as HTML."""
    number, points = one.question.number, one.points
    yield f"Q{number}: {html.escape(one.question.title)}"
    yield f"Key point {one.place + 1} of {len(points)}: which one is missing?"
    made = "".join(f"<li>{as_html(point)}</li>" for point in one.made)
    yield f"<ul>{made}</ul>" if made else ""
    yield as_html(points[one.place])
    source = f"Q{number} · {KEY_POINTS}"
    link = html.escape(f"{address}/guide?q={number}#at-key-points")
    yield f'<a href="{link}">{source}</a>' if address else source


def as_html(text: str) -> str:
    r"""A line of the guide's Markdown as Anki shows it, formulas between \( and \).

    >>> as_html("Divide by $\\sqrt{d_k}$, **not** `d_k < 1`.")
    'Divide by \\(\\sqrt{d_k}\\), <strong>not</strong> <code>d_k &lt; 1</code>.'
    """
    formulas: list[str] = []

    def put_by(found: re.Match[str]) -> str:
        shown, within = found.groups()
        tex = html.escape(shown or within, quote=False)
        formulas.append(rf"\[{tex}\]" if shown else rf"\({tex}\)")
        return f"{OPEN}{len(formulas) - 1}{CLOSE}"

    plain = LINK.sub(r"\1", MATH.sub(put_by, text))
    shown: str = MarkdownIt("commonmark", {"html": False}).renderInline(plain)
    return re.sub(rf"{OPEN}(\d+){CLOSE}", lambda found: formulas[int(found[1])], shown)
