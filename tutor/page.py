"""The page: chat in the middle, category above it, a side panel of tabs beside it.

Everything a visitor does lives in their own components and `gr.State`; the page reads the shared
tutor and never writes to it. What a person typed is escaped before it is shown.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import gradio as gr

from tutor.answer import Reply
from tutor.dialogue import LONGEST_TURN
from tutor.errors import TutorError
from tutor.generate import Message
from tutor.guide import Guide
from tutor.loading import Loading, Status
from tutor.sources import EMPTY, cited_answer, show_sources
from tutor.suggest import OPENERS

WAIT = 1.0  # seconds between looks at a tutor that is still loading
LONGEST_WAIT = 900  # looks
MATH: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]
WELCOME = """### Prepare for your LLM interview
Ask anything, in your own words. Answers come from a guide of 50 questions, with their sources."""
ADDING = ' <span class="adding" role="status" aria-label="The model is adding to this">…</span>'
# Ours, and what Gradio makes of them, in messages that come back as history.
MARKS = re.compile(
    r"\[\\?\[\d+\\?\]\]\(#src-[\d-]+\)|<span class=\"adding\".*?</span>"
    r"|(?: · )?\[[^\]]+\]\(#demo-\w+\)"
)

Chat = list[dict[str, Any]]


class Panel(Protocol):
    """What stands beside the sources: the demos, in `demos.tabs`."""

    watched: int  # how many components follow the reply

    def build(self) -> Sequence[Any]:
        """Build the tabs; the components that follow the reply."""
        ...

    def watch(self, reply: Reply) -> tuple[Any, ...]:
        """Their values for a reply."""
        ...

    def links(self, reply: Reply) -> str:
        """Markdown below an answer that opens what illustrates it."""
        ...


@dataclass
class Turn:
    """The turn being answered: a visitor's own, kept in their session so that Stop reaches it."""

    number: int = 0
    attempt: int = 0
    stopped: bool = False


def build_page(loading: Loading, guide: Guide, panel: Panel | None = None) -> gr.Blocks:
    """The Gradio page over a tutor that may still be loading; `panel` adds tabs to the side."""
    settings = loading.settings
    names = [("All categories", "")] + [(c.title, c.folder) for c in guide.categories]
    with gr.Blocks(title="LLM interview tutor", fill_height=True) as page:
        turn = gr.State(lambda: Turn())  # a fresh one for every visitor
        with gr.Row(elem_id="top"):
            gr.Markdown("# LLM interview tutor", elem_id="title")
            status = gr.HTML(lambda: show_status(loading.status), elem_id="status")
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=6, min_width=320):
                category = gr.Dropdown(
                    names,
                    value=settings.category,
                    label="Category",
                    show_label=False,
                    container=False,
                    elem_id="category",
                )
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    elem_id="chat",
                    height="calc(100vh - 17rem)",
                    placeholder=WELCOME,
                    examples=examples(guide, settings.category),
                    latex_delimiters=MATH,
                    buttons=["copy", "copy_all"],
                    feedback_options=None,
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
            with (
                gr.Column(scale=5, min_width=320, elem_id="side"),
                gr.Tabs(elem_id="panel", overflow_behavior="wrap"),
            ):
                with gr.Tab("Sources", id="sources", elem_id="tab-sources", render_children=True):
                    sources = gr.Markdown(EMPTY, latex_delimiters=MATH, elem_id="sources")
                with gr.Tab(
                    "Questions", id="questions", elem_id="tab-questions", render_children=True
                ):
                    questions = gr.Markdown(
                        question_list(guide, settings.category), elem_id="questions"
                    )
                watching = panel.build() if panel else ()
        connect_chat(answerer(loading, panel), chat, box, category, turn, [sources, *watching])
        category.change(
            lambda folder: (gr.update(examples=examples(guide, folder)),
                            question_list(guide, folder)),
            category, [chat, questions], **QUIET,
        )  # fmt: skip
        timer = gr.Timer(WAIT)
        timer.tick(lambda: watch(loading.status), None, [status, timer], **QUIET)
        gr.api(api_ask(loading), api_name="ask")
        gr.api(api_health(loading), api_name="health")
    return page


# Events of the page's own, which answer at once and are nothing to call from outside.
QUIET: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private",
}  # fmt: skip
SLOW: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def connect_chat(
    answer: Callable[..., Iterator[tuple[Any, ...]]],
    chat: gr.Chatbot,
    box: gr.Textbox,
    category: gr.Dropdown,
    turn: gr.State,
    beside: list[Any],
) -> None:
    """Wire submit, stop, retry, undo, clear, examples and suggestions.

    `beside` are the components that change with an answer, the sources first.
    """
    posted = [chat, box, turn]
    starts = [
        box.submit(post, [box, chat, turn], posted, **QUIET),
        chat.example_select(post_example, [chat, turn], posted, **QUIET),
        chat.option_select(post_option, [chat, turn], posted, **QUIET),
        chat.retry(post_again, [chat, turn], posted, **QUIET),
    ]
    answers = [
        start.success(answer, [chat, category, turn], [chat, *beside], **SLOW, concurrency_limit=8)
        for start in starts
    ]
    for answered in answers:
        answered.then(ready_box, None, box, **QUIET)
    box.stop(stop, turn, box, cancels=answers, **QUIET)
    chat.undo(undo, chat, [chat, box], cancels=answers, **QUIET)
    chat.clear(lambda: (EMPTY, Turn(), ready_box()), None, [beside[0], turn, box],
               cancels=answers, **QUIET)  # fmt: skip


def post(text: str, chat: Chat, turn: Turn) -> tuple[Chat, Any, Turn]:
    """The visitor's turn into the conversation; the box empties and offers Stop."""
    turn.stopped = True  # an answer still growing in this session gives way
    message = {"role": "user", "content": shown(text)}
    return [*chat, message], busy_box(), Turn(turn.number + 1)


def post_example(chat: Chat, turn: Turn, event: gr.SelectData) -> tuple[Chat, Any, Turn]:
    """An example of the empty page, as if typed."""
    return post(event.value["text"], chat, turn)


def post_option(chat: Chat, turn: Turn, event: gr.SelectData) -> tuple[Chat, Any, Turn]:
    """A suggested question, as if typed."""
    return post(event.value, chat, turn)


def post_again(chat: Chat, turn: Turn, event: gr.RetryData) -> tuple[Chat, Any, Turn]:
    """The turn at the event's index once more, for another answer."""
    turn.stopped = True
    index = event.index if isinstance(event.index, int) else event.index[0]
    return chat[: index + 1], busy_box(), Turn(turn.number + 1, turn.attempt + 1)


def answerer(
    loading: Loading, panel: Panel | None = None
) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """The handler that answers the last turn of a conversation.

    It yields the conversation, the sources, and what the panel wants of the reply.
    """
    unchanged = (gr.skip(),) * (1 + (panel.watched if panel else 0))

    def answer(chat: Chat, category: str, turn: Turn) -> Iterator[tuple[Any, ...]]:
        *past, last = chat
        try:
            for _ in range(LONGEST_WAIT):
                tutor = loading.tutor(WAIT)
                if tutor or turn.stopped:
                    break
                yield [*chat, said(f"*{loading.status.text} …*")], *unchanged
            if not tutor:
                return
            replies = tutor.reply(
                text_of(last),
                history_of(past),
                category or None,
                turn.attempt,
                lambda: turn.stopped,
            )
            for reply in replies:
                if turn.stopped:
                    break
                message = reply_message(reply, turn, panel)
                watched = panel.watch(reply) if panel else ()
                yield [*chat, message], show_sources(reply, turn.number, tutor.guide), *watched
        except TutorError as error:
            yield [*chat, said(html.escape(str(error), quote=False))], *unchanged

    return answer


def stop(turn: Turn) -> Any:
    """Make the model stop; what has been said stays."""
    turn.stopped = True
    return ready_box()


def undo(chat: Chat, event: gr.UndoData) -> tuple[Chat, Any]:
    """Take the last turn back into the box."""
    index = event.index if isinstance(event.index, int) else event.index[0]
    return chat[:index], gr.update(value=text_of(chat[index]), submit_btn=True, stop_btn=False)


def busy_box() -> Any:
    """The box while an answer grows."""
    return gr.update(value="", submit_btn=False, stop_btn=True)


def ready_box() -> Any:
    """The box when it can take a question."""
    return gr.update(submit_btn=True, stop_btn=False)


def reply_message(reply: Reply, turn: Turn, panel: Panel | None = None) -> dict[str, Any]:
    """A reply as a chat message; once complete, with what illustrates it and what to ask next."""
    text = cited_answer(reply, turn.number)
    if not reply.done:
        return said(text + ADDING)
    if panel and reply.sources:
        text += f"\n\n{panel.links(reply)}"
    options = [{"value": text, "label": text} for text in reply.suggestions]
    return said(text) | {"options": options}


def said(text: str) -> dict[str, Any]:
    """A message of the tutor's."""
    return {"role": "assistant", "content": text}


def shown(text: str) -> str:
    """What a person typed, safe to show: no HTML, no images, not endless."""
    if len(text) > LONGEST_TURN:
        # One character more than can be read, so that the tutor says that it is too long.
        text = text[: LONGEST_TURN + 1]
    return html.escape(text, quote=False).replace("![", "!&#91;")


def text_of(message: dict[str, Any]) -> str:
    """The plain text of a chat message, as typed or as said, whichever form Gradio gives it."""
    content = message["content"]
    if isinstance(content, list):
        content = "\n".join(part.get("text", "") for part in content if isinstance(part, dict))
    return html.unescape(MARKS.sub("", str(content)))


def history_of(chat: Chat) -> Sequence[Message]:
    """The turns before the last one, oldest first."""
    return [
        Message("user" if message["role"] == "user" else "assistant", text_of(message))
        for message in chat
    ]


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
    """The status line, and a timer that ends when there is nothing more to watch."""
    settled = status.ready or bool(status.problem)
    return show_status(status), gr.Timer(WAIT, active=not settled)


def api_health(loading: Loading) -> Callable[[], dict[str, Any]]:
    """The tutor's state, for programs: text, share, searchable, ready, problem."""

    def health() -> dict[str, Any]:
        return asdict(loading.status)

    return health


def api_ask(loading: Loading) -> Callable[[str, str], str]:
    """The whole reply to one question, for programs."""

    def ask(question: str, category: str = "") -> str:
        tutor = loading.tutor(LONGEST_WAIT)
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
