"""What a learner did: read, asked, practised; when each question is due again.

It lives in the visitor's own browser, as plain JSON, and comes back as a stranger's data: whatever
has not this shape is dropped, and there is never more of it than the bounds below.

    {"events": [{"q": 12, "what": "practised", "at": "2026-11-29T08:30:00+00:00",
                 "share": 0.5, "missed": [0, 3]}],
     "memory": {"12": {"stability": 1.2931, "difficulty": 5.1,
                       "due": "2026-11-30T08:30:00+00:00", "last": "2026-11-29T08:30:00+00:00"}},
     "interview": "2026-12-10", "wanted": ["18_rag_and_knowledge"]}

Nothing here looks at a clock; every function that needs the time is given it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from fsrs import Card, Rating, Scheduler, State

What = Literal["read", "asked", "practised"]

# Where a browser keeps it: the arguments of Gradio's BrowserState, the same in every place.
STORED: dict[str, Any] = {"storage_key": "tutor-record", "secret": "tutor"}

MOST_EVENTS = 3000  # of all questions; the oldest are dropped
MOST_QUESTIONS = 999  # the highest number that a question may have
MOST_POINTS = 50  # key points of one question
MOST_WANTED = 30  # categories of an advertisement
FOLDER = re.compile(r"\d\d_[a-z0-9_]{1,40}")
FIRST_YEAR, LAST_YEAR = 2000, 2999
LONGEST_MEMORY = 36_500.0  # days
HARDEST = 10.0  # FSRS counts difficulty from 1 to 10

# A share of key points made below the first number is a failed recall, and so on upwards.
AGAIN, HARD, GOOD = 0.35, 0.6, 0.85


@dataclass(frozen=True)
class Event:
    """Something done with a guide question. `at` is in UTC, to the second; `share` (0 to 1) and
    the indices of the key points `missed` belong to a practised one."""

    number: int
    what: What
    at: datetime
    share: float = 0.0
    missed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Memory:
    """How well a question sits, by FSRS: stability in days (after which recall has fallen to
    90 %), difficulty 1 to 10, when it is due and when it was practised last, in UTC."""

    stability: float
    difficulty: float
    due: datetime
    last: datetime


@dataclass(frozen=True)
class Standing:
    """One question at a glance: what was done with it, and how the last practice went."""

    read: bool = False
    asked: bool = False
    practised: int = 0  # times
    share: float | None = None  # of key points made, the last time
    missed: tuple[int, ...] = ()  # indices of key points, the last time


@dataclass(frozen=True)
class Record:
    """All of it. `events` in the order of time; `wanted` are category folders, first ones first."""

    events: tuple[Event, ...] = ()
    memory: Mapping[int, Memory] = field(default_factory=dict)
    interview: date | None = None
    wanted: tuple[str, ...] = ()

    def with_event(
        self,
        number: int,
        what: What,
        now: datetime,
        share: float = 0.0,
        missed: Sequence[int] = (),
    ) -> "Record":
        """This and one more event. Reading or asking about a question counts once a day."""
        event = Event(number, what, whole(now), share, tuple(missed))
        day = event.at.date()
        if what != "practised" and any(
            old.number == number and old.what == what and old.at.date() == day
            for old in self.events
        ):
            return self
        return replace(self, events=bounded((*self.events, event)))

    def with_interview(self, day: date | None) -> "Record":
        """This with the day of the interview, or none."""
        return replace(self, interview=day)

    def with_wanted(self, folders: Sequence[str]) -> "Record":
        """This with the categories that an advertisement asks for, the most wanted first."""
        return replace(self, wanted=tuple(folders)[:MOST_WANTED])

    def standings(self) -> dict[int, Standing]:
        """Every question that something was done with, at a glance."""
        found: dict[int, Standing] = {}
        for event in self.events:
            seen = found.get(event.number, Standing())
            if event.what == "read":
                seen = replace(seen, read=True)
            elif event.what == "asked":
                seen = replace(seen, asked=True)
            else:
                seen = replace(
                    seen, practised=seen.practised + 1, share=event.share, missed=event.missed
                )
            found[event.number] = seen
        return found


def practised(
    record: Record, number: int, share: float, missed: Sequence[int], now: datetime
) -> Record:
    """The record after a question was practised: an event, and its card reviewed by FSRS.

    `share` (0 to 1) of the question's key points were made, those at the indices `missed` not.
    The rating follows from the share: below 0.35 Again, below 0.6 Hard, below 0.85 Good, from
    there on Easy. `now` must know its time zone. Raises ValueError for a share outside 0 to 1.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share is from 0 to 1, not {share}")
    now = whole(now)
    reviewed = review(record.memory.get(number), number, rating_of(share), now)
    later = record.with_event(number, "practised", now, share, missed)
    return replace(later, memory={**record.memory, number: reviewed})


def rating_of(share: float) -> Rating:
    """What FSRS is told of a share of key points made."""
    if share < AGAIN:
        return Rating.Again
    if share < HARD:
        return Rating.Hard
    return Rating.Good if share < GOOD else Rating.Easy


def scheduler() -> Scheduler:
    """FSRS with its published weights: recall of 90 % when due, whole days, nothing random.

    An interview question takes minutes, so that none comes back on the same day: no learning steps.
    """
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def review(memory: Memory | None, number: int, rating: Rating, now: datetime) -> Memory:
    """What FSRS makes of one more practice, `now` in UTC."""
    card = card_of(memory, number) if memory else Card(card_id=number, due=now)
    after, _ = scheduler().review_card(card, rating, now)
    stability, difficulty = after.stability or 0.0, after.difficulty or 0.0
    return Memory(round(stability, 4), round(difficulty, 4), after.due, now)


def card_of(memory: Memory, number: int) -> Card:
    """A memory as FSRS takes it."""
    return Card(
        card_id=number,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last,
    )


def recall(memory: Memory, number: int, now: datetime) -> float:
    """The probability, by FSRS, that the question would be answered well now: 0 to 1."""
    return scheduler().get_card_retrievability(card_of(memory, number), now)


def due(record: Record, now: datetime) -> list[int]:
    """The questions to practise again on the day of `now`, in its time zone; longest due first."""
    today = now.date()
    days = {n: m.due.astimezone(now.tzinfo).date() for n, m in record.memory.items()}
    return sorted((n for n, day in days.items() if day <= today), key=lambda n: (days[n], n))


def merged(mine: Record, other: Record) -> Record:
    """Both records as one: all events, the later memory of every question; what `other` says of
    the interview and what is wanted, if it says anything."""
    memory = dict(mine.memory)
    for number, theirs in other.memory.items():
        if number not in memory or memory[number].last < theirs.last:
            memory[number] = theirs
    return Record(
        bounded(dict.fromkeys([*mine.events, *other.events])),
        memory,
        other.interview or mine.interview,
        other.wanted or mine.wanted,
    )


def bounded(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events in the order of time, the latest MOST_EVENTS: the same whatever the order given."""
    ordered = sorted(events, key=lambda event: (event.at, event.number, event.what))
    return tuple(ordered[-MOST_EVENTS:])


def whole(time: datetime) -> datetime:
    """A time in UTC, to the second."""
    return time.astimezone(UTC).replace(microsecond=0)


def as_json(record: Record) -> dict[str, Any]:
    """The record as it is kept: see the top of this file."""
    return {
        "events": [event_json(event) for event in record.events],
        "memory": {
            str(number): {
                "stability": memory.stability,
                "difficulty": memory.difficulty,
                "due": memory.due.isoformat(),
                "last": memory.last.isoformat(),
            }
            for number, memory in record.memory.items()
        },
        "interview": record.interview.isoformat() if record.interview else None,
        "wanted": list(record.wanted),
    }


def event_json(event: Event) -> dict[str, Any]:
    """One event as it is kept."""
    kept: dict[str, Any] = {"q": event.number, "what": event.what, "at": event.at.isoformat()}
    if event.what == "practised":
        kept |= {"share": round(event.share, 3), "missed": list(event.missed)}
    return kept


def is_record(found: Any) -> bool:
    """Whether something that was given to us may be a record at all."""
    return isinstance(found, dict) and isinstance(found.get("events"), list)


def read_record(found: Any) -> Record:
    """What a browser or a file gave back, or as much of it as has the right shape."""
    if not is_record(found):
        return Record()
    events = (read_event(row) for row in found["events"][-MOST_EVENTS:])
    memory = found.get("memory")
    pairs = list(memory.items())[:MOST_QUESTIONS] if isinstance(memory, dict) else []
    memories = ((read_number(key), read_memory(row)) for key, row in pairs)
    wanted = found.get("wanted")
    return Record(
        bounded(event for event in events if event),
        {number: kept for number, kept in memories if number and kept},
        read_day(found.get("interview")),
        tuple(name for name in wanted[:MOST_WANTED] if is_folder(name))
        if isinstance(wanted, list)
        else (),
    )


def read_event(row: Any) -> Event | None:
    """An event, if something is one."""
    if not isinstance(row, dict):
        return None
    number, at = read_number(row.get("q")), read_time(row.get("at"))
    what = next((known for known in get_args(What) if known == row.get("what")), None)
    if number is None or at is None or what is None:
        return None
    if what != "practised":
        return Event(number, what, at)
    share, missed = read_float(row.get("share"), 0.0, 1.0), row.get("missed")
    if share is None or not isinstance(missed, list):
        return None
    points = (read_integer(point, 0, MOST_POINTS - 1) for point in missed[:MOST_POINTS])
    kept = dict.fromkeys(point for point in points if point is not None)
    return Event(number, what, at, share, tuple(kept))


def read_memory(row: Any) -> Memory | None:
    """A memory, if something is one."""
    if not isinstance(row, dict):
        return None
    stability = read_float(row.get("stability"), 0.001, LONGEST_MEMORY)
    difficulty = read_float(row.get("difficulty"), 1.0, HARDEST)
    again, last = read_time(row.get("due")), read_time(row.get("last"))
    if stability is None or difficulty is None or again is None or last is None:
        return None
    return Memory(stability, difficulty, again, last)


def read_number(found: Any) -> int | None:
    """A question's number, from an integer or a JSON key."""
    if isinstance(found, str) and re.fullmatch(r"[0-9]{1,3}", found):
        found = int(found)
    return read_integer(found, 1, MOST_QUESTIONS)


def read_integer(found: Any, least: int, most: int) -> int | None:
    """An integer within bounds, both included."""
    whole_number = isinstance(found, int) and not isinstance(found, bool)
    return found if whole_number and least <= found <= most else None


def read_float(found: Any, least: float, most: float) -> float | None:
    """A number within bounds, both included."""
    number = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found) if number and least <= found <= most else None


def read_time(found: Any) -> datetime | None:
    """A time with its zone, in UTC to the second, of the years FIRST_YEAR to LAST_YEAR."""
    try:
        time = datetime.fromisoformat(found)
        if time.tzinfo is None or not FIRST_YEAR <= time.year <= LAST_YEAR:
            return None
        return whole(time)
    except (TypeError, ValueError, OverflowError):
        return None


def read_day(found: Any) -> date | None:
    """A day as a browser writes it: 2026-12-10."""
    try:
        day = date.fromisoformat(found)
    except (TypeError, ValueError):
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def is_folder(name: Any) -> bool:
    """Whether something has the form of a category's folder."""
    return isinstance(name, str) and FOLDER.fullmatch(name) is not None
