"""Anki packages: what Anki would find in them, and that a second one updates the first."""

import io
import json
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from tutor.practice.cards import as_html, missed_points, package
from tutor.practice.record import Record, practised

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def notes_of(data: bytes) -> dict[str, list[str]]:
    """The notes of a package, by their lasting ids: their fields."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert json.loads(archive.read("media")) == {}
        store = sqlite3.connect(":memory:")
        store.deserialize(archive.read("collection.anki2"))
    rows = store.execute("select guid, flds from notes order by id").fetchall()
    cards = store.execute("select count(*) from cards").fetchone()[0]
    store.close()
    assert cards == len(rows)
    return {guid: fields.split("\x1f") for guid, fields in rows}


@pytest.fixture
def record():
    return practised(practised(Record(), 12, 0.5, [1], NOON), 4, 0.0, [0, 1], NOON)


def test_every_missed_point_is_a_card_with_its_source(record, guide):
    notes = list(notes_of(package(record, guide, NOON)).values())
    assert [note[0] for note in notes] == [
        "Q12: What is the nucleus?", "Q4: What is the adapter?", "Q4: What is the adapter?",
    ]  # fmt: skip
    assert notes[0][1:] == [
        "Key point 2 of 2: which one is missing?",
        "<ul><li>The nucleus removes unlikely tokens.</li></ul>",
        "The nucleus is set by hand.",
        "Q12 · Key points",
    ]
    assert notes[1][2] == ""  # nothing was said


def test_the_last_practice_counts(record, guide):
    better = practised(record, 4, 0.5, [1], NOON + timedelta(days=1))
    assert [(one.question.number, one.place) for one in missed_points(better, guide)] == [
        (12, 1), (4, 1),
    ]  # fmt: skip


def test_a_second_package_updates_the_cards_of_the_first(record, guide):
    first, second = package(record, guide, NOON), package(record, guide, NOON + timedelta(days=2))
    assert list(notes_of(first)) == list(notes_of(second))
    assert len(set(notes_of(first))) == 3


def test_points_and_questions_that_the_guide_has_not_are_left_out(guide):
    record = practised(practised(Record(), 12, 0.5, [1, 40], NOON), 777, 0.0, [0], NOON)
    assert len(notes_of(package(record, guide, NOON))) == 1
    assert notes_of(package(Record(), guide, NOON)) == {}


def test_the_source_can_be_a_link(record, guide):
    note, *_ = notes_of(package(record, guide, NOON, 'http://x:7860"><b>')).values()
    assert note[4] == (
        '<a href="http://x:7860&quot;&gt;&lt;b&gt;/guide?q=12#at-key-points">Q12 · Key points</a>'
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("$p < 1$ and $$x_i * y_i$$", r"\(p &lt; 1\) and \[x_i * y_i\]"),
        ("**a $x_1$ b** `c_d`", r"<strong>a \(x_1\) b</strong> <code>c_d</code>"),
        ("see [Q5](../05_x/README.md#q5-x)", "see Q5"),
        ("[CLS] and [MASK]", "[CLS] and [MASK]"),
    ],
)
def test_markdown_becomes_what_anki_shows(text, shown):
    assert as_html(text) == shown
