"""Conversations that a visitor's own browser keeps, across reloads and restarts of the server.

What is kept is plain JSON in the browser's storage: the conversation that is open, and the last
few others, newest first. Nothing of it stays on the server. It comes back as a stranger's data:
whatever does not have this shape is dropped.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import gradio as gr

from tutor.web.typed import typed

MOST_KEPT = 20
MOST_MESSAGES = 200  # of one conversation; older ones are dropped
MOST_CHARACTERS = 400_000  # of all; browsers give a page about five million
TITLE = 48  # characters
CUT_OFF = "*This answer was cut off. Ask again with the arrow above.*"
NEW = ("New conversation", "")
# How an answer can be marked, by Gradio's names for the thumbs, and what an export says of it.
MARKS = {"Like": "Marked helpful", "Dislike": "Marked not helpful"}

Kept = dict[str, Any]
Chat = list[dict[str, Any]]


def nothing() -> Kept:
    """What a new visitor has."""
    return {"open": "", "all": []}


def read_kept(found: Any) -> Kept:
    """What a browser gave back, or as much of it as has the right shape."""
    if not isinstance(found, dict) or not isinstance(found.get("all"), list):
        return nothing()
    rows = [row for row in found["all"] if is_row(row)][:MOST_KEPT]
    names = [row["id"] for row in rows]
    return {"open": found.get("open") if found.get("open") in names else "", "all": rows}


def is_row(row: Any) -> bool:
    """Whether something is a kept conversation."""
    return (
        isinstance(row, dict)
        and isinstance(row.get("id"), str)
        and isinstance(row.get("title"), str)
        and isinstance(row.get("chat"), list)
        and all(is_message(message) for message in row["chat"])
    )


def is_message(message: Any) -> bool:
    """Whether something is a kept message."""
    return (
        isinstance(message, dict)
        and message.get("role") in ("user", "assistant")
        and isinstance(message.get("content"), str)
        and message.get("mark") in (None, *MARKS)
    )


def keep(found: Any, chat: Chat) -> Kept:
    """The conversation as it stands put first; an empty one is not kept."""
    kept = read_kept(found)
    if not chat:
        return kept | {"open": ""}
    name = kept["open"] or secrets.token_hex(4)
    before = open_row(kept)
    messages = with_marks([slim(message) for message in chat[-MOST_MESSAGES:]], before)
    row = {"id": name, "title": title_of(messages), "chat": messages}
    others = [other for other in kept["all"] if other["id"] != name]
    rows, size = [row], length(row)
    for other in others[: MOST_KEPT - 1]:
        size += length(other)
        if size > MOST_CHARACTERS:
            break
        rows.append(other)
    return {"open": name, "all": rows}


def content_of(message: dict[str, Any]) -> str:
    """A chat message's text, whichever form Gradio gives it."""
    content = message["content"]
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content if isinstance(part, dict))
    return str(content)


def slim(message: dict[str, Any]) -> dict[str, Any]:
    """A message of the chat with no more than is shown: role, text, suggestions."""
    kept = {"role": message["role"], "content": content_of(message)}
    options = message.get("options")
    return kept | ({"options": options} if options else {})


def open_row(kept: Kept) -> Chat:
    """The messages of the conversation that is open, as they are kept."""
    return next((row["chat"] for row in kept["all"] if row["id"] == kept["open"]), [])


def with_marks(chat: Chat, before: Chat) -> Chat:
    """A conversation with the marks that its messages had before.

    It goes on from an earlier state of itself, or from the beginning of one: a message that has
    changed has no mark, nor has what follows it.
    """
    old = iter(before)
    found = []
    for message in chat:
        said = message["role"], message["content"]
        same = next((one for one in old if (one["role"], one["content"]) == said), {})
        found.append(message | ({"mark": same["mark"]} if same.get("mark") else {}))
    return found


def marks_of(found: Any, chat: Chat) -> list[str | None]:
    """The mark of every answer of the open conversation, in order, or None."""
    lost = [None for message in chat[:-MOST_MESSAGES] if message["role"] == "assistant"]
    row = open_row(read_kept(found))
    marks = [message.get("mark") for message in row if message["role"] == "assistant"]
    answers = sum(message["role"] == "assistant" for message in chat)
    return [*lost, *marks, *[None] * answers][:answers]


def marked(found: Any, chat: Chat, index: int, mark: str | None) -> Kept:
    """With the answer at `index` of the chat marked, or its mark taken back.

    An answer that still grows is not kept yet, and not marked.
    """
    kept = read_kept(found)
    row = [dict(message) for message in open_row(kept)]
    place = index - len(chat[:-MOST_MESSAGES])
    if not 0 <= place < len(row) or row[place]["content"] != content_of(chat[index]):
        return kept
    row[place].pop("mark", None)
    row[place] |= {"mark": mark} if mark else {}
    rows = [one | {"chat": row} if one["id"] == kept["open"] else one for one in kept["all"]]
    return kept | {"all": rows}


def marked_said(text: str, mark: str | None) -> str:
    """An answer as it is taken away: with its mark, if it has one."""
    return f"{text.rstrip()}\n\n*{MARKS[mark]}*" if mark else text


def length(row: dict[str, Any]) -> int:
    """Characters of a conversation."""
    return sum(len(message["content"]) for message in row["chat"])


def title_of(chat: Sequence[dict[str, Any]]) -> str:
    """The first turn, cut at a word."""
    first = next((m["content"] for m in chat if m["role"] == "user"), "Conversation")
    words = " ".join(typed(first).split())
    return words if len(words) <= TITLE else words[: TITLE - 1].rsplit(" ", 1)[0] + "…"


def opened(found: Any, name: str) -> tuple[Kept, Chat]:
    """Open a kept conversation, or a new one if there is none of that name."""
    kept = read_kept(found)
    chat: Chat = next((row["chat"] for row in kept["all"] if row["id"] == name), [])
    if chat and chat[-1]["role"] == "user":
        chat = [*chat, {"role": "assistant", "content": CUT_OFF}]
    return kept | {"open": name if chat else ""}, chat


def forgotten(found: Any) -> Kept:
    """Without the conversation that is open."""
    kept = read_kept(found)
    return {"open": "", "all": [row for row in kept["all"] if row["id"] != kept["open"]]}


def titles(found: Any) -> list[tuple[str, str]]:
    """(title, name) of what can be opened, a new conversation first."""
    return [NEW, *((row["title"], row["id"]) for row in read_kept(found)["all"])]


def as_markdown(said: Sequence[tuple[str, str]]) -> str:
    """A conversation, given as (role, text) pairs, as a text to take away."""
    voices = {"user": "**You**", "assistant": "**Tutor**"}
    parts = [f"{voices[role]}\n\n{text}" for role, text in said]
    return "\n\n---\n\n".join(["# LLM interview tutor", *parts]) + "\n"


def keep_chat(kept: Kept, chat: Chat) -> tuple[Kept, Any, Any]:
    """The conversation as it stands into the browser's storage; the thumbs show its marks."""
    now = keep(kept, chat)
    return now, thumbs(now, chat), listed(now)


def mark_answer(kept: Kept, chat: Chat, event: gr.LikeData) -> tuple[Kept, Any]:
    """An answer marked, or its mark taken back."""
    index = event.index if isinstance(event.index, int) else event.index[0]
    mark = "Like" if event.liked is True else "Dislike" if event.liked is False else None
    now = marked(kept, chat, index, mark)
    return now, thumbs(now, chat)


def thumbs(kept: Kept, chat: Chat) -> Any:
    """The marks as Gradio's chat shows them."""
    return gr.update(feedback_value=marks_of(kept, chat))


def open_chat(kept: Kept, name: str) -> tuple[Kept, Any, Any]:
    """A kept conversation, or a new one, into the chat."""
    now, chat = opened(kept, name)
    return now, gr.update(value=chat, feedback_value=marks_of(now, chat)), listed(now)


def reopen_chat(kept: Kept) -> tuple[Kept, Any, Any]:
    """The conversation that was open when the page was left."""
    return open_chat(kept, read_kept(kept)["open"])


def forget_chat(kept: Kept) -> tuple[Kept, Any, Any]:
    """An empty chat; what was open is kept no longer."""
    now = forgotten(kept)
    return now, gr.update(value=[], feedback_value=[]), listed(now)


def listed(kept: Kept) -> Any:
    """The list of conversations, with the open one chosen."""
    return gr.update(choices=titles(kept), value=kept["open"])
