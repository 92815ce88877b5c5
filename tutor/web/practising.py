"""The Practice place: an interview with a clock, feedback on every answer, and a debrief.

    practice?q=12       that question           practice?category=05_text_generation   a category
    practice?due=1      what is due today

What a visitor is in the middle of lives in their own session, what they have done in their own
browser (`tutor.practice.record`).
"""

import base64
import binascii
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from tutor.errors import InputError, TutorError
from tutor.guide.read import Guide
from tutor.practice.feedback import LONGEST_ANSWER, assess
from tutor.practice.hearing import MOST_BYTES
from tutor.practice.interview import CLOCKS, LENGTHS, Interview, draw
from tutor.practice.record import STORED, Record, as_json, due, practised, read_record
from tutor.web.chat import QUIET
from tutor.web.drilling import build_drills
from tutor.web.loading import Loading
from tutor.web.reading import escape
from tutor.web.room import debrief_text, feedback_text, question_text, tools_html
from tutor.web.tabs import share_record

MIX, DUE, CATEGORY = "A mix", "What is due", "One category"
WELCOME = """## Practise explaining aloud
The tutor asks; you answer in your own words, as you would in the room. Then you see which points
you made and with which words, what was missing, and what was not right. Nothing you write leaves
this machine."""
# Grading takes about a second: the button says that it is at work.
WAITING: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}
DRILLS = "## Quick drills"
NAMES = {0: "No clock", 30: "30 seconds", 120: "2 minutes"}
WRITTEN = "() => document.dispatchEvent(new Event('written'))"
NO_HEARING = """<small>With `make speech` you answer aloud, and what you say is written down on this
machine. Until then, rehearse: a recording stays in your browser.</small>"""
SLACK = 0.2  # share of words typed or deleted up to which an answer is still the one that was said


@dataclass(frozen=True)
class Spoken:
    """What was said of an answer: its words, and the seconds they took."""

    words: int = 0
    seconds: float = 0.0

    def time_of(self, answer: str) -> float | None:
        """The seconds an answer took; None if much of it was typed, or deleted since."""
        words = len(answer.split())
        if not self.words or abs(words - self.words) > SLACK * self.words:
            return None
        return self.seconds


NOTHING_SAID = Spoken()


@dataclass(frozen=True)
class Room:
    """The components of an interview, in the order in which `shown` gives their values."""

    setup: gr.Column
    room: gr.Column
    end: gr.Column
    asked: gr.Markdown
    tools: gr.HTML
    answer: gr.Textbox
    spoken: gr.State
    feedback: gr.Markdown
    again: gr.Button
    onward: gr.Button
    debrief: gr.Markdown

    @property
    def all(self) -> list[Any]:
        """As the outputs of a handler."""
        return [
            self.setup, self.room, self.end, self.asked, self.tools, self.answer, self.spoken,
            self.feedback, self.again, self.onward, self.debrief,
        ]  # fmt: skip


def build_practice(
    page: gr.Blocks, loading: Loading, guide: Guide, math: list[dict[str, str | bool]]
) -> None:
    """The components of the place, inside its route."""
    with gr.Tabs(elem_id="kinds"):
        with gr.Tab("Interview"):
            build_interview(page, loading, guide, math)
        with gr.Tab("Quick drills"):
            gr.Markdown(DRILLS)
            build_drills(math)


def build_interview(
    page: gr.Blocks, loading: Loading, guide: Guide, math: list[dict[str, str | bool]]
) -> None:
    """The interview: the choice of one, its room, its debrief."""
    interview = gr.State(Interview())
    spoken = gr.State(NOTHING_SAID)
    record = gr.BrowserState(as_json(Record()), **STORED)
    share_record(record)
    names = [(one.title, one.folder) for one in guide.categories]
    with gr.Column(elem_id="setup") as setup:
        gr.Markdown(WELCOME)
        what = gr.Radio([MIX, DUE, CATEGORY], value=MIX, label="What to ask")
        category = gr.Dropdown(names, value=names[0][1], label="Category", visible=False)
        with gr.Row():
            length = gr.Radio(list(LENGTHS), value=3, label="Questions")
            clock = gr.Radio(
                [(NAMES[seconds], seconds) for seconds in CLOCKS], value=0, label="Time for each"
            )
        start = gr.Button("Start", variant="primary", elem_id="start")
    with gr.Column(visible=False, elem_id="room") as room:
        asked = gr.Markdown(elem_id="asked", latex_delimiters=math)
        tools = gr.HTML(elem_id="tools")
        recording = gr.Textbox(visible="hidden", elem_id="recording")
        if not loading.hears:
            gr.Markdown(NO_HEARING)
        answer = gr.Textbox(
            label="Your answer", lines=7, max_lines=24, max_length=LONGEST_ANSWER,
            placeholder="As you would say it. Shift+Enter checks it.", elem_id="answer",
        )  # fmt: skip
        with gr.Row(elem_id="choices"):
            check = gr.Button("Check my answer", variant="primary", elem_id="check")
            skip = gr.Button("Skip", min_width=90, elem_id="skip")
            stop = gr.Button("End", min_width=90, elem_id="stop")
        feedback = gr.Markdown(elem_id="feedback", latex_delimiters=math)
        with gr.Row():
            again = gr.Button("Try again", visible=False, elem_id="again")
            onward = gr.Button("Next", variant="primary", visible=False, elem_id="onward")
    with gr.Column(visible=False, elem_id="end") as end:
        debrief = gr.Markdown(elem_id="debrief", latex_delimiters=math)
        another = gr.Button("Another interview", variant="primary", elem_id="another")
    at = Room(setup, room, end, asked, tools, answer, spoken, feedback, again, onward, debrief)
    state = [interview, *at.all]
    desk = Practice(loading, guide, loading.hears)
    what.change(lambda chosen: gr.update(visible=chosen == CATEGORY), what, category, **QUIET)
    start.click(desk.start, [what, category, length, clock, record], state, **QUIET)
    gr.on(
        [check.click, answer.submit], desk.check, [interview, answer, record, spoken],
        [interview, record, feedback, again, onward], **WAITING, concurrency_limit=4,
    )  # fmt: skip
    writing = recording.submit(
        desk.write, [recording, interview, answer, spoken], [recording, answer, spoken],
        **WAITING, concurrency_limit=1,
    )  # fmt: skip
    writing.then(None, js=WRITTEN)  # also when it failed
    # What comes too late for a question is not written under the next one.
    leaving: dict[str, Any] = {"cancels": [writing], **QUIET}
    again.click(desk.again, interview, at.all, **leaving)
    gr.on([onward.click, skip.click], desk.onward, [interview, record], state, **leaving)
    stop.click(desk.stop, [interview, record], state, **leaving)
    another.click(desk.leave, None, state, **QUIET)
    page.load(desk.open_address, [interview, record], state, **QUIET)


class Practice:
    """What the buttons of the place do. It keeps nothing: what it needs is given to each."""

    def __init__(self, loading: Loading, guide: Guide, hears: bool = False):
        """`loading` has the grader and, if it `hears`, the hearing, when they are first wanted."""
        self._loading, self._guide, self._hears = loading, guide, hears

    def start(
        self, what: str, category: str, length: int, clock: int, kept: Any
    ) -> tuple[Any, ...]:
        """Draw the questions and ask the first."""
        first = due(read_record(kept), now()) if what == DUE else ()
        if what == DUE and not first:
            raise gr.Error("Nothing is due today: take a mix.", print_exception=False)
        folder = category if what == CATEGORY else ""
        most = min(length, len(first)) if what == DUE else length
        drawn = draw(self._guide, most, random.Random(), folder, first, clock)
        return drawn, *self.shown(drawn, kept)

    def open_address(self, begun: Interview, kept: Any, request: gr.Request) -> tuple[Any, ...]:
        """The interview that the page's address asks for, or the choice of one.

        One that a visitor has `begun` before the page had loaded goes on.
        """
        if begun.numbers:
            return (gr.skip(),) * (1 + len(unseen()))
        wishes = dict(request.query_params)
        number = next((n for n in self._guide.questions if str(n) == wishes.get("q")), None)
        folders = {category.folder for category in self._guide.categories}
        drawn = Interview()
        if number:
            drawn = Interview((number,))
        elif wishes.get("category") in folders:
            drawn = draw(self._guide, LENGTHS[-1], random.Random(), wishes["category"])
        elif "due" in wishes:
            drawn = Interview(tuple(due(read_record(kept), now())[: LENGTHS[-1]]))
        return drawn, *(self.shown(drawn, kept) if drawn.numbers else unseen())

    def write(
        self, recording: str, interview: Interview, answer: str, spoken: Spoken
    ) -> tuple[str, str, Spoken]:
        """Write a recording, given in base64, below what is in the answer's box already."""
        if interview.number is None:
            return "", answer, spoken
        try:
            sound = sound_of(recording)
            title = self._guide.questions[interview.number].title
            heard = self._loading.hearing().write(sound, title)
        except TutorError as error:
            raise gr.Error(escape(str(error)), print_exception=False) from error
        if not heard.text:
            raise gr.Error("Nobody was heard speaking. Is it the right microphone?",
                           print_exception=False)  # fmt: skip
        text = f"{answer.rstrip()} {heard.text}".strip()[:LONGEST_ANSWER]
        words = len(heard.text.split())
        return "", text, Spoken(spoken.words + words, spoken.seconds + heard.seconds)

    def check(
        self, interview: Interview, answer: str, kept: Any, spoken: Spoken = NOTHING_SAID
    ) -> tuple[Any, ...]:
        """Weigh the answer; the first try of a question goes into the record."""
        if interview.number is None:
            return interview, gr.skip(), "", gr.skip(), gr.skip()
        if not answer.strip():
            raise gr.Error("Say something first, or skip the question.", print_exception=False)
        question = self._guide.questions[interview.number]
        try:
            grader, embedder = self._loading.grader(), self._loading.library().embedder
        except TutorError as error:
            raise gr.Error(escape(str(error)), print_exception=False) from error
        parts = self._guide.parts.get(question.number, ())
        found = assess(question, answer, grader, embedder, spoken.time_of(answer), parts)
        record = kept
        if all(one.question.number != question.number for one in interview.results):
            missed = [point.index for point in found.missing]
            record = as_json(
                practised(read_record(kept), question.number, found.share, missed, now())
            )
        interview = interview.answered(found)
        last = interview.place + 1 == len(interview.numbers)
        return (
            interview,
            record,
            feedback_text(found),
            gr.update(visible=True),
            gr.update(visible=True, value="To the debrief" if last else "Next question"),
        )

    def again(self, interview: Interview) -> tuple[Any, ...]:
        """The same question with an empty box."""
        return self.shown(interview, None)

    def onward(self, interview: Interview, kept: Any) -> tuple[Any, ...]:
        """The next question, or the debrief after the last."""
        later = interview.moved_on()
        return later, *self.shown(later, kept)

    def stop(self, interview: Interview, kept: Any) -> tuple[Any, ...]:
        """The debrief now."""
        later = interview.ended()
        return later, *self.shown(later, kept)

    def leave(self) -> tuple[Any, ...]:
        """Back to the choice of an interview."""
        return Interview(), *unseen()

    def shown(self, interview: Interview, kept: Any) -> tuple[Any, ...]:
        """Values of the room's components: the question asked now, or the debrief."""
        number = interview.number
        if number is None:
            text = debrief_text(interview, read_record(kept))
            return (
                hidden(), hidden(), seen(), "", "", "", NOTHING_SAID, "", hidden(), hidden(), text
            )  # fmt: skip
        question = self._guide.questions[number]
        return (
            hidden(),
            seen(),
            hidden(),
            question_text(question, interview, self._guide),
            tools_html(question, interview, self._hears),
            gr.update(value="", autofocus=True),
            NOTHING_SAID,
            "",
            hidden(),
            hidden(),
            "",
        )


def now() -> datetime:
    """The time, for the record."""
    return datetime.now(UTC)


def seen() -> Any:
    """A component that is shown."""
    return gr.update(visible=True)


def hidden() -> Any:
    """A component that is not."""
    return gr.update(visible=False)


def unseen() -> tuple[Any, ...]:
    """Values of the room's components while no interview is under way."""
    return seen(), hidden(), hidden(), "", "", "", NOTHING_SAID, "", hidden(), hidden(), ""


def sound_of(recording: str) -> bytes:
    """The bytes of a recording in base64; InputError if it is too long, or something else."""
    if len(recording) > MOST_BYTES // 3 * 4 + 8:
        raise InputError(f"That recording has more than {MOST_BYTES // 2**20} MB. Answer shorter.")
    try:
        return base64.b64decode(recording, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("That is no recording. Record it again.") from error
