"""What the grader learns from: sayings, labelled answers, and answers put together from sayings.

`answers/said.jsonl` has how people say each key point and each wrong claim of the guide, and how
they come near it; `answers/answers.jsonl` whole answers with the points an interviewer ticks. In an
answer that is put together it is known which words state what.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.guide.read import Guide
from tutor.practice.grader import WHOLE, Laid, lay_answer
from tutor.practice.statements import key_points, wrong_claims

WRITTEN = Path(__file__).parent / "answers"
FILLERS = "um,uh,so,like,you know,i mean,right,okay so,well,basically,and yeah,i think".split(",")
POINT, CLAIM = "point", "claim"

Name = tuple[int, str, int]  # question, POINT or CLAIM, index


@dataclass(frozen=True)
class Said:
    """How people state something, and how they come near it without doing so."""

    name: Name
    said: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer: which statements it makes, and which two people might disagree about.

    One that `sets` the thresholds is not trained on.
    """

    number: int
    text: str
    made: frozenset[Name]
    unsure: frozenset[Name]
    sets: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of a composed answer: the statement it makes and the one it only comes near."""

    text: str
    made: Name | None = None
    near: Name | None = None


@dataclass(frozen=True)
class Example:
    """An answer with statements of its question: whether each is made, and per wordpiece of the
    answer (1 states it, 0 does not, -1 nobody knows); no marks, if only the whole is labelled."""

    laid: Laid
    names: tuple[Name, ...]
    made: tuple[float, ...]
    marks: tuple[tuple[int, ...], ...] = ()


@dataclass
class Material:
    """Everything that is written, and the guide's own sentences."""

    statements: dict[Name, str]
    titles: dict[int, str]
    said: dict[int, list[Said]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    def of(self, number: int) -> tuple[Name, ...]:
        """The statements of a question."""
        return tuple(name for name in self.statements if name[0] == number)


def read_material(guide: Guide, folder: Path = WRITTEN) -> Material:
    """All of it. Raises ValueError for a statement that the guide does not have."""
    statements = {
        (number, kind, one.index): one.text
        for number, question in guide.questions.items()
        for kind, made in ((POINT, key_points(question)), (CLAIM, wrong_claims(question)))
        for one in made
    }
    material = Material(statements, {n: q.title for n, q in guide.questions.items()})
    for line in (folder / "said.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = POINT if POINT in row else CLAIM
        name = (row["q"], kind, row[kind])
        if name not in statements:
            raise ValueError(f"said.jsonl: the guide has no {name}")
        missed = tuple(row["missed" if kind == POINT else "right"])
        material.said.setdefault(row["q"], []).append(Said(name, tuple(row["said"]), missed))
    material.answers = read_answers(folder / "answers.jsonl")
    return material


def read_answers(path: Path) -> list[Answer]:
    """Labelled answers; an answer's line names its question, points made, half made, and claims."""
    answers = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        points, half, wrong = (
            frozenset((row["q"], kind, index) for index in row[key])
            for key, kind in (("points", POINT), ("half", POINT), ("wrong", CLAIM))
        )
        sets = row.get("sets", False)
        answers.append(Answer(row["q"], row["answer"], points | wrong, half, sets))
    return answers


def compose(material: Material, number: int, dice: random.Random) -> list[Piece]:
    """Sentences in a chance order: said, missed, of another question, or about nothing."""
    pieces = []
    for _ in range(dice.choice((1, 2, 2, 3, 3, 4, 5, 6))):
        one = dice.choice(material.said[number])
        kind = dice.random()
        if kind < 0.62:
            pieces.append(Piece(dice.choice(one.said), made=one.name))
        elif kind < 0.84:
            pieces.append(Piece(dice.choice(one.missed), near=one.name))
        elif kind < 0.92:
            other = dice.choice(material.said[dice.choice(list(material.said))])
            pieces.append(Piece(dice.choice(other.said), made=other.name))
        elif kind < 0.95:
            pieces.append(Piece(material.titles[number]))
        else:
            words = " ".join(dice.choice(material.said[number]).said).split()
            dice.shuffle(words)
            pieces.append(Piece(" ".join(words[: dice.randint(5, 30)])))
    if dice.random() < 0.35:
        return [Piece(aloud(piece.text, dice), piece.made, piece.near) for piece in pieces]
    return pieces


def aloud(text: str, dice: random.Random) -> str:
    """A sentence as a speech recognizer writes it: no marks, no capitals, and what one says while
    one thinks."""
    words = re.sub(r"[^\w\s'’%-]", "", text.lower()).split()
    for _ in range(dice.randint(0, 2)):
        words.insert(dice.randint(0, len(words)), dice.choice(FILLERS))
    return " ".join(words)


def composed(material: Material, number: int, tokenizer: Any, dice: random.Random) -> Example:
    """A composed answer, asked about every statement of its question."""
    text, spans = "", []
    for piece in compose(material, number, dice):
        spans.append((len(text), len(text) + len(piece.text), piece))
        text += piece.text + " "
    laid = lay_answer(tokenizer, text, WHOLE)[0]
    names = material.of(number)
    made = tuple(float(any(piece.made == name for *_, piece in spans)) for name in names)
    marks = tuple(tuple(mark_of(place, spans, name) for place in laid.places) for name in names)
    return Example(laid, names, made, marks)


def composed_all(
    material: Material, count: int, tokenizer: Any, dice: random.Random
) -> list[Example]:
    """So many composed answers to each question."""
    return [
        composed(material, number, tokenizer, dice)
        for number in sorted(material.said)
        for _ in range(count)
    ]


def mark_of(place: tuple[int, int], spans: Sequence[tuple[int, int, Piece]], name: Name) -> int:
    """What is known of a wordpiece: a sentence made to come near one statement may well state
    another of the same question."""
    if place == (0, 0):
        return -1
    piece = next(piece for _, end, piece in spans if place[1] <= end)
    if piece.made == name:
        return 1
    return -1 if piece.near and piece.near != name and piece.near[0] == name[0] else 0


def labelled(material: Material, answer: Answer, tokenizer: Any) -> Example:
    """A whole answer, asked about every statement that people agree on."""
    names = tuple(name for name in material.of(answer.number) if name not in answer.unsure)
    laid = lay_answer(tokenizer, answer.text, WHOLE)[0]
    return Example(laid, names, tuple(float(name in answer.made) for name in names))
