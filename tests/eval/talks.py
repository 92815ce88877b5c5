"""Conversations held with the tutor, to be read and judged:   python -m tests.eval.talks

`talks.jsonl` has what learners typed, by authors who have seen the 50 titles and nothing else: each
turn with what was meant, its kind, and what a right reply holds. Patterns cannot tell whether a
person was answered, so somebody reads:

    python -m tests.eval.talks --part a --out replies.json     the tutor's replies, turn by turn
    … one line a turn is written by whoever reads them, by the rubric in README.md …
    python -m tests.eval.talks --judged judgments.jsonl        the shares, by kind and by miss

Replies are those without the language model's part, unless --model names one.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.eval.sets import FOLDER
from tutor.engine.generate import Message
from tutor.errors import TutorError
from tutor.reply.tutor import Tutor
from tutor.settings import read_settings
from tutor.start import NO_MODEL, open_tutor

FILE = FOLDER / "talks.jsonl"
# Why a turn was not answered, as the rubric names it.
MISSES = frozenset(
    "topic neighbour general verdict number code context half refused form talk other".split()
)


@dataclass(frozen=True)
class Turn:
    """What a learner typed, what it meant, its kind, and what a right reply holds."""

    learner: str
    meant: str
    kind: str
    right: str


@dataclass(frozen=True)
class Talk:
    """One person's turns."""

    id: str
    persona: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Judgment:
    """What a reader says of one reply: whether it answers what was asked, whether it says something
    false, how much one would want it (0 to 2), and why it misses."""

    id: str
    turn: int
    asked: bool
    false: bool
    want: int
    miss: str


def read_talks(part: str = "") -> list[Talk]:
    """The conversations whose id begins with `part`."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        Talk(row["id"], row["persona"], tuple(Turn(**turn) for turn in row["turns"]))
        for row in rows
        if row["id"].startswith(part)
    ]


def hold(tutor: Tutor, talk: Talk) -> Iterator[dict[str, Any]]:
    """One row a turn: what was typed and meant, what a right reply holds, and the reply."""
    history: list[Message] = []
    for place, turn in enumerate(talk.turns):
        try:
            *_, reply = tutor.reply(turn.learner, history)
            text = reply.text
        except TutorError as error:
            text = f"({error})"
        yield {
            "id": talk.id,
            "turn": place,
            "learner": turn.learner,
            "meant": turn.meant,
            "kind": turn.kind,
            "right": turn.right,
            "reply": text,
        }
        history += [Message("user", turn.learner), Message("assistant", text)]


def read_judgments(path: Path) -> list[Judgment]:
    """What a reader wrote. Raises ValueError with the line for one that is not of the rubric."""
    found = []
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        one = Judgment(
            row["id"],
            int(row["turn"]),
            bool(row["asked"]),
            bool(row["false"]),
            int(row["want"]),
            row.get("miss") or "",
        )
        if one.want not in (0, 1, 2) or (not one.asked and one.miss not in MISSES):
            raise ValueError(f"{path.name}:{place}: not a judgment of the rubric")
        found.append(one)
    return found


def figures_of(judgments: Sequence[Judgment], talks: Sequence[Talk]) -> dict[str, Any]:
    """The shares answered and false over all, answered by kind, and the misses counted."""
    kinds = {(talk.id, place): turn.kind for talk in talks for place, turn in enumerate(talk.turns)}
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for one in judgments:
        by_kind[kinds[one.id, one.turn]].append(one.asked)
    count = len(judgments)
    return {
        "turns": count,
        "asked": round(sum(one.asked for one in judgments) / count, 3),
        "false": round(sum(one.false for one in judgments) / count, 3),
        "want": round(sum(one.want for one in judgments) / count, 2),
        "by kind": {kind: f"{sum(hits)} of {len(hits)}" for kind, hits in sorted(by_kind.items())},
        "misses": dict(Counter(one.miss for one in judgments if not one.asked).most_common()),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Hold the conversations, or sum up what was judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.talks")
    parser.add_argument("--part", default="", help="ids that begin with this, all by default")
    parser.add_argument("--model", default=NO_MODEL, help="a language model; none by default")
    parser.add_argument("--out", type=Path, help="where the replies go, as a JSON list")
    parser.add_argument("--judged", type=Path, help="judgments to sum up, a JSON object a line")
    options = parser.parse_args(argv)
    talks = read_talks(options.part)
    if options.judged:
        print(json.dumps(figures_of(read_judgments(options.judged), talks), indent=1))
        return
    library, engine, tutor = open_tutor(read_settings(model=options.model), lambda *_: None)
    rows = [row for talk in talks for row in hold(tutor, talk)]
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    library.index.close()
    if engine:
        engine.close()


if __name__ == "__main__":
    main()
