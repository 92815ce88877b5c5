"""Lays out what the model reads, the unchanging part first.

llama.cpp keeps the computed prefix of a prompt. So the instructions and the study note, which are
the same text for every conversation about one guide question, come before everything that changes:

    system     instructions, for an engine that speaks freely the study note of the guide question
    user       the conversation's last question but one  \\ at most HISTORY_TURNS turns,
    assistant  the reply to it                            / each cut to HISTORY_CHARS
    user       the question
    assistant  the authored lead, from which the model goes on
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from llama_index.core.base.llms.types import ChatMessage, MessageRole

from tutor.engine.generate import Message
from tutor.guide.read import KEY_POINTS, ONE_MINUTE, Question
from tutor.guide.text import plain

HISTORY_TURNS = 2
HISTORY_CHARS = 400


@cache
def template(name: str) -> str:
    """The text of a prompt file of this package."""
    return (files("tutor.reply") / "prompts" / f"{name}.txt").read_text(encoding="utf-8").strip()


def study_note(question: Question) -> str:
    """What the model may draw on: the one-minute answer and the key points, as plain words."""
    answer, points = (plain(question.section(name)) for name in (ONE_MINUTE, KEY_POINTS))
    return f"Study note: {question.title}\n{answer}\nKey points:\n{points}"


def build_prompt(
    question: Question | None, history: Sequence[Message], asked: str, lead: str
) -> list[Message]:
    """The messages for one reply; the last is the assistant's, to be continued.

    `question` is the one whose study note the model is given, None for an engine whose grammar
    holds all that it can say: half the tokens, and half the wait for the first word.
    """
    parts = [template("free"), study_note(question)] if question else [template("bound")]
    system = Message("system", "\n\n".join(parts))
    recent = [
        Message(turn.role, turn.content[:HISTORY_CHARS])
        for turn in history[-HISTORY_TURNS:]
        if turn.role != "system" and turn.content.strip()
    ]
    return [system, *recent, Message("user", asked), Message("assistant", plain(lead))]


def chat_messages(messages: Sequence[Message]) -> list[ChatMessage]:
    """Our messages as LlamaIndex's."""
    return [ChatMessage(role=MessageRole(m.role), content=m.content) for m in messages]
