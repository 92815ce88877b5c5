"""From today to the interview: which questions on which day.

What is due again comes first, then what was never practised, spread evenly over the days that are
left: the categories that a job advertisement asks for before the others, and those in the order of
study. A day holds DAILY questions, about an hour. What does not fit is said, not squeezed in.

The plan is made anew whenever it is looked at, from the record alone: a missed day moves what was
on it, and what was done today is taken off today.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tutor.guide.read import Guide
from tutor.practice.record import Record
from tutor.reply.study import STEPS

DAILY = 8  # questions on one day: seven minutes each to say, compare and say again
FARTHEST = 366  # days that are planned
FREE = 3  # days left from which the last one is kept for going over what was weak


@dataclass(frozen=True)
class Day:
    """What to practise on a day: questions that are due again, and new ones."""

    day: date
    again: tuple[int, ...]
    new: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """`days` that have something to do; `left` are questions, new or due, that find no day.

    `days_left` counts the days before the interview, today among them; 0 on the day itself, less
    when it is over.
    """

    days: tuple[Day, ...]
    left: tuple[int, ...]
    days_left: int


def make_plan(record: Record, guide: Guide, now: datetime) -> Plan | None:
    """The plan for the record's interview, as seen on the day of `now`; None without one."""
    if record.interview is None:
        return None
    today = now.date()
    days_left = (record.interview - today).days
    if days_left <= 0:
        return Plan((), (), days_left)
    return spread(record, guide, now, days_left)


def spread(record: Record, guide: Guide, now: datetime, days_left: int) -> Plan:
    """Due and new questions over the days before the interview; `days_left` at least 1."""
    today = now.date()
    due = {n: memory.due.astimezone(now.tzinfo).date() for n, memory in record.memory.items()}
    shown = min(days_left, FARTHEST)
    end = today + timedelta(days=shown)
    waiting = {n: day for n, day in due.items() if n in guide.questions and day < end}
    new = never_practised(record, guide)
    begun, again_done = done_today(record, now)
    learning = days_left - 1 if days_left >= FREE else days_left
    days = []
    for place in range(shown):
        day = today + timedelta(days=place)
        done = (begun + again_done) if place == 0 else 0
        ripe = sorted((n for n in waiting if waiting[n] <= day), key=lambda n: (waiting[n], n))
        again = ripe[: max(0, DAILY - done)]
        for number in again:
            del waiting[number]
        some = share_of(len(new), learning - place, begun if place == 0 else 0)
        fresh, new = split(new, min(some, max(0, DAILY - done - len(again))))
        if again or fresh:
            days.append(Day(day, tuple(again), tuple(fresh)))
    return Plan(tuple(days), (*new, *sorted(waiting)), days_left)


def share_of(new: int, days: int, begun: int) -> int:
    """How many of the new questions a day takes when `days` are left for them, itself among them,
    and `begun` were practised for the first time on it already."""
    return max(0, math.ceil((new + begun) / days) - begun) if days > 0 else 0


def split(numbers: Sequence[int], count: int) -> tuple[list[int], list[int]]:
    """The first `count`, and the rest."""
    return list(numbers[:count]), list(numbers[count:])


def never_practised(record: Record, guide: Guide) -> list[int]:
    """The questions that were never practised, in the order in which to begin them."""
    return [
        question.number
        for folder in order_of(record.wanted, guide)
        for question in guide.category(folder).questions
        if question.number not in record.memory
    ]


def order_of(wanted: Sequence[str], guide: Guide) -> list[str]:
    """All category folders: those wanted, then the others in the order of study."""
    known = [category.folder for category in guide.categories]
    studied = [folder for _, folders in STEPS for folder in folders]
    order = dict.fromkeys([*wanted, *studied, *known])
    return [folder for folder in order if folder in known]


def done_today(record: Record, now: datetime) -> tuple[int, int]:
    """How many questions were practised on the day of `now` for the first time, and again."""
    first: dict[int, date] = {}
    today = set()
    for event in record.events:
        if event.what == "practised":
            day = event.at.astimezone(now.tzinfo).date()
            first.setdefault(event.number, day)
            if day == now.date():
                today.add(event.number)
    begun = sum(first[number] == now.date() for number in today)
    return begun, len(today) - begun
