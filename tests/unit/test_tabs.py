"""What a tab makes of the record that another tab tells it."""

import json
from datetime import UTC, date, datetime, timedelta

import gradio as gr
import pytest

from tutor.practice import record as kept
from tutor.practice.record import Record, as_json, practised, read_record
from tutor.web.tabs import FORGOTTEN, join

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTHING_NEW = gr.skip()


def told(record: Record) -> str:
    return json.dumps(as_json(record))


def test_both_have_everything_and_then_there_is_nothing_more_to_tell():
    mine = practised(Record(), 12, 0.5, [1], NOW)
    other = Record().with_event(5, "asked", NOW).with_event(4, "read", NOW - timedelta(hours=1))
    here = read_record(join(told(other), as_json(mine)))
    there = read_record(join(told(mine), as_json(other)))
    assert here == there
    assert [event.number for event in here.events] == [4, 5, 12]
    assert here.memory == mine.memory
    assert join(told(here), as_json(there)) == NOTHING_NEW
    assert join(told(other), as_json(here)) == NOTHING_NEW


def test_two_full_records_come_to_rest(monkeypatch):
    monkeypatch.setattr(kept, "MOST_EVENTS", 1)
    mine, other = (Record().with_event(number, "asked", NOW) for number in (5, 12))
    here, there = join(told(other), as_json(mine)), join(told(mine), as_json(other))
    settled = read_record(as_json(mine) if here == NOTHING_NEW else here)
    assert settled == read_record(as_json(other) if there == NOTHING_NEW else there)


def test_the_plan_is_the_one_that_was_made_last():
    mine = Record().with_event(5, "asked", NOW).with_interview(date(2026, 4, 1))
    later = mine.with_interview(None).with_wanted(["18_rag_and_knowledge"])
    joined = read_record(join(told(later), as_json(mine)))
    assert (joined.interview, joined.wanted) == (None, ("18_rag_and_knowledge",))


def test_what_was_forgotten_is_forgotten_everywhere_but_an_empty_tab_takes_nothing():
    mine = as_json(Record().with_event(5, "asked", NOW))
    assert join(told(Record()), mine) == NOTHING_NEW
    assert read_record(join(FORGOTTEN, mine)) == Record()
    assert join(FORGOTTEN, as_json(Record())) == NOTHING_NEW


@pytest.mark.parametrize("odd", ["", "x", "3", "[]", '{"events": 3}', "[" * 5000])
def test_whatever_else_is_told_changes_nothing(odd):
    assert join(odd, as_json(Record().with_event(5, "asked", NOW))) == NOTHING_NEW
