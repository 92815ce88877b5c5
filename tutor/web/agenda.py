"""What to do: today, until the interview, and because of a job advertisement; as HTML.

Every text of a visitor's is escaped.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tutor.guide.read import Guide
from tutor.practice.advert import Match
from tutor.practice.plan import DAILY, Day, Plan, make_plan
from tutor.practice.record import Record, due
from tutor.web.picture import chips, escape

MOST_DUE = 6  # shown at once
NEAR_DAYS = 5  # days of a plan that are shown at once
EMPTY = """<div class="begin"><h3>A fresh start</h3>
<p>Read a question, ask the tutor about one, or say an answer aloud and see which points you made.
Each leaves its mark here, and comes back when it is about to be forgotten.</p>
<p><a class="go" href="practice">Practise a question</a> <a class="go" href="guide?q=1">Read Q1</a>
<a class="go" href="./">Ask the tutor</a></p></div>"""


def today(record: Record, guide: Guide, now: datetime) -> str:
    """What is due again, with ways to practise and to read it; what the plan adds today."""
    if not record.events:
        return EMPTY
    waiting = [number for number in due(record, now) if number in guide.questions]
    rows = [due_row(number, record, guide, now) for number in waiting]
    first, rest = "".join(rows[:MOST_DUE]), "".join(rows[MOST_DUE:])
    more = (
        f"<details><summary>And {len(rows) - MOST_DUE} more</summary>"
        f'<ul class="due">{rest}</ul></details>'
        if rest
        else ""
    )
    plan = make_plan(record, guide, now)
    fresh = plan.days[0].new if plan and plan.days and plan.days[0].day == now.date() else ()
    new = f"<p>New in your plan today: {chips(fresh, guide)}</p>" if fresh else ""
    body = f'<ul class="due">{first}</ul>{more}' if first else nothing_due(record, guide, now)
    return f"<h3>Due today</h3>{body}{new}"


def due_row(number: int, record: Record, guide: Guide, now: datetime) -> str:
    """One question that is due: what it is, since when, and how it went."""
    day = record.memory[number].due.astimezone(now.tzinfo).date()
    late = (now.date() - day).days
    since = "" if late <= 0 else "1 day late" if late == 1 else f"{late} days late"
    share = record.standings()[number].share if number in record.standings() else None
    went = f"{share:.0%} of the points last time" if share is not None else ""
    about = " · ".join(filter(None, [since, went]))
    title = escape(guide.questions[number].title)
    return (
        f"<li><span><b>Q{number}</b> {title}<br><small>{about}</small></span>"
        f'<span class="ways"><a href="practice?q={number}">Practise<span class="heard"> '
        f'Q{number}</span></a><a href="guide?q={number}">Read<span class="heard"> Q{number}</span>'
        "</a></span></li>"
    )


def nothing_due(record: Record, guide: Guide, now: datetime) -> str:
    """What to say when nothing is due: what comes next, or how something comes to be due."""
    later = sorted(
        (memory.due.astimezone(now.tzinfo).date(), number)
        for number, memory in record.memory.items()
        if number in guide.questions
    )
    if not later:
        return (
            '<p>Nothing yet. A question that you <a href="practice">practise</a> comes back here '
            "when it is about to be forgotten: the better the answer, the later.</p>"
        )
    day, number = later[0]
    when = "tomorrow" if day == now.date() + timedelta(days=1) else f"on {named(day)}"
    return f"<p>Nothing is due. {chips([number], guide)} comes back {when}.</p>"


def until(record: Record, guide: Guide, now: datetime) -> str:
    """The days until the interview, and what does not fit."""
    plan = make_plan(record, guide, now)
    if plan is None:
        return "<p>With a date, the questions are spread over the days that are left.</p>"
    if plan.days_left < 0:
        return "<p>That day is over. How did it go? Choose a new date for the next one.</p>"
    if plan.days_left == 0:
        return "<p>It is today. Nothing new any more: go over what to say first. Good luck!</p>"
    days = "day" if plan.days_left == 1 else "days"
    first = "".join(day_row(day, guide, now.date()) for day in plan.days[:NEAR_DAYS])
    rest = "".join(day_row(day, guide, now.date()) for day in plan.days[NEAR_DAYS:])
    later = (
        f'<details><summary>The days after that</summary><ol class="days">{rest}</ol></details>'
        if rest
        else ""
    )
    return (
        f"<p><b>{plan.days_left} {days}</b> before it, {load(plan)}.</p>{too_near(plan, guide)}"
        f'<ol class="days">{first}</ol>{later}'
    )


def load(plan: Plan) -> str:
    """How much a day has, in words."""
    most = max((len(day.again) + len(day.new) for day in plan.days), default=0)
    if not most:
        return "and everything is practised and fresh"
    return "one question a day" if most == 1 else f"up to {most} questions a day"


def too_near(plan: Plan, guide: Guide) -> str:
    """What the plan has no room for, said plainly."""
    if not plan.left:
        return ""
    count = len(plan.left)
    return (
        f'<p class="near">That is too near for everything: at {DAILY} a day, {count} '
        f"{'question finds' if count == 1 else 'questions find'} no place. Read what to say first "
        f'about them: <a href="guide?sheet=all">the sheet</a>.</p><details><summary>Left out'
        f"</summary><p>{chips(plan.left, guide, 'guide')}</p></details>"
    )


def day_row(day: Day, guide: Guide, today: date) -> str:
    """One day of the plan."""
    name = "Today" if day.day == today else named(day.day)
    again = f"<div><small>again</small> {chips(day.again, guide)}</div>" if day.again else ""
    new = f"<div><small>new</small> {chips(day.new, guide)}</div>" if day.new else ""
    return f"<li><b>{name}</b><div>{again}{new}</div></li>"


def named(day: date) -> str:
    """A day as it is said: Mon 30 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def matched(match: Match, guide: Guide) -> str:
    """Where an advertisement's phrases lead, category by category, and what is left out."""
    if not match.led:
        return (
            f'<p role="status">None of {match.phrases} phrases leads into the guide. Is this an '
            "advertisement for work with language models?</p>"
        )
    groups = "".join(group(folder, match, guide) for folder in match.folders)
    left = "".join(f"<li>{escape(text)}</li>" for text in match.left)
    missing = (
        f"<h4>What the guide does not cover</h4><ul class='left'>{left}</ul>"
        if left
        else "<p>Nothing technical in it seems to lie outside the guide.</p>"
    )
    return (
        f'<p role="status">{len(match.led)} of {match.phrases} phrases lead to '
        f"{len(match.folders)} of the {len(guide.categories)} categories. The plan begins with "
        f'these, the most wanted first.</p><ol class="led">{groups}</ol>{missing}'
    )


def group(folder: str, match: Match, guide: Guide) -> str:
    """One category that is asked for, with the phrases that led there."""
    category = guide.category(folder)
    phrases = "".join(
        f'<li>“{escape(one.text)}” <a class="chip" href="guide?q={one.number}" '
        f'title="{escape(guide.questions[one.number].title)}">Q{one.number}</a></li>'
        for one in match.led
        if one.category == folder
    )
    address = f"guide?category={folder}"
    return f'<li><a href="{address}">{escape(category.title)}</a><ul>{phrases}</ul></li>'


def kept_wanted(folders: Sequence[str], guide: Guide) -> str:
    """The categories that an advertisement asked for on an earlier visit."""
    known = {category.folder: category.title for category in guide.categories}
    names = ", ".join(escape(known[folder]) for folder in folders if folder in known)
    return f"<p>From the advertisement, your plan begins with: {names}.</p>" if names else ""


def problem(text: str) -> str:
    """A message that something did not work."""
    return f'<p role="alert">{escape(text)}</p>'
