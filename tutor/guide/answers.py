"""Written answers: what people ask in particular, each with the reply that one would want.

`answers.jsonl` in a category's folder, one JSON object a line:

    {"q": 12, "kind": "claim", "verdict": "wrong",
     "ask": "top-p with p=0.9 always keeps 90 tokens, right?",      as a person types it
     "again": ["top_p 0.9 = 90 tokens kept, correct?"],             the same in other words
     "answer": "That was wrong: p is a share of probability, …",    the first words answer
     "rests": [[12, "How it works"]]}                               guide passages behind it

The guide is what is explained; these are what is said to somebody who asks just that.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.errors import GuideError
from tutor.guide.read import Category

FILE = "answers.jsonl"
VERDICTS = ("right", "wrong", "half")


@dataclass(frozen=True)
class Written:
    """One answer to one particular question; `rests` are the guide's passages behind it, each a
    question's number and a heading; `verdict` is set where a claim was asked about."""

    number: int
    kind: str
    ask: str
    again: tuple[str, ...]
    answer: str
    rests: tuple[tuple[int, str], ...]
    verdict: str = ""


def read_answers(categories: Sequence[Category]) -> tuple[Written, ...]:
    """All written answers, in the order of the files.

    Raises GuideError with file and line for one that is incomplete or rests on no passage.
    """
    headings = {
        (question.number, heading)
        for category in categories
        for question in category.questions
        for heading in question.headings
    }
    found: list[Written] = []
    for category in categories:
        path = category.path.with_name(FILE)
        if path.exists():
            own = {question.number for question in category.questions}
            found += read_file(path, own, headings)
    return tuple(found)


def read_file(path: Path, own: set[int], headings: set[tuple[int, str]]) -> Iterator[Written]:
    """The answers of one file, whose questions are `own`."""
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            written = answer_of(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise GuideError(f"{path}:{line}: not a written answer ({error}).") from error
        if written.number not in own:
            raise GuideError(f"{path}:{line}: Q{written.number} belongs to another category.")
        if not written.rests or not set(written.rests) <= headings:
            raise GuideError(f"{path}:{line}: rests on no passage of the guide.")
        if written.verdict not in ("", *VERDICTS):
            raise GuideError(f"{path}:{line}: no such verdict: {written.verdict}.")
        if not (written.ask.strip() and written.answer.strip()):
            raise GuideError(f"{path}:{line}: an empty question or answer.")
        yield written


def answer_of(row: dict[str, Any]) -> Written:
    """One row as a written answer."""
    return Written(
        int(row["q"]),
        str(row["kind"]),
        str(row["ask"]),
        tuple(map(str, row["again"])),
        str(row["answer"]),
        tuple((int(number), str(heading)) for number, heading in row["rests"]),
        str(row.get("verdict", "")),
    )
