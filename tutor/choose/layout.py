"""A turn and a written answer as the wordpieces that the pair reader reads together.

[CLS] the turn [SEP] the last reply [SEP] the turn before [SEP] its question [SEP] answer [SEP]
\\________________________ type 0 ________________________/\\____________ type 1 ____________/
"""

from collections.abc import Sequence

from tutor.engine.generate import Message
from tutor.turn.layout import CLS, SEP, Laid, Wordpieces, ends

TURN = 56  # wordpieces of the turn: the beginning and the end of a longer one
REPLY = 20  # of the last reply
BEFORE = 18  # of the learner's turn before
QUESTION = 32  # of what the answer was written for
ANSWER = 64


def lay_turn(wordpieces: Wordpieces, turn: str, history: Sequence[Message] = ()) -> list[int]:
    """The first half of every pair of a turn: what is typed and what it stands in."""
    replies = [m.content for m in history if m.role == "assistant"][-1:]
    before = [m.content for m in history if m.role == "user"][-1:]
    ids = [CLS, *ends(wordpieces.pieces(turn), TURN), SEP]
    for texts, room in ((replies, REPLY), (before, BEFORE)):
        for text in texts:
            ids += [*ends(wordpieces.pieces(text), room), SEP]
    return ids


def lay_pair(wordpieces: Wordpieces, turn: Sequence[int], question: str, answer: str) -> Laid:
    """A turn from `lay_turn` with one written answer; at most 196 wordpieces."""
    asked = ends(wordpieces.pieces(question), QUESTION)
    own = [*asked, SEP, *ends(wordpieces.pieces(answer), ANSWER), SEP]
    return Laid((*turn, *own), (0,) * len(turn) + (1,) * len(own))
