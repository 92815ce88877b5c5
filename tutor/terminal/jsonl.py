"""The JSON-lines contract: one question a line in, one result a line out.

In:  {"id", "question", "history"?: [{"role", "content"}], "category"?: folder}
Out of search: {"id", "covered", "confidence", "topics", "passages", "ms"}; out of ask: the same and
the answer with its parts. A line that cannot be read becomes {"id", "error"}; the rest goes on.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tutor.engine.generate import Message
from tutor.errors import InputError, TutorError
from tutor.reply.tutor import Reply, Tutor
from tutor.search.retrieve import Evidence
from tutor.turn.understand import HISTORY_TURNS

LONGEST_LINE = 200_000  # characters


@dataclass(frozen=True)
class Asked:
    """One line in."""

    id: Any
    question: str
    history: tuple[Message, ...]
    category: str | None


def read_line(line: str) -> Asked:
    """A line as a question; InputError saying what is wrong with it."""
    if len(line) > LONGEST_LINE:
        raise InputError(f"The line has {len(line):,} characters, more than {LONGEST_LINE:,}.")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("The line is not JSON.") from error
    if not isinstance(data, dict) or not isinstance(data.get("question"), str):
        raise InputError('The line is not an object with a "question".')
    history, category = data.get("history") or [], data.get("category") or None
    if category is not None and not isinstance(category, str):
        raise InputError('"category" is not the name of a folder.')
    if not isinstance(history, list):
        raise InputError('"history" is not a list.')
    turns = []
    for turn in history[-HISTORY_TURNS:]:
        match turn:
            case {"role": "user" | "assistant" as role, "content": str(content)}:
                turns.append(Message(role, content))
            case _:
                raise InputError('A turn of "history" is not {"role", "content"}.')
    return Asked(data.get("id"), data["question"], tuple(turns), category)


def answer_lines(
    lines: Iterable[str], answer: Callable[[Asked], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """A result for every line that is not empty; what goes wrong with one is its result."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        identity: Any = None
        try:
            asked = read_line(line)
            identity = asked.id
            yield {"id": identity, **answer(asked)}
        except TutorError as error:
            yield {"id": identity, "line": number, "error": str(error)}


def search_result(tutor: Tutor, asked: Asked) -> dict[str, Any]:
    """What `search` prints for one question."""
    check_category(tutor, asked.category)
    reply = tutor.look_up(
        tutor.understand(asked.question, asked.history), asked.history, asked.category
    )
    return found(reply.evidence, reply.timings.evidence_ms)


def ask_result(tutor: Tutor, asked: Asked) -> dict[str, Any]:
    """What `ask` prints for one question."""
    check_category(tutor, asked.category)
    *_, reply = tutor.reply(asked.question, asked.history, asked.category)
    return found(reply.evidence, reply.timings.evidence_ms) | spoken(reply, tutor.model)


def check_category(tutor: Tutor, category: str | None) -> None:
    """GuideError naming the known categories if this one is unknown."""
    if category:
        tutor.guide.category(category)


def found(evidence: Evidence | None, ms: float) -> dict[str, Any]:
    """The part that `search` and `ask` share. A turn that asks nothing has found nothing."""
    if evidence is None:
        return {"covered": False, "confidence": 0.0, "topics": [], "passages": [], "ms": 0.0}
    return {
        "covered": evidence.covered,
        "confidence": round(evidence.confidence, 4),
        "topics": list(evidence.topics),
        "passages": [
            {
                "q": passage.chunk.number,
                "section": passage.chunk.section,
                "text": passage.chunk.text,
                "score": round(passage.score, 4),
            }
            for passage in evidence.passages
        ],
        "ms": round(ms, 2),
    }


def spoken(reply: Reply, model: str) -> dict[str, Any]:
    """What `ask` adds: the answer, where it comes from, what was dropped, how long it took."""
    timings = reply.timings
    first = timings.first_token_ms
    return {
        "answer": reply.text,
        "lead": reply.lead.text,
        "continuation": reply.continuation,
        "citations": [
            {"q": citation.chunk.number, "section": citation.chunk.section,
             "sentence": citation.sentence}
            for citation in reply.citations
        ],
        "unsupported": [check.sentence for check in reply.dropped],
        "suggestions": list(reply.suggestions),
        "model": model,
        "timings": {
            "evidence_ms": round(timings.evidence_ms, 2),
            "first_token_ms": None if first is None else round(first, 2),
            "total_ms": round(timings.total_ms, 2),
            "prompt_tokens": timings.usage.prompt,
            "cached_tokens": timings.usage.cached,
            "generated_tokens": timings.usage.generated,
        },
    }  # fmt: skip
