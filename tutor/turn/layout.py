"""A turn with the conversation before it, as the wordpieces that the reader reads.

    [CLS] the turn [SEP] the last reply [SEP] the learner's turn before [SEP] … older turns [SEP]
    \\___ type 0 ____/\\___________________________ type 1 ______________________________/

The newest comes first and gets the most room, so that what is cut off is old. A BERT's two segment
types (Devlin et al. 2019, arXiv:1810.04805, section 3) tell the turn from what it stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tutor.engine.generate import Message

TURN = 64  # wordpieces of the turn: the beginning and the end of a longer one
REPLY = 36  # of the last reply: it may end with a question of the tutor's
BEFORE = (28, 16, 10)  # of the learner's turns before, the latest first

CLS, SEP = 101, 102  # in the vocabulary of every uncased BERT


def open_tokenizer(folder: Path) -> Any:
    """The tokenizers.Tokenizer of a folder with tokenizer.json, which neither cuts nor pads."""
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class Wordpieces(Protocol):
    """What is needed of a tokenizer."""

    def pieces(self, text: str) -> list[int]:
        """The ids of a text's wordpieces, without special tokens."""
        ...


@dataclass(frozen=True)
class Laid:
    """Wordpieces and their segment types, of the same length; at most 160."""

    ids: tuple[int, ...]
    types: tuple[int, ...]


def lay_out(wordpieces: Wordpieces, turn: str, history: Sequence[Message] = ()) -> Laid:
    """The turn and the history before it, oldest first, laid out."""
    own = [CLS, *ends(wordpieces.pieces(turn), TURN), SEP]
    context: list[int] = []
    replies = [m.content for m in history if m.role == "assistant"]
    turns = [m.content for m in history if m.role == "user"]
    if replies:
        context += [*ends(wordpieces.pieces(replies[-1]), REPLY), SEP]
    for room, text in zip(BEFORE, reversed(turns), strict=False):
        context += [*ends(wordpieces.pieces(text), room), SEP]
    return Laid((*own, *context), (0,) * len(own) + (1,) * len(context))


def ends(ids: list[int], room: int) -> list[int]:
    """At most `room` of the ids: two thirds of them from the beginning, the rest from the end.

    >>> ends([1, 2, 3, 4, 5, 6], 3)
    [1, 2, 6]
    """
    if len(ids) <= room:
        return ids
    tail = room // 3
    return ids[: room - tail] + ids[len(ids) - tail :]
