"""The days before an interview: reviews first, new questions spread, honest when it is too near."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import real_guide
from tutor.practice.plan import DAILY, make_plan, order_of
from tutor.practice.record import Record, practised

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def guide():
    return real_guide()


def in_days(days: int, record: Record | None = None) -> Record:
    return (record or Record()).with_interview(TODAY + days * DAY)


def planned(plan) -> list[int]:
    return [number for day in plan.days for number in (*day.again, *day.new)]


def test_without_a_day_there_is_no_plan(guide):
    assert make_plan(Record(), guide, NOON) is None


@pytest.mark.parametrize("days", [0, -1, -400])
def test_on_the_day_and_after_it_nothing_is_planned(guide, days):
    plan = make_plan(in_days(days), guide, NOON)
    assert (plan.days, plan.days_left) == ((), days)


def test_fifty_questions_spread_evenly_and_the_last_day_is_free(guide):
    plan = make_plan(in_days(11), guide, NOON)
    assert [len(day.new) for day in plan.days] == [5] * 10
    assert [day.day for day in plan.days] == [TODAY + n * DAY for n in range(10)]
    assert sorted(planned(plan)) == sorted(guide.questions)
    assert plan.left == ()


def test_a_date_far_away_gives_one_a_day(guide):
    plan = make_plan(in_days(400), guide, NOON)
    assert len(plan.days) == 50
    assert {len(day.new) for day in plan.days} == {1}


def test_nobody_plans_for_longer_than_a_year(guide):
    far = Record().with_interview(date(2999, 12, 31))
    record = practised(far, 12, 1.0, [], NOON)
    patient = replace(record.memory[12], due=datetime(2900, 1, 1, tzinfo=UTC))
    plan = make_plan(replace(record, memory={12: patient}), guide, NOON)
    assert len(plan.days) == 49
    assert plan.left == ()


def test_a_date_too_near_leaves_questions_out_and_says_which(guide):
    plan = make_plan(in_days(2), guide, NOON)
    assert [len(day.new) for day in plan.days] == [DAILY, DAILY]
    assert len(plan.left) == 50 - 2 * DAILY
    assert sorted([*planned(plan), *plan.left]) == sorted(guide.questions)
    assert [day.day for day in make_plan(in_days(1), guide, NOON).days] == [TODAY]


def test_what_an_advertisement_asks_for_comes_first(guide):
    record = in_days(2).with_wanted(["18_rag_and_knowledge", "99_unknown", "07_embeddings"])
    assert planned(make_plan(record, guide, NOON))[:3] == [36, 40, 10]
    assert order_of([], guide)[0] == "02_attention_mechanisms"
    assert sorted(order_of(["07_embeddings"], guide)) == [c.folder for c in guide.categories]


def test_what_is_due_comes_on_its_day_before_anything_new(guide):
    record = practised(in_days(4), 12, 0.1, [0], NOON - 5 * DAY)  # due since four days
    record = practised(record, 5, 0.7, [0], NOON - DAY)  # due tomorrow
    record = practised(record, 6, 1.0, [], NOON - DAY)  # due after the interview
    plan = make_plan(record, guide, NOON)
    assert [day.again for day in plan.days[:2]] == [(12,), (5,)]
    assert 6 not in planned(plan)
    assert [len(day.new) for day in plan.days[:3]] == [DAILY - 1, DAILY - 1, DAILY]
    assert plan.days[-1].day < record.interview


def test_more_reviews_than_a_day_holds_go_on_the_next(guide):
    record = in_days(3)
    for number in range(1, DAILY + 3):
        record = practised(record, number, 0.1, [0], NOON - 3 * DAY)
    plan = make_plan(record, guide, NOON)
    assert [len(day.again) for day in plan.days] == [DAILY, 2]
    assert plan.days[0].new == ()


def test_what_was_done_today_is_taken_off_today(guide):
    before = make_plan(in_days(11), guide, NOON)
    record = in_days(11)
    for number in before.days[0].new[:2]:
        record = practised(record, number, 1.0, [], NOON)
    after = make_plan(record, guide, NOON)
    assert after.days[0].new == before.days[0].new[2:]
    assert [day.new for day in after.days[1:]] == [day.new for day in before.days[1:]]


def test_questions_that_the_guide_has_not_are_left_out(guide):
    record = practised(in_days(5), 777, 0.1, [], NOON - 3 * DAY)
    assert 777 not in planned(make_plan(record, guide, NOON))
