"""The learner's record: bounded, distrusted when it comes back, and reviewed by FSRS."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from fsrs import Rating

from tutor.practice import record as records
from tutor.practice.record import (
    Record,
    Standing,
    as_json,
    due,
    is_record,
    merged,
    practised,
    rating_of,
    read_record,
    recall,
)

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_it_comes_back_from_json_as_it_was():
    record = Record().with_event(4, "read", NOON).with_event(12, "asked", NOON + DAY)
    record = practised(record, 12, 2 / 3, [0, 3], NOON + 2 * DAY)
    record = record.with_interview(date(2026, 12, 10)).with_wanted(["18_rag_and_knowledge"])
    kept = json.loads(json.dumps(as_json(record)))
    again = read_record(kept)
    assert as_json(again) == kept
    assert again.memory == record.memory
    assert again.standings() == {
        4: Standing(read=True),
        12: Standing(asked=True, practised=1, share=0.667, missed=(0, 3)),
    }
    assert (again.interview, again.wanted) == (date(2026, 12, 10), ("18_rag_and_knowledge",))


def test_reading_counts_once_a_day_and_practising_every_time():
    record = Record().with_event(4, "read", NOON)
    assert record.with_event(4, "read", NOON + timedelta(hours=1)) == record
    assert len(record.with_event(4, "read", NOON + DAY).events) == 2
    assert len(record.with_event(4, "asked", NOON).events) == 2
    twice = practised(practised(record, 4, 0.5, [1], NOON), 4, 0.9, [], NOON)
    assert twice.standings()[4] == Standing(read=True, practised=2, share=0.9)


@pytest.mark.parametrize(
    ("share", "rating", "days"),
    [(0.0, Rating.Again, 1), (0.34, Rating.Again, 1), (0.35, Rating.Hard, 1),
     (0.6, Rating.Good, 2), (0.84, Rating.Good, 2), (0.85, Rating.Easy, 8),
     (1.0, Rating.Easy, 8)],
)  # fmt: skip
def test_the_better_the_answer_the_later_it_is_due(share, rating, days):
    # FSRS-6's first stabilities are 0.212, 1.2931, 2.3065 and 8.2956 days; at a wished recall of
    # 90 % the interval is the stability, in whole days and at least one.
    assert rating_of(share) == rating
    record = practised(Record(), 12, share, [], NOON)
    assert record.memory[12].due == NOON + days * DAY
    assert due(record, NOON + (days - 1) * DAY) == []
    assert due(record, NOON + days * DAY) == [12]


def test_a_second_good_answer_lasts_longer_and_a_failed_one_comes_back():
    first = practised(Record(), 12, 0.7, [2], NOON)
    good = practised(first, 12, 0.7, [2], NOON + 2 * DAY)
    failed = practised(good, 12, 0.1, [0, 1, 2], NOON + 9 * DAY)
    assert good.memory[12].stability > first.memory[12].stability > failed.memory[12].stability
    assert failed.memory[12].due == NOON + 10 * DAY
    assert practised(first, 12, 0.7, [2], NOON + 2 * DAY) == good  # nothing is random


def test_recall_falls_to_nine_tenths_when_it_is_due():
    memory = practised(Record(), 12, 1.0, [], NOON).memory[12]
    assert recall(memory, 12, NOON) == 1.0
    assert recall(memory, 12, NOON + 8 * DAY) == pytest.approx(0.9, abs=0.005)
    assert recall(memory, 12, NOON + 40 * DAY) < 0.8


def test_what_is_due_today_is_due_by_the_day_where_the_learner_is():
    late = datetime(2026, 11, 29, 23, tzinfo=UTC)
    record = practised(practised(Record(), 12, 0.1, [], late), 4, 0.7, [], NOON - 3 * DAY)
    assert due(record, datetime(2026, 11, 30, 1, tzinfo=UTC)) == [4, 12]
    assert due(record, datetime(2026, 11, 29, 23, 30, tzinfo=UTC)) == [4]
    tokyo = timezone(timedelta(hours=9))  # there it is due on December 1
    assert due(record, datetime(2026, 11, 30, 12, tzinfo=tokyo)) == [4]
    assert due(record, datetime(2026, 12, 1, 0, tzinfo=tokyo)) == [4, 12]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_a_share(share):
    with pytest.raises(ValueError, match="share"):
        practised(Record(), 12, share, [], NOON)


def test_it_is_bounded(monkeypatch):
    monkeypatch.setattr(records, "MOST_EVENTS", 3)
    record = Record()
    for number in range(1, 6):
        record = record.with_event(number, "read", NOON + number * DAY)
    assert [event.number for event in record.events] == [3, 4, 5]
    assert len(read_record({"events": as_json(record)["events"] * 3}).events) == 3


AT = NOON.isoformat()
GOOD_MEMORY = {"stability": 2.0, "difficulty": 5.0, "due": AT, "last": AT}


@pytest.mark.parametrize(
    "row",
    [3, None, [], {}, {"q": 1, "what": "eaten", "at": AT}, {"q": 1, "what": ["read"], "at": AT},
     {"q": 0, "what": "read", "at": AT}, {"q": True, "what": "read", "at": AT},
     {"q": "²", "what": "read", "at": AT}, {"q": 10**9, "what": "read", "at": AT},
     {"q": 1, "what": "read", "at": "2026-11-29T12:00:00"}, {"q": 1, "what": "read", "at": 12},
     {"q": 1, "what": "read", "at": "0001-01-01T00:00:00+12:00"},
     {"q": 1, "what": "practised", "at": AT},
     {"q": 1, "what": "practised", "at": AT, "share": 2, "missed": []},
     {"q": 1, "what": "practised", "at": AT, "share": float("nan"), "missed": []},
     {"q": 1, "what": "practised", "at": AT, "share": "1", "missed": []}],
    ids=str,
)  # fmt: skip
def test_an_event_of_another_shape_is_dropped(row):
    good = {"q": 2, "what": "read", "at": AT}
    assert [event.number for event in read_record({"events": [row, good]}).events] == [2]


@pytest.mark.parametrize(
    "wrong",
    [{"stability": 0}, {"stability": float("inf")}, {"difficulty": 11}, {"difficulty": None},
     {"due": "tomorrow"}, {"last": None}, {"last": "2026-13-01"}],
    ids=str,
)  # fmt: skip
def test_a_memory_of_another_shape_is_dropped(wrong):
    found = {"events": [], "memory": {"1": GOOD_MEMORY | wrong, "2": GOOD_MEMORY, "x": GOOD_MEMORY}}
    assert list(read_record(found).memory) == [2]


@pytest.mark.parametrize(
    "found",
    [None, 3, "x", [], {}, {"events": 3}, {"events": [], "memory": [1], "wanted": "x"},
     {"events": [], "interview": "soon", "wanted": [3, "<b>", "../../etc"]},
     {"events": [], "interview": [2026]}],
    ids=str,
)  # fmt: skip
def test_what_has_another_shape_is_dropped(found):
    assert read_record(found) == Record()


def test_odd_points_are_dropped_and_said_once():
    row = {"q": 1, "what": "practised", "at": AT, "share": 1, "missed": [1, 1, -1, "2", 2, 999]}
    assert read_record({"events": [row]}).events[0].missed == (1, 2)


def test_a_file_joins_what_is_there():
    mine = practised(Record().with_event(4, "read", NOON), 12, 0.5, [1], NOON)
    other = practised(mine, 12, 0.9, [], NOON + DAY).with_interview(date(2026, 12, 10))
    both = merged(mine, other)
    assert len(both.events) == 3
    assert both.memory[12].last == NOON + DAY
    assert merged(other, mine).memory == both.memory
    assert merged(other, mine).interview == date(2026, 12, 10)
    assert merged(both, both) == both


def test_another_json_file_is_no_record():
    assert is_record(as_json(Record()))
    assert not is_record({"open": "", "all": []})
