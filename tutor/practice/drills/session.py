"""A visitor's way through the drills: what is before them, what they answered, how they are doing.

An immutable value that grows; the page shows it and keeps it in the visitor's session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tutor.practice.drills import completing, numeric
from tutor.practice.drills.answers import Verdict
from tutor.practice.drills.completing import Completing
from tutor.practice.drills.problem import Problem
from tutor.practice.drills.running import Runner
from tutor.practice.drills.sorting import Pair, Statement

NUMBERS, TOPICS, CODE = "numbers", "topics", "code"
MOST_SEEN = 200  # names and statements that are not asked again at once


@dataclass(frozen=True)
class Sorting:
    """A statement to be put to one of the topics of its pair; the answer is a side."""

    pair: Pair
    statement: Statement


Task = Problem | Sorting | Completing


@dataclass(frozen=True)
class Session:
    """`task` is before the visitor, who has `tried` it or is `done` with it; `right` of `asked`
    were right at the first try; `seen` are names of drills and texts of statements."""

    task: Task | None = None
    tried: bool = False
    done: bool = False
    asked: int = 0
    right: int = 0
    seen: tuple[str, ...] = ()


def names_of(kind: str, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """What drills of a kind can be about, as (title, name)."""
    if kind == TOPICS:
        return [(f"{pair.left} or {pair.right}", pair.name) for pair in pairs]
    drills = completing.DRILLS if kind == CODE else numeric.DRILLS
    return [(drill.title, name) for name, drill in drills.items()]


def pose(kind: str, about: str, session: Session, pairs: Sequence[Pair], rng: Random) -> Session:
    """The next task of a kind; any of them, but not the last one again, where `about` is none."""
    names = [name for _, name in names_of(kind, pairs)]
    if about not in names:
        about = rng.choice([name for name in names if name not in session.seen[-1:]])
    task: Task
    if kind == TOPICS:
        pair = next(pair for pair in pairs if pair.name == about)
        task = Sorting(pair, pair.draw(rng, session.seen))
    elif kind == CODE:
        task = completing.DRILLS[about]
    else:
        task = numeric.pose(about, rng)
    said = (task.statement.text,) if isinstance(task, Sorting) else ()
    seen = (*session.seen, *said, about)[-MOST_SEEN:]
    return replace(session, task=task, tried=False, done=False, seen=seen)


def answer(
    session: Session, text: str, visitor: str, runner: Runner, rng: Random
) -> tuple[Session, Verdict]:
    """What an answer is worth, and how the visitor stands after it; a side for a statement.

    Raises nothing of the visitor's. An answer that cannot be read, or comes too late, counts
    nothing.
    """
    task = session.task
    if task is None or session.done:
        return session, Verdict(False, read=False)
    if isinstance(task, Sorting):
        note = f"It is **{task.pair.topic(task.statement.side)}**."
        verdict = Verdict(text == task.statement.side, note)
    elif isinstance(task, Completing):
        verdict = task.check(text, visitor, runner, rng)
    else:
        verdict = task.answer.judge(text)
    if not verdict.read:
        return session, verdict
    first = not session.tried
    after = replace(
        session,
        tried=True,
        done=verdict.right or isinstance(task, Sorting),
        asked=session.asked + first,
        right=session.right + (first and verdict.right),
    )
    return after, verdict


def way_of(task: Task) -> str:
    """How the right answer comes about, as Markdown."""
    if isinstance(task, Sorting):
        return f"{task.statement.why}\n\n*{task.pair.rule}*"
    if isinstance(task, Completing):
        return f"A line that does it:\n\n```python\n{task.model}\n```"
    return "\n".join(f"{at}. {step}" for at, step in enumerate(task.steps, 1))


def number_of(task: Task) -> int:
    """The guide question behind a task."""
    return task.statement.number if isinstance(task, Sorting) else task.number
