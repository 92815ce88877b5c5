"""What a learner did, as a picture: a ring for every question of the guide, and the last weeks.

A ring says four things, each by its own form: dotted (nothing yet), filled (read), a mark at its
top (asked about), an arc as long as the share of key points made (practised), and a flag when it is
due. The arc fades as FSRS thinks that the memory does. The same in words is on every ring for those
who hear it, and in its tooltip.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tutor.guide.read import Category, Guide, Question
from tutor.practice.record import Record, Standing, due, recall

WEEKS = 5  # of which the days are drawn
FAINTEST = 0.35  # opacity of an arc that is quite forgotten
NOTHING = Standing()
TIMES = {1: "once", 2: "twice"}
# A ring's parts, in a square of 44: what is asked is a speech bubble, what is due a flag.
BUBBLE = "M31 3h8a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3h-3l-3 3v-3h-2a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z"
FLAG = "M30.5 43V28.5h2V29.5h10l-3.2 3.4 3.2 3.4h-10V43z"


@dataclass(frozen=True)
class Ring:
    """What a question's ring shows; `recall` is from 0 to 1."""

    standing: Standing
    recall: float = 1.0
    due: bool = False


def picture(record: Record, guide: Guide, now: datetime) -> str:
    """All rings by category, and what their forms mean."""
    standings, waiting = record.standings(), set(due(record, now))
    rings = {
        number: Ring(
            standings.get(number, NOTHING),
            recall(record.memory[number], number, now) if number in record.memory else 1.0,
            number in waiting,
        )
        for number in guide.questions
    }
    cards = "".join(card(c, rings, c.folder in record.wanted) for c in guide.categories)
    return f'<div class="rings">{cards}</div>{legend()}'


def card(category: Category, rings: Mapping[int, Ring], wanted: bool) -> str:
    """One category's rings below its title."""
    tiles = "".join(f"<li>{tile(q, rings[q.number])}</li>" for q in category.questions)
    address = f"guide?category={category.folder}"
    mark = ' <small class="wanted">in the advertisement</small>' if wanted else ""
    return (
        f'<section class="card"><h3><a href="{address}">{escape(category.title)}</a>{mark}</h3>'
        f"<ul>{tiles}</ul></section>"
    )


def tile(question: Question, ring: Ring) -> str:
    """A question's ring, as a link that reads it."""
    words = f"Q{question.number} {question.title} – {in_words(ring)}"
    return (
        f'<a class="ring" href="guide?q={question.number}" title="{escape(words)}">'
        f'{drawn(str(question.number), ring)}<span class="heard">{escape(words)}</span></a>'
    )


def drawn(number: str, ring: Ring) -> str:
    """The ring itself; it says nothing to those who cannot see it."""
    seen = ring.standing
    kinds = [
        "read" if seen.read else "",
        "touched" if seen.read or seen.asked or seen.practised else "",
    ]
    share = round(100 * (seen.share or 0.0))
    faded = FAINTEST + (1 - FAINTEST) * ring.recall
    arc = (
        f'<circle class="arc" cx="22" cy="22" r="18" pathLength="100" opacity="{faded:.2f}" '
        f'stroke-dasharray="{max(share, 3)} 100" transform="rotate(-90 22 22)"/>'
        if seen.practised
        else ""
    )
    bubble = f'<path class="bubble" d="{BUBBLE}"/>' if seen.asked else ""
    flag = f'<path class="flag" d="{FLAG}"/>' if ring.due else ""
    return (
        f'<svg viewBox="0 0 44 44" class="{" ".join(filter(None, kinds))}" aria-hidden="true">'
        f'<circle class="base" cx="22" cy="22" r="18"/>{arc}'
        f'<text x="22" y="22">{number}</text>{bubble}{flag}</svg>'
    )


def in_words(ring: Ring) -> str:
    """What a ring shows, in words: "read, practised twice, 67 % of the points, due"."""
    seen = ring.standing
    parts = ["read"] if seen.read else []
    if seen.asked:
        parts.append("asked about")
    if seen.practised:
        times = TIMES.get(seen.practised, f"{seen.practised} times")
        parts.append(f"practised {times}, {seen.share or 0.0:.0%} of the points last time")
    if ring.due:
        parts.append("due now")
    return ", ".join(parts) or "nothing yet"


def legend() -> str:
    """What the forms mean, each with a ring that has it."""
    kinds = (
        ("not yet", Ring(NOTHING)),
        ("read", Ring(Standing(read=True))),
        ("asked about", Ring(Standing(asked=True))),
        ("practised: two thirds of the points", Ring(Standing(practised=1, share=0.67))),
        ("due again", Ring(Standing(practised=1, share=0.67), recall=0.4, due=True)),
    )
    rows = "".join(f"<li>{drawn('', ring)} {escape(name)}</li>" for name, ring in kinds)
    return f'<ul class="legend" aria-label="What the rings mean">{rows}</ul>'


def summary(record: Record, guide: Guide, now: datetime) -> str:
    """How many questions were read, asked about and practised; the last weeks, day by day."""
    seen = [s for number, s in record.standings().items() if number in guide.questions]
    counts = (
        (sum(s.read for s in seen), "read"),
        (sum(s.asked for s in seen), "asked about"),
        (sum(s.practised > 0 for s in seen), "practised"),
    )
    total = len(guide.questions)
    numbers = "".join(
        f'<li><b>{count}</b><span class="of"> of {total}</span><br>{name}</li>'
        for count, name in counts
    )
    drawn_weeks = weeks(days_of(record, now), now.date())
    return f'<div class="head"><ul class="numbers">{numbers}</ul>{drawn_weeks}</div>'


def days_of(record: Record, now: datetime) -> dict[date, int]:
    """How much was done on each day, where the learner is."""
    days: dict[date, int] = {}
    for event in record.events:
        day = event.at.astimezone(now.tzinfo).date()
        days[day] = days.get(day, 0) + 1
    return days


def weeks(days: Mapping[date, int], today: date) -> str:
    """The last WEEKS weeks as columns of bars, Monday to Sunday, today marked."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    shown = [first + timedelta(days=n) for n in range(7 * WEEKS)]
    most = max([days.get(day, 0) for day in shown] + [6])
    bars = "".join(
        bar(place, day, days.get(day, 0) / most, today) for place, day in enumerate(shown)
    )
    active = [day for day in shown if days.get(day)]
    words = (
        f"In the last {WEEKS} weeks something was done on {len(active)} "
        f"{'day' if len(active) == 1 else 'days'}"
    )
    streak = streak_of(days, today)
    said = f"{streak} days in a row" if streak > 1 else "the last five weeks"
    width = 7 * WEEKS * 6 + (WEEKS - 1) * 5
    return (
        f'<figure class="weeks"><svg viewBox="0 0 {width} 40" role="img" aria-label="{words}">'
        f"{bars}</svg><figcaption>{said}</figcaption></figure>"
    )


def bar(place: int, day: date, share: float, today: date) -> str:
    """One day's bar; a day on which nothing was done is a dot, one to come is none."""
    if day > today:
        return ""
    height = 4 + 32 * share if share else 4
    x = place * 6 + place // 7 * 5
    kind = " ".join(filter(None, ["done" if share else "", "today" if day == today else ""]))
    top = f'x="{x}" y="{38 - height:.1f}"'
    return f'<rect class="{kind}" {top} width="4" height="{height:.1f}" rx="2"/>'


def streak_of(days: Mapping[date, int], today: date) -> int:
    """Days in a row with something done, up to today or yesterday."""
    day = today if days.get(today) else today - timedelta(days=1)
    count = 0
    while days.get(day):
        count, day = count + 1, day - timedelta(days=1)
    return count


def chips(numbers: Sequence[int], guide: Guide, place: str = "practice") -> str:
    """Questions as small links, to practise them or to read them (`guide`)."""
    return " ".join(
        f'<a class="chip" href="{place}?q={n}" title="{escape(guide.questions[n].title)}">Q{n}</a>'
        for n in numbers
    )


def escape(text: str) -> str:
    """Text inside HTML and its attributes."""
    return html.escape(text)
