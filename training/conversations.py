"""Conversations with the tutor, written for it: read, and checked against the guide.

One JSON object a line, one line a conversation:

    {"id": "w2-002", "persona": "deep learning engineer", "turns": [
      {"learner": "and 96?",                what the person typed
       "kinds": ["compute"],                what the turn is, the main kind first
       "passages": [[43, "Worked example"], [43, "How it works"]],   what answers it, best first:
                                            guide question, and section, follow-up or wrong claim
       "standalone": "With 96 sublayers …", the turn as it would read on its own
       "tutor": "97 without scaling …"},    the reply one would want
    ]}

`conversations/train` trains the reader, `fit` sets the weights of the search, `test` only measures;
no author wrote for two of them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.guide.read import Guide
from tutor.turn.kinds import ASKING, LEFT_OUT, Kind

FOLDER = Path(__file__).parent / "conversations"
TRAIN, FIT, TEST = FOLDER / "train", FOLDER / "fit", FOLDER / "test"
LONGEST_REPLY = 140  # words
TURNS = range(3, 16)

Place = tuple[int, str]  # guide question, heading


@dataclass(frozen=True)
class Turn:
    """A learner's turn with its labels, and the reply to it."""

    learner: str
    kinds: tuple[Kind, ...]
    passages: tuple[Place, ...]
    standalone: str
    tutor: str


@dataclass(frozen=True)
class Conversation:
    """One person's conversation; `author` is the file that it stands in."""

    id: str
    author: str
    persona: str
    turns: tuple[Turn, ...]


def read_conversations(folder: Path) -> list[Conversation]:
    """All conversations of a folder's files. Raises ValueError with file and line for a bad one."""
    return [c for path in sorted(folder.glob("*.jsonl")) for c in read_file(path)]


def read_file(path: Path) -> Iterator[Conversation]:
    """The conversations of one file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            yield Conversation(
                row["id"],
                path.stem,
                row["persona"],
                tuple(read_turn(turn) for turn in row["turns"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name}:{number}: not a conversation ({error!r})") from error


def read_turn(row: dict[str, object]) -> Turn:
    """One turn from its JSON object."""
    kinds, passages = row["kinds"], row["passages"]
    if not isinstance(kinds, list) or not isinstance(passages, list):
        raise TypeError("kinds and passages are lists")
    return Turn(
        str(row["learner"]),
        tuple(Kind(kind) for kind in kinds),
        tuple((int(number), str(heading)) for number, heading in passages),
        str(row["standalone"]),
        str(row["tutor"]),
    )


def headings(guide: Guide) -> set[Place]:
    """Every passage that a label may name."""
    return {(q.number, heading) for q in guide.questions.values() for heading in q.headings}


def faults(conversations: Sequence[Conversation], guide: Guide) -> Iterator[str]:
    """What is wrong with the conversations' form, a line each."""
    known, seen = headings(guide), set[str]()
    for conversation in conversations:
        if conversation.id in seen:
            yield f"{conversation.id}: the id is used twice"
        seen.add(conversation.id)
        if len(conversation.turns) not in TURNS:
            yield f"{conversation.id}: {len(conversation.turns)} turns"
        for place, turn in enumerate(conversation.turns, 1):
            for fault in turn_faults(turn, known):
                yield f"{conversation.id}, turn {place}: {fault}"


def turn_faults(turn: Turn, known: set[Place]) -> Iterator[str]:
    """What is wrong with one turn's form."""
    if not turn.learner.strip() or not turn.tutor.strip() or not turn.kinds:
        yield "a part is empty"
    for passage in turn.passages:
        if passage not in known:
            yield f"the guide has no passage {passage}"
    kinds = set(turn.kinds)
    if kinds & LEFT_OUT and turn.passages:
        yield "what the guide leaves out has passages"
    if kinds & ASKING and not turn.passages:
        yield "no passage answers it"
    if len(turn.tutor.split()) > LONGEST_REPLY:
        yield "the reply is too long"
