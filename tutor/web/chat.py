"""What happens in the page's conversation: turns posted, answered, stopped, retried, taken back.

Everything a visitor does lives in their own components and `gr.State`; the shared tutor is read and
never written to. What a person typed is escaped before it is shown.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import gradio as gr

from tutor.engine.generate import Message
from tutor.errors import TutorError
from tutor.guide.read import Guide
from tutor.practice.record import as_json, read_record
from tutor.reply.tutor import Reply, Tutor
from tutor.turn.understand import LONGEST_TURN
from tutor.web.figures import figure_below
from tutor.web.kept import (
    Chat,
    as_markdown,
    content_of,
    forget_chat,
    keep_chat,
    mark_answer,
    marked_said,
    marks_of,
    open_chat,
    reopen_chat,
)
from tutor.web.loading import Loading
from tutor.web.sources import EMPTY, cited_answer, show_passage, show_sources
from tutor.web.typed import as_typed, typed

WAIT = 1.0  # seconds between looks at a tutor that is still loading
MOST_LOOKS = 900  # looks
# Replies that grow at once. Whatever is written comes at once; the model has a line of its own.
AT_ONCE = 100
ADDING = ' <span class="adding" aria-hidden="true">…</span>'
# Ours, and what Gradio makes of them, in messages that come back as history.
MARKS = re.compile(
    r"\[\\?\[\d+\\?\]\]\(#src-[\w-]+\)|<span class=\"(?:adding|place|note)\".*?</span>"
    r"|(?: · )?\[[^\]]+\]\((?:#demo-\w+|practice\?q=\d+)\)|<figure.*?</figure>"
)
# Code, signs of money, whole formulas: what may stand in a text that still grows.
WHOLE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|\\\$|\$\$.*?\$\$|\$(?!\$)[^$]*\$", re.DOTALL)
CITED = re.compile(r"\(#src-q(\d{1,3})-")  # the link from an answer to a source

# Events of the page's own, which answer at once and are nothing to call from outside.
QUIET: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private",
}  # fmt: skip
SLOW: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# The browser's part of an export: a text becomes a file.
DOWNLOAD = """(text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = "llm-interview-tutor.md";
  link.click();
  URL.revokeObjectURL(link.href);
}"""

# Tells the page's script that the conversation is there: now an address may ask its question.
REOPENED = "() => document.dispatchEvent(new Event('reopened'))"


class Panel(Protocol):
    """What stands beside the sources, and in a place of its own: the demos, in `demos.tabs`."""

    watched: int  # how many components follow the reply

    def build(self) -> Sequence[Any]:
        """Build the tabs; the components that follow the reply."""
        ...

    def build_lab(self) -> None:
        """Build what there is, with the room it needs, inside the route of the Lab."""
        ...

    def further(self) -> str:
        """HTML below the tabs that leads to what the Lab alone has."""
        ...

    def watch(self, reply: Reply) -> tuple[Any, ...]:
        """Their values for a reply."""
        ...

    def links(self, reply: Reply) -> str:
        """Markdown below an answer that opens what illustrates it."""
        ...

    def demos_of(self, number: int) -> list[tuple[str, str]]:
        """Title and name of each demo that illustrates a guide question."""
        ...


@dataclass
class Turn:
    """The turn being answered: a visitor's own, kept in their session so that Stop reaches it."""

    attempt: int = 0
    stopped: bool = False


@dataclass(frozen=True)
class Desk:
    """The components of the conversation: what `connect_chat` wires together.

    `beside` change with an answer, the sources first; `kept` and `record` are the browser's own
    storage: conversations, and what the learner did.
    """

    chat: gr.Chatbot
    box: gr.Textbox
    category: gr.Dropdown
    conversations: gr.Dropdown
    forget: gr.Button
    export: gr.Button
    exported: gr.Textbox
    kept: gr.BrowserState
    record: gr.BrowserState
    turn: gr.State
    beside: list[Any]


def connect_chat(
    page: gr.Blocks, answer: Callable[..., Iterator[tuple[Any, ...]]], desk: Desk
) -> None:
    """Wire submit, stop, retry, undo, clear, examples and suggestions, and what is kept."""
    posted = [desk.chat, desk.box, desk.turn]
    starts = [
        desk.box.submit(post, [desk.box, desk.chat, desk.turn], posted, **QUIET),
        desk.chat.example_select(post_example, [desk.chat, desk.turn], posted, **QUIET),
        desk.chat.option_select(post_option, [desk.chat, desk.turn], posted, **QUIET),
        desk.chat.retry(post_again, [desk.chat, desk.turn], posted, **QUIET),
        desk.chat.edit(post_edited, [desk.chat, desk.turn], posted, **QUIET),
    ]
    answers = [
        start.success(
            answer,
            [desk.chat, desk.category, desk.turn],
            [desk.chat, *desk.beside],
            **SLOW,
            concurrency_limit=AT_ONCE,
        )
        for start in starts
    ]
    keeping: dict[str, Any] = {
        "fn": keep_chat,
        "inputs": [desk.kept, desk.chat],
        "outputs": [desk.kept, desk.chat, desk.conversations],
        **QUIET,
    }
    for start, answered in zip(starts, answers, strict=True):
        start.success(**keeping)  # a page that is closed in mid-answer has the question
        answered.then(ready_box, None, desk.box, **QUIET).then(**keeping)
        answered.success(note_asked, [desk.chat, desk.record], desk.record, **QUIET)
    desk.box.stop(stop, desk.turn, desk.box, cancels=answers, **QUIET).then(**keeping)
    desk.chat.undo(undo, desk.chat, [desk.chat, desk.box], cancels=answers, **QUIET).then(**keeping)
    fresh = [desk.beside[0], desk.turn, desk.box]
    cleared: dict[str, Any] = {"cancels": answers, **QUIET}
    desk.chat.clear(new_desk, desk.turn, fresh, **cleared).then(**keeping)
    shown = [desk.kept, desk.chat, desk.conversations]
    # What still grows is ended first, or it would grow into the conversation that is opened.
    desk.conversations.input(new_desk, desk.turn, fresh, **cleared).then(
        open_chat, [desk.kept, desk.conversations], shown, **QUIET
    )
    desk.forget.click(new_desk, desk.turn, fresh, **cleared).then(
        forget_chat, desk.kept, shown, **QUIET
    )
    desk.chat.like(mark_answer, [desk.kept, desk.chat], shown[:2], **QUIET)
    desk.export.click(exported, [desk.chat, desk.kept], desk.exported, **QUIET).then(
        None, desk.exported, js=DOWNLOAD
    )
    page.load(reopen_chat, desk.kept, shown, **QUIET).then(None, js=REOPENED)


def exported(chat: Chat, kept: Any) -> str:
    """The conversation as Markdown, as it was typed and said, with the marks of its answers."""
    marks = iter(marks_of(kept, chat))
    said = []
    for message in chat:
        mark = next(marks) if message["role"] == "assistant" else None
        said.append((message["role"], marked_said(text_of(message), mark)))
    return as_markdown(said)


def note_asked(chat: Chat, kept: Any) -> dict[str, Any]:
    """The visitor's record with the guide question that the last answer cites first, if any."""
    record = read_record(kept)
    last = content_of(chat[-1]) if chat and chat[-1]["role"] == "assistant" else ""
    if cited := CITED.search(last):
        record = record.with_event(int(cited[1]), "asked", datetime.now(UTC))
    return as_json(record)


def new_desk(turn: Turn) -> tuple[str, Turn, Any]:
    """No sources, no answer under way, a box that can take a question."""
    turn.stopped = True
    return EMPTY, Turn(), ready_box()


def passage_opener(loading: Loading) -> Callable[[str], str]:
    """The handler that shows a passage which some answer on the page cites.

    It gets the passage's id and the answer's text, as the page's script sends them.
    """

    def open_passage(wanted: str) -> Any:
        tutor = loading.tutor(WAIT)
        try:
            found = json.loads(wanted)
            chunk = tutor.cited(str(found["id"])) if tutor else None
        except (ValueError, TypeError, KeyError):
            chunk = None
        if tutor is None or chunk is None:
            return EMPTY
        return show_passage(chunk, str(found.get("answer", "")), tutor.guide)

    return open_passage


def post(text: str, chat: Chat, turn: Turn) -> tuple[Chat, Any, Turn]:
    """The visitor's turn into the conversation; the box empties and offers Stop."""
    turn.stopped = True  # an answer still growing in this session gives way
    message = {"role": "user", "content": shown(text)}
    return [*chat, message], busy_box(), Turn()


def post_example(chat: Chat, turn: Turn, event: gr.SelectData) -> tuple[Chat, Any, Turn]:
    """An example of the empty page, as if typed."""
    return post(event.value["text"], chat, turn)


def post_option(chat: Chat, turn: Turn, event: gr.SelectData) -> tuple[Chat, Any, Turn]:
    """A suggested question, as if typed."""
    return post(event.value, chat, turn)


def post_again(chat: Chat, turn: Turn, event: gr.RetryData) -> tuple[Chat, Any, Turn]:
    """The turn at the event's index once more, for another answer."""
    turn.stopped = True
    return chat[: place_of(event) + 1], busy_box(), Turn(turn.attempt + 1)


def post_edited(chat: Chat, turn: Turn, event: gr.EditData) -> tuple[Chat, Any, Turn]:
    """The turn at the event's index as it is written now; what came after it is gone."""
    return post(typed(str(event.value)), chat[: place_of(event)], turn)


def place_of(event: gr.RetryData | gr.EditData | gr.UndoData) -> int:
    """Which message of the conversation an event is about."""
    return event.index if isinstance(event.index, int) else event.index[0]


def answerer(
    loading: Loading, panel: Panel | None = None
) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """The handler that answers the last turn of a conversation.

    It yields the conversation, the sources, and what the panel wants of the reply.
    """
    unchanged = (gr.skip(),) * (1 + (panel.watched if panel else 0))

    def answer(chat: Chat, category: str, turn: Turn) -> Iterator[tuple[Any, ...]]:
        *past, last = chat
        tutor: Tutor | None = None
        reply: Reply | None = None
        try:
            for _ in range(MOST_LOOKS):
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
                message = reply_message(reply, tutor.guide, panel)
                watched = panel.watch(reply) if panel else ()
                yield [*chat, message], show_sources(reply, tutor.guide), *watched
        except TutorError as error:
            problem = html.escape(str(error), quote=False)
            message = said(problem)
            if tutor and reply:  # what is written stands without the model
                message = reply_message(replace(reply, done=True), tutor.guide, panel, problem)
            yield [*chat, message], *unchanged

    return answer


def stop(turn: Turn) -> Any:
    """Make the model stop; what has been said stays."""
    turn.stopped = True
    return ready_box()


def undo(chat: Chat, event: gr.UndoData) -> tuple[Chat, Any]:
    """Take the last turn back into the box."""
    index = place_of(event)
    return chat[:index], gr.update(value=text_of(chat[index]), submit_btn=True, stop_btn=False)


def busy_box() -> Any:
    """The box while an answer grows."""
    return gr.update(value="", submit_btn=False, stop_btn=True)


def ready_box() -> Any:
    """The box when it can take a question."""
    return gr.update(submit_btn=True, stop_btn=False)


def reply_message(
    reply: Reply, guide: Guide, panel: Panel | None = None, problem: str = ""
) -> dict[str, Any]:
    """A reply as a chat message; once complete, with what illustrates it and what to ask next.

    A `problem` (HTML) is why the model added nothing.
    """
    text = cited_answer(reply)
    if not reply.done:
        return said(settled(text) + place_in_line(reply.waiting) + ADDING)
    if problem:
        text += f'\n\n<span class="note">{problem}</span>'
    if figure := figure_below(reply, guide):
        text += f"\n\n{figure}"
    if reply.sources:
        links = [panel.links(reply)] if panel else []
        links.append(f"[Practise this](practice?q={reply.sources[0].number})")
        text += "\n\n" + " · ".join(links)
    options = [{"value": text, "label": text} for text in reply.suggestions]
    return said(text) | {"options": options}


def place_in_line(before: int | None) -> str:
    """What a visitor reads while the model answers others; nothing while it answers them."""
    if before is None:
        return ""
    place = "You are next" if before <= 1 else f"{before} are before you"
    return f'\n\n<span class="place">{place} for what the model adds</span>'


def settled(text: str) -> str:
    """A growing text up to a formula that has begun and not ended.

    >>> settled("The loss $L$ is $$-")
    'The loss $L$ is '
    """
    begun = WHOLE.sub(lambda match: " " * len(match[0]), text).find("$")
    return text if begun < 0 else text[:begun]


def said(text: str) -> dict[str, Any]:
    """A message of the tutor's."""
    return {"role": "assistant", "content": text}


def shown(text: str) -> str:
    """What a person typed, as it was typed, not endless."""
    if len(text) > LONGEST_TURN:
        # One character more than can be read, so that the tutor says that it is too long.
        text = text[: LONGEST_TURN + 1]
    return as_typed(text)


def text_of(message: dict[str, Any]) -> str:
    """The plain text of a chat message, as typed or as said, whichever form Gradio gives it."""
    return typed(MARKS.sub("", content_of(message)))


def history_of(chat: Chat) -> Sequence[Message]:
    """The turns before the last one, oldest first."""
    return [
        Message("user" if message["role"] == "user" else "assistant", text_of(message))
        for message in chat
    ]
