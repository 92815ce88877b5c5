"""The page: chat in the middle, category above it, a side panel of tabs beside it.

Layout alone; what happens in the conversation is in `tutor.web.chat`. The other places are
`tutor.web.reading`, `practising` and `progress`, and the Lab, which comes with the panel. At the
end, what programs may call: the tutor's health, and one question answered.
"""

import html
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import gradio as gr
from gradio.components import Navbar
from gradio.events import api

from tutor.errors import TutorError
from tutor.guide.read import Guide
from tutor.practice.record import STORED as RECORD
from tutor.practice.record import Record, as_json
from tutor.reply.suggest import OPENERS
from tutor.web.chat import (
    MOST_LOOKS,
    QUIET,
    WAIT,
    Desk,
    Panel,
    Turn,
    answerer,
    connect_chat,
    passage_opener,
)
from tutor.web.kept import NEW, nothing
from tutor.web.loading import LOOK, Loading, Status
from tutor.web.practising import build_practice
from tutor.web.progress import build_progress
from tutor.web.reading import build_reading
from tutor.web.sources import EMPTY
from tutor.web.tabs import share_record

MATH: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]
TITLE = """# LLM interview tutor

<p class="forgetful">This browser keeps nothing for this page: what you do here lasts for this
visit. Export takes a conversation away.</p>"""
WELCOME = """## Prepare for your LLM interview
Ask anything, in your own words. Answers come from a guide of 50 questions, with their sources."""


# Where a browser keeps conversations. Gradio scrambles what it keeps by a secret that is otherwise
# new with every start, and then nothing could be read again; nothing here needs to be secret.
STORED: dict[str, Any] = {"storage_key": "tutor-conversations", "secret": "tutor"}


def build_page(loading: Loading, guide: Guide, panel: Panel | None = None) -> gr.Blocks:
    """The Gradio page over a tutor that may still be loading; `panel` adds tabs to the side."""
    settings = loading.settings
    names = [("All categories", "")] + [(c.title, c.folder) for c in guide.categories]
    page = gr.Blocks(title="LLM interview tutor", fill_height=True)
    # The main place comes last: Gradio starts all components that are there with each place.
    with page.route("Guide", "guide"):
        open_place("Guide")
        build_reading(page, guide, panel.demos_of if panel else no_demos, MATH)
    with page.route("Practice", "practice"):
        open_place("Practice")
        build_practice(page, loading, guide, MATH)
    with page.route("Progress", "progress"):
        open_place("Progress")
        build_progress(page, guide, loading)
    if panel:
        with page.route("Lab", "lab"):
            open_place("Lab")
            panel.build_lab()
    page.current_page = ""
    with page:
        Navbar(main_page_name="Tutor")
        turn = gr.State(
            Turn()
        )  # every visitor gets a copy; a callable would be put back at each load
        kept = gr.BrowserState(nothing(), **STORED)
        record = gr.BrowserState(as_json(Record()), **RECORD)
        share_record(record)
        # What the page's script says to the server, and the server to the script.
        wanted = gr.Textbox(visible="hidden", elem_id="wanted")
        exported = gr.Textbox(visible="hidden", elem_id="exported")
        with gr.Row(elem_id="top"):
            gr.Markdown(TITLE, elem_id="title")
            status = gr.HTML(elem_id="status")
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=6, min_width=320):
                with gr.Row(elem_id="choices"):
                    category = gr.Dropdown(
                        names,
                        value=settings.category,
                        label="Category",
                        show_label=False,
                        container=False,
                        min_width=160,
                        elem_id="category",
                    )
                    conversations = gr.Dropdown(
                        [NEW],
                        value="",
                        label="Conversation",
                        show_label=False,
                        container=False,
                        min_width=160,
                        elem_id="conversations",
                    )
                    export = gr.Button("Export", size="sm", scale=0, min_width=70, elem_id="export")
                    forget = gr.Button("Delete", size="sm", scale=0, min_width=70, elem_id="forget")
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    elem_id="chat",
                    height="calc(100dvh - 19rem)",
                    placeholder=WELCOME,
                    examples=examples(guide, settings.category),
                    latex_delimiters=MATH,
                    autoscroll=False,  # the page's script keeps the question in sight instead
                    buttons=["copy", "copy_all"],
                    editable="user",
                    layout="bubble",
                )
                box = gr.Textbox(
                    placeholder="Ask about tokens, attention, sampling, LoRA, RAG …",
                    label="Your question",
                    show_label=False,
                    elem_id="box",
                    autofocus=True,
                    lines=1,
                    max_lines=6,
                    submit_btn=True,
                )
            with gr.Column(scale=5, min_width=320, elem_id="side"):
                with gr.Tabs(elem_id="panel", overflow_behavior="wrap"):
                    with gr.Tab(
                        "Sources", id="sources", elem_id="tab-sources", render_children=True
                    ):
                        sources = gr.Markdown(EMPTY, latex_delimiters=MATH, elem_id="sources")
                    with gr.Tab(
                        "Questions", id="questions", elem_id="tab-questions", render_children=True
                    ):
                        questions = gr.Markdown(
                            question_list(guide, settings.category), elem_id="questions"
                        )
                    watching = panel.build() if panel else ()
                if panel:
                    gr.HTML(panel.further(), elem_id="further")
        desk = Desk(
            chat=chat,
            box=box,
            category=category,
            conversations=conversations,
            forget=forget,
            export=export,
            exported=exported,
            kept=kept,
            record=record,
            turn=turn,
            beside=[sources, *watching],
        )
        connect_chat(page, answerer(loading, panel), desk)
        wanted.submit(passage_opener(loading), wanted, sources, **QUIET)
        category.change(
            lambda folder: (gr.update(examples=examples(guide, folder)),
                            question_list(guide, folder)),
            category, [chat, questions], **QUIET,
        )  # fmt: skip
        # Not as the component's own value, which would be dimmed until it came.
        page.load(lambda: show_status(loading.status), None, status, **QUIET)
        timer = gr.Timer(WAIT)
        timer.tick(lambda: watch(loading.status), None, [status, timer], **QUIET)
        api(api_ask(loading), api_name="ask")
        api(api_health(loading), api_name="health")
    return page


def open_place(name: str) -> None:
    """What every place beside the main one begins with: the places' names, and its own, heard."""
    Navbar(main_page_name="Tutor")
    gr.HTML(f"<h1>{name}</h1>", elem_classes="unseen")


def no_demos(_: int) -> list[tuple[str, str]]:
    """What a page without demos shows of a guide question."""
    return []


def examples(guide: Guide, folder: str) -> list[Any]:
    """What to ask on the empty page: openers, or the questions of the category chosen."""
    if not folder:
        return [{"text": text} for text in OPENERS]
    return [{"text": question.title} for question in guide.category(folder).questions]


def question_list(guide: Guide, folder: str) -> str:
    """The guide's questions as links that ask them, for one category or all."""
    lines = []
    for category in guide.categories:
        if folder in ("", category.folder):
            lines.append(f"\n**{category.title}**\n")
            lines += [f"- [Q{q.number}](#ask-{q.number}) {q.title}" for q in category.questions]
    return "\n".join(lines)


def show_status(status: Status) -> str:
    """One line about the tutor's state, with a bar where something is counted."""
    text = html.escape(status.text)
    if status.share is not None:
        text += f' <progress value="{status.share:.3f}" max="1" aria-label="{text}"></progress>'
    if status.problem:
        text += f"<br>{html.escape(status.problem)}"
    return f'<span role="status">{text}</span>'


def watch(status: Status) -> tuple[str, Any]:
    """The status line, and a timer that slows down or ends when there is less to watch."""
    settled = status.ready or bool(status.problem)
    pause = LOOK if settled else WAIT
    return show_status(status), gr.Timer(pause, active=status.may_change or not settled)


def api_health(loading: Loading) -> Callable[[], dict[str, Any]]:
    """The tutor's state, for programs: text, share, searchable, ready, problem."""

    def health() -> dict[str, Any]:
        return asdict(loading.status)

    return health


def api_ask(loading: Loading) -> Callable[[str, str], str]:
    """The whole reply to one question, for programs."""

    def ask(question: str, category: str = "") -> str:
        tutor = loading.tutor(MOST_LOOKS * WAIT)
        if tutor is None:
            raise gr.Error(loading.status.text)
        try:
            if category:
                tutor.guide.category(category)
            *_, reply = tutor.reply(question, category=category or None)
        except TutorError as error:
            raise gr.Error(str(error)) from error
        return replace(reply, done=True).text

    return ask
