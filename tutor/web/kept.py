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
    )


def keep(found: Any, chat: Chat) -> Kept:
    """The conversation as it stands put first; an empty one is not kept."""
    kept = read_kept(found)
    if not chat:
        return kept | {"open": ""}
    name = kept["open"] or secrets.token_hex(4)
    messages = [slim(message) for message in chat[-MOST_MESSAGES:]]
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


def keep_chat(kept: Kept, chat: Chat) -> tuple[Kept, Any]:
    """The conversation as it stands into the browser's storage."""
    now = keep(kept, chat)
    return now, listed(now)


def open_chat(kept: Kept, name: str) -> tuple[Kept, Chat, Any]:
    """A kept conversation, or a new one, into the chat."""
    now, chat = opened(kept, name)
    return now, chat, listed(now)


def reopen_chat(kept: Kept) -> tuple[Kept, Chat, Any]:
    """The conversation that was open when the page was left."""
    return open_chat(kept, read_kept(kept)["open"])


def forget_chat(kept: Kept) -> tuple[Kept, Chat, Any]:
    """An empty chat; what was open is kept no longer."""
    now = forgotten(kept)
    return now, [], listed(now)


def listed(kept: Kept) -> Any:
    """The list of conversations, with the open one chosen."""
    return gr.update(choices=titles(kept), value=kept["open"])
