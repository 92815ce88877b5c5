"""What was judged of written answers below turns of the training conversations.

`judged/*.jsonl`, one JSON object a line:

    {"conversation": "w2-002", "turn": 3,      a learner's turn, counted from 0
     "offers": ["and 96 layers?", …],          written answers, by what they were asked
     "worth": [3, 1, -1, …],                   what each is worth as the whole reply to the turn
     "verdict": "wrong"}                       of the turn, where it is a claim

`worth` is what a strict interviewer gives: 3 just what was asked, 2 in substance, 1 on the topic
and no answer, 0 about something else, -1 misleading. The offers are those that the standalone
wording comes nearest to, without the answer that was written for this very turn.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.conversations import Conversation
from training.examples import history_of
from tutor.engine.generate import Message

FOLDER = Path(__file__).parent / "judged"


@dataclass(frozen=True)
class Judged:
    """A turn in its conversation with what answers would be worth; `verdict` may be empty."""

    turn: str
    history: tuple[Message, ...]
    standalone: str
    offers: tuple[str, ...]
    worth: tuple[int, ...]
    verdict: str = ""


def read_judged(conversations: Sequence[Conversation], folder: Path = FOLDER) -> list[Judged]:
    """All that was judged. Raises KeyError for a conversation that is not there."""
    by_id = {conversation.id: conversation for conversation in conversations}
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            turns = by_id[row["conversation"]].turns
            turn = turns[row["turn"]]
            found.append(
                Judged(
                    turn.learner,
                    history_of(turns[: row["turn"]]),
                    turn.standalone,
                    tuple(row["offers"]),
                    tuple(row["worth"]),
                    row.get("verdict", ""),
                )
            )
    return found
