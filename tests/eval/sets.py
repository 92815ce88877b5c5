"""The labelled sets of this folder; README.md says how they were written."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.engine.generate import Message

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One labelled turn. `labels` are the guide questions that answer it; none if out of scope."""

    id: str
    question: str
    kind: str
    labels: tuple[int, ...]
    split: str
    history: tuple[Message, ...] = ()
    facts: tuple[dict[str, Any], ...] = ()
    must_not: tuple[dict[str, Any], ...] = ()


def read(name: str, split: str | None = None) -> list[Case]:
    """The cases of one file, of one split ("fit" or "test") if given."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case_of(json.loads(line)) for line in lines if line.strip()]
    return [case for case in cases if split in (None, case.split)]


def case_of(row: dict[str, Any]) -> Case:
    """One line of a file."""
    return Case(
        row["id"],
        row["question"],
        row.get("kind", ""),
        tuple(row.get("labels", ())),
        row["split"],
        tuple(Message(turn["role"], turn["content"]) for turn in row.get("history", ())),
        tuple(row.get("facts", ())),
        tuple(row.get("must_not", ())),
    )
