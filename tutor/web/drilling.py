"""Quick drills on the page: choose a kind, get one, answer, see right or wrong and then the way.

Everything a visitor does lives in their own `gr.State`; a typed answer is read or, for code, run in
a process apart (`tutor.practice.drills.running`), and never put on the page as markup.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import gradio as gr

from tutor.practice.drills.answers import Verdict
from tutor.practice.drills.completing import Completing
from tutor.practice.drills.lines import LONGEST
from tutor.practice.drills.running import Runner
from tutor.practice.drills.session import (
    CODE,
    NUMBERS,
    TOPICS,
    Session,
    Sorting,
    answer,
    names_of,
    number_of,
    pose,
    way_of,
)
from tutor.practice.drills.sorting import LEFT, RIGHT, read_pairs
from tutor.web.chat import QUIET, SLOW

KINDS = [("Numbers", NUMBERS), ("Two topics", TOPICS), ("Code", CODE)]
ANY = ("Any", "")
AT_ONCE = 4  # answers that are checked at the same time
START = """A question at a time, with new numbers each time: something to work out, a statement to
put to one of two topics, or a line of code to complete. Choose a kind and begin."""
RUNNING = '<p role="status">Running your line …</p>'
UNREAD = '<p role="status">Not checked yet.</p>'
TRY = "Try again, or look at the way."
KEPT = gr.skip  # leaves a component as it is

# A session when it answered, the session after the answer, and what the answer was worth.
Checked = tuple[Session, Session, Verdict]

# Enter goes on where the hands are: in the box, on the first topic, or on "Another" when done.
FOCUS = """() => setTimeout(() => {
  const find = (selector) => document.querySelector(selector);
  const box = find("#drill-answer textarea, #drill-answer input");
  const next = find("button#drill-another");
  const place = find("#drill-verdict .done") ? next : box || find("button#drill-left") || next;
  if (!place) return;
  place.focus({ preventScroll: true });
  if (place === box) box.select();
  place.scrollIntoView({ block: "nearest" });
}, 150)"""


def build_drills(math: list[dict[str, str | bool]], fresh: Callable[[], Random] = Random) -> None:
    """The components and what they do, inside whatever place is open.

    `math` are the delimiters of formulas; `fresh` makes the random generator of a new question.
    Raises GuideError if the statements cannot be read.
    """
    pairs = tuple(read_pairs().values())
    session = gr.State(Session())  # a callable would be put back when the page has loaded
    checked = gr.State(None)
    with gr.Column(elem_id="drills"):
        with gr.Row():
            kind = gr.Radio(
                KINDS, value=NUMBERS, label="Kind of drill", min_width=280, elem_id="drill-kind"
            )
            about = gr.Dropdown(
                [ANY, *names_of(NUMBERS, pairs)],
                value="",
                label="About",
                min_width=200,
                elem_id="drill-about",
            )
        asked = gr.Markdown(START, latex_delimiters=math, elem_id="drill-asked")
        box = gr.Textbox(
            visible=False, label="Your answer", elem_id="drill-answer", max_lines=1,
            max_length=LONGEST, submit_btn="Check",
            html_attributes=gr.InputHTMLAttributes(
                autocapitalize="off", autocorrect="off", spellcheck=False, autocomplete="off"
            ),
        )  # fmt: skip
        with gr.Row():
            left = gr.Button(visible=False, elem_id="drill-left")
            right = gr.Button(visible=False, elem_id="drill-right")
        verdict = gr.HTML("", elem_id="drill-verdict")
        way = gr.Markdown("", latex_delimiters=math, elem_id="drill-way")
        another = gr.Button("Begin", variant="primary", elem_id="drill-another")
    runner = Runner()
    screen = [session, asked, box, left, right, verdict, way, another]

    def next_one(kind: str, about: str, session: Session) -> tuple[Any, ...]:
        return show_task(pose(kind, about, session, pairs, fresh()))

    def other_kind(kind: str, session: Session) -> tuple[Any, ...]:
        choices = gr.update(choices=[ANY, *names_of(kind, pairs)], value="")
        return choices, *next_one(kind, "", session)

    def check(text: str, session: Session, request: gr.Request) -> Checked:
        visitor = str(request.session_hash)
        return (session, *answer(session, text, visitor, runner, fresh()))

    def sort(side: str) -> Callable[[Session], tuple[Any, ...]]:
        return lambda session: show_answer(*answer(session, side, "", runner, fresh()))

    box.submit(wait, session, [verdict, way], **QUIET).then(
        check, [box, session], checked, concurrency_limit=AT_ONCE, **SLOW
    ).then(show_checked, [checked, session], screen, **QUIET).then(None, js=FOCUS)
    kind.input(other_kind, [kind, session], [about, *screen], **QUIET).then(None, js=FOCUS)
    about.input(next_one, [kind, about, session], screen, **QUIET).then(None, js=FOCUS)
    another.click(next_one, [kind, about, session], screen, **QUIET).then(None, js=FOCUS)
    left.click(sort(LEFT), session, screen, **QUIET).then(None, js=FOCUS)
    right.click(sort(RIGHT), session, screen, **QUIET).then(None, js=FOCUS)


def wait(session: Session) -> tuple[Any, Any]:
    """Says that a line is running; a number is checked before that could be read."""
    if isinstance(session.task, Completing) and not session.done:
        return RUNNING, ""
    return KEPT(), KEPT()


def show_task(session: Session) -> tuple[Any, ...]:
    """The screen of `build_drills`, in its order, for a new task."""
    task, gone = session.task, gr.update(visible=False)
    another = gr.update(value="Another", variant="secondary")
    box, sides = gone, [gone, gone]
    if isinstance(task, Sorting):
        text = f"### Which of the two?\n\n> {task.statement.text}"
        sides = [
            gr.update(visible=True, value=name, interactive=True)
            for name in (task.pair.left, task.pair.right)
        ]
    elif isinstance(task, Completing):
        text = (
            f"### {task.title}\nComplete the missing line. `math` is imported, the rest is plain "
            f"Python; whatever gives the right values is right.\n\n```python\n{task.shown}\n```"
        )
        box = open_box("The missing line", "", "code")
    elif task:
        text = f"### {task.title}\n{task.text}"
        box = open_box("Your answer", f"such as {task.answer.example}", "")
    else:
        text = START
    return session, text, box, *sides, "", "", another


def open_box(label: str, placeholder: str, style: str) -> Any:
    """The box, empty and ready for an answer."""
    return gr.update(
        visible=True, value="", label=label, placeholder=placeholder, elem_classes=style
    )


def show_checked(checked: Checked, session: Session) -> tuple[Any, ...]:
    """The screen after an answer that took its time, unless the visitor has gone on meanwhile."""
    before, after, verdict = checked
    return show_answer(after, verdict) if before == session else (session, *[KEPT()] * 7)


def show_answer(session: Session, verdict: Verdict) -> tuple[Any, ...]:
    """The same screen after an answer: right or wrong, then why, then the way there."""
    task, sides = session.task, [KEPT(), KEPT()]
    if task is None or (session.done and not verdict.read):
        return session, *[KEPT()] * 7
    if isinstance(task, Sorting):
        sides = [
            gr.update(interactive=False, value=f"✓ {name}" if side == task.statement.side else name)
            for side, name in ((LEFT, task.pair.left), (RIGHT, task.pair.right))
        ]
    another = gr.update(variant="primary" if session.done else "secondary")
    return (
        session, KEPT(), KEPT(), *sides,
        headline(session, verdict), below(session, verdict), another,
    )  # fmt: skip


def headline(session: Session, verdict: Verdict) -> str:
    """Right or wrong, in one line of HTML."""
    if not verdict.read:
        return UNREAD
    word, mark = ("Right.", "✓") if verdict.right else ("Not right.", "✗")
    kind = ("right" if verdict.right else "wrong") + (" done" if session.done else "")
    return (
        f'<p role="status" class="{kind}"><span aria-hidden="true">{mark}</span> <b>{word}</b> '
        f"<small>{session.right} of {session.asked} at the first try</small></p>"
    )


def below(session: Session, verdict: Verdict) -> str:
    """What is to say about an answer, and the way to the right one: open when nothing is left to
    try, behind a disclosure before."""
    task = session.task
    if task is None or not verdict.read:
        return verdict.note
    number = number_of(task)
    parts = [verdict.note, f"{way_of(task)}\n\n[Q{number} in the guide](guide?q={number})"]
    if not session.done:
        hidden = f"<details><summary>Show the way there</summary>\n\n{parts[1]}\n\n</details>"
        parts = [verdict.note, TRY, hidden]
    return "\n\n".join(filter(None, parts))
