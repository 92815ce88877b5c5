"""The same items under every style of prompt: replies, answers, tokens, as they come in.

Greedy decoding, so that the prompt is the only difference. Item after item, each in all styles: a
comparison that is stopped has tried all styles on the same items. A style's prompts begin alike,
and llama.cpp keeps what it has computed of them: of 161 tokens 131 were cached.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from demos.prompting.prompts import CHAIN, STYLES, build, grammar, is_right, read_answer
from demos.prompting.tasks import Item, Task
from demos.shared.choices import check_ranges
from tutor.engine.generate import Engine, Sampling, Stopped, Usage
from tutor.errors import InputError

LONGEST_CHAIN = 90  # tokens of a reply
LONGEST_ANSWER = 24


@dataclass(frozen=True)
class Answer:
    """One reply to one item. `right` is None for a problem whose answer is not known."""

    item: Item
    reply: str
    answer: str
    right: bool | None
    usage: Usage
    seconds: float


@dataclass(frozen=True)
class Score:
    """One style's answers so far."""

    style: str
    answers: tuple[Answer, ...] = ()

    @property
    def right(self) -> int:
        """How many are right."""
        return sum(bool(answer.right) for answer in self.answers)

    @property
    def prompt(self) -> int:
        """Prompt tokens of all calls, cached ones included."""
        return sum(answer.usage.prompt for answer in self.answers)

    @property
    def cached(self) -> int:
        """Prompt tokens that needed no computing, because an earlier prompt began alike."""
        return sum(answer.usage.cached for answer in self.answers)

    @property
    def generated(self) -> int:
        """Tokens written."""
        return sum(answer.usage.generated for answer in self.answers)

    @property
    def seconds(self) -> float:
        """Time of all calls."""
        return sum(answer.seconds for answer in self.answers)


@dataclass(frozen=True)
class Comparison:
    """All styles so far on the same items; `constrained` if replies followed a grammar."""

    task: Task
    model: str
    items: tuple[Item, ...]
    constrained: bool
    scores: tuple[Score, ...]

    @property
    def done(self) -> int:
        """Replies so far."""
        return sum(len(score.answers) for score in self.scores)

    @property
    def tried(self) -> int:
        """Items that at least one style has answered."""
        return max(len(score.answers) for score in self.scores)

    @property
    def calls(self) -> int:
        """Replies in all."""
        return len(self.items) * len(self.scores)

    @property
    def finished(self) -> bool:
        """Whether every style answered every item."""
        return self.done == self.calls

    @property
    def known(self) -> bool:
        """Whether the right answers are known."""
        return all(item.answer for item in self.items)


def own_item(task: Task, problem: str, answer: str = "") -> Item:
    """A person's problem, with its right answer if they know it. InputError as in `build`."""
    build(task, STYLES[0], problem)
    return Item(problem.strip(), answer.strip())


def chosen_items(task: Task, count: int) -> tuple[Item, ...]:
    """The first `count` items; InputError if there are none or not so many."""
    if not task.items:
        raise InputError(f"The task {task.name!r} has no items to score. Ask your own problem.")
    check_ranges({"items": (1, len(task.items))}, items=count)
    return task.items[:count]


def ask(
    engine: Engine, task: Task, style: str, item: Item, constrained: bool, stopped: Stopped | None
) -> Answer | None:
    """One reply, read and judged; None if it was stopped. EngineError if the model fails."""
    sampling = Sampling(
        max_tokens=LONGEST_CHAIN if style == CHAIN else LONGEST_ANSWER,
        grammar=grammar(task, style) if constrained else "",
    )
    reply, usage, began = "", None, time.monotonic()
    stream = engine.stream(build(task, style, item.question), sampling, stopped)
    with closing(stream):
        for piece in stream:
            if isinstance(piece, Usage):
                usage = piece
            elif isinstance(piece, str):  # not that others are before it
                reply += piece
    if usage is None:
        return None
    answer = read_answer(task, style, reply)
    right = is_right(answer, item) if item.answer else None
    return Answer(item, reply.strip(), answer, right, usage, time.monotonic() - began)


def compare(
    engine: Engine,
    task: Task,
    items: Sequence[Item],
    constrained: bool = True,
    seconds: float = 60.0,
    stopped: Stopped | None = None,
) -> Iterator[Comparison]:
    """Ask every item in every style; yields after every reply, the first time before any.

    Ends early after `seconds`, or when `stopped()` is true. A grammar is used where the engine
    obeys one.
    """
    deadline = time.monotonic() + seconds
    constrained = constrained and engine.constrains
    scores = {style: Score(style) for style in STYLES}
    now = Comparison(task, engine.name, tuple(items), constrained, tuple(scores.values()))
    yield now
    for item in items:
        for style in STYLES:
            answer = ask(engine, task, style, item, constrained, stopped)
            if answer is None:
                return
            scores[style] = replace(scores[style], answers=(*scores[style].answers, answer))
            now = replace(now, scores=tuple(scores.values()))
            yield now
        if time.monotonic() > deadline:
            return
