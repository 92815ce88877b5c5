"""Pictures of the prompting demo: prompts and replies side by side, scores, every answer.

Everything a person typed or a model wrote is escaped here.
"""

import html
from collections.abc import Sequence

from demos.prompting.comparison import Answer, Comparison
from demos.prompting.prompts import STYLES, build
from demos.prompting.run import conclusions
from demos.prompting.tasks import Task
from demos.shared.markup import note, status, sums, table
from tutor.engine.generate import Message

MARKS = {True: "✓", False: "✗", None: ""}
SPOKEN = {True: "right", False: "wrong", None: ""}


def prompts(task: Task, problem: str) -> str:
    """The exact conversation of every style; InputError if the problem cannot be asked."""
    columns = [
        f"<section><h4>{style}</h4><dl>{turns(build(task, style, problem))}</dl></section>"
        for style in STYLES
    ]
    return f'<div class="styles">{"".join(columns)}</div>'


def turns(messages: Sequence[Message]) -> str:
    """Roles and texts; the question itself, which comes last, is bold."""
    last = len(messages) - 1
    return "".join(
        f"<dt>{message.role}</dt>"
        f"<dd{' class=asked' if place == last else ''}>{html.escape(message.content)}</dd>"
        for place, message in enumerate(messages)
    )


def mark(answer: Answer) -> str:
    """A sign for right or wrong, in words for screen readers; nothing if it is not known."""
    if answer.right is None:
        return ""
    said = SPOKEN[answer.right]
    return f'<span class="{said}" role="img" aria-label="{said}">{MARKS[answer.right]}</span> '


def replies(found: Comparison) -> str:
    """All styles' replies to the one item of a comparison side by side, with their cost."""
    cards = []
    for score in found.scores:
        body = '<p class="cost">…</p>'
        if score.answers:
            answer = score.answers[0]
            body = (
                f"<p>{mark(answer)}{html.escape(answer.reply) or 'no reply'}</p>"
                f'<p class="cost">{answer.usage.prompt} tokens read, {answer.usage.cached} of them '
                f"cached, {answer.usage.generated} written, {answer.seconds:.1f} s</p>"
            )
        cards.append(f"<section><h4>{score.style}</h4>{body}</section>")
    return f'<div class="styles">{"".join(cards)}</div>'


def scores(found: Comparison) -> str:
    """Right answers and tokens of every style."""
    lines = [
        [
            score.style,
            f"{score.right} of {len(score.answers)}",
            f"{score.prompt:,}",
            f"{score.cached:,}",
            f"{score.generated:,}",
            f"{score.seconds:.1f} s",
        ]
        for score in found.scores
    ]
    return sums(["style", "right", "read", "cached", "written", "time"], lines) + (
        note("In tokens. Cached: read before, at the start of an earlier prompt.")
    )


def answers(found: Comparison) -> str:
    """Every item with every style's answer; a chain with its steps."""
    rows = []
    for place, item in enumerate(found.items[: found.tried]):
        cells = [f"{html.escape(item.question)} <b>{html.escape(item.answer)}</b>"]
        for score in found.scores:
            known = place < len(score.answers)
            cells.append(reply_cell(score.answers[place]) if known else "…")
        rows.append(cells)
    return table(["problem and its answer", *STYLES], rows)


def reply_cell(answer: Answer) -> str:
    """A mark and the reply, its lines joined."""
    text = " ".join(answer.reply.split())
    return f"{mark(answer)}{html.escape(text) or 'no reply'}"


def scored(found: Comparison, stopped: bool = False) -> str:
    """Where a scored comparison stands; at its end what the numbers say."""
    ended = found.finished or stopped
    lines = conclusions(found) if ended else (f"{found.done} of {found.calls} replies …",)
    return (
        status(f"{found.model}, greedy. " + " ".join(lines))
        + scores(found)
        + (answers(found) if found.tried else "")
    )


def asked(found: Comparison, stopped: bool = False) -> str:
    """Where an own problem stands."""
    ended = found.finished or stopped
    lines = conclusions(found) if ended else (f"{found.done} of {found.calls} replies …",)
    return status(f"{found.model}, greedy. " + " ".join(lines)) + replies(found)


def verdict(found: Comparison, guess: str | None) -> str:
    """The guess beside what came out of the problems that all styles answered; empty without."""
    tried = min(len(score.answers) for score in found.scores)
    if not (guess and found.known and tried):
        return ""
    right = {s.style: sum(bool(a.right) for a in s.answers[:tried]) for s in found.scores}
    most = max(right.values())
    best = [style for style, count in right.items() if count == most]
    said = "Right" if guess in best else f"You said {guess}; it is {' and '.join(best)}"
    return status(f"{said}, with {most} of {tried}.")
