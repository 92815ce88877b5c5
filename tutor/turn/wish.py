"""Reads what a turn wishes of the form of an answer, and of which answer.

"Shorter", "like I'm five" are wishes about the answer just given; "dropout in one line" names its
own matter, and "sum up what we said" is about the whole talk. The turn alone says which, so a small
reader of its own, trained on a few hundred of them (`training/wishes.py`), reads it by itself.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from tutor.turn.kinds import Kind
from tutor.turn.layout import lay_out
from tutor.turn.reader import BertWordpieces

NAME = "wish"
SURE = 0.6  # probability from which a wish is followed, whatever else the turn was taken for


class Form(StrEnum):
    """The form of an answer that is wished for."""

    SHORTER = "shorter"
    SPOKEN = "spoken"
    SIMPLER = "simpler"
    EXAMPLE = "example"
    LONGER = "longer"
    POINTS = "points"
    TABLE = "table"
    CARDS = "cards"
    NONE = "none"


class About(StrEnum):
    """What a wish is about: the last answer, what it names itself, or the whole talk."""

    LAST = "last"
    NAMED = "named"
    TALK = "talk"
    NONE = "none"


# What a form is among the kinds of turn; a table or cards of one answer are its points.
KIND_OF = {
    Form.SHORTER: Kind.SHORTER,
    Form.SPOKEN: Kind.INTERVIEW,
    Form.SIMPLER: Kind.SIMPLER,
    Form.EXAMPLE: Kind.EXAMPLE,
    Form.LONGER: Kind.LONGER,
    Form.POINTS: Kind.POINTS,
    Form.TABLE: Kind.POINTS,
    Form.CARDS: Kind.POINTS,
}


@dataclass(frozen=True)
class Wish:
    """A form and what it is wished of."""

    form: Form
    about: About


COUNTS = "two three four five six seven eight nine".split()  # "one" may be "that one"
# A number of its own: not that of "GPT-4", "4-bit" or "0.9".
COUNT = re.compile(rf"(?<![-.\w])(?:[1-9]|{'|'.join(COUNTS)})(?![-\w%]|\.\d)", re.IGNORECASE)


def parts_wished(turn: str) -> int | None:
    """How many points a wish for points wants at most, if it names one small number.

    >>> parts_wished("Bullets. Max 4."), parts_wished("as three bullets"), parts_wished("a list")
    (4, 3, None)
    """
    named = {found.lower() for found in COUNT.findall(turn)}
    if len(named) != 1:
        return None
    word = named.pop()
    return int(word) if word.isdigit() else COUNTS.index(word) + 2


class WishReader(Protocol):
    """Reads a turn's wish."""

    def read(self, turn: str) -> Wish | None:
        """The wish; None if the turn has none for certain."""
        ...


class TrainedWishReader:
    """MiniLM with the trained adapter, on the CPU. Read-only: shared by all visitors."""

    def __init__(self, folder: Path, digest: str, adapter: Path | None = None):
        """`folder` holds MiniLM, whose weights have the SHA-256 `digest`; `adapter` is a folder.

        Raises ModelError if the adapter belongs to another base.
        """
        from tutor.engine.adapted import load_into, read_manifest
        from tutor.turn.network import WishNetwork

        place = adapter or Path(str(files("tutor.turn"))) / "adapter"
        self.manifest: dict[str, Any] = read_manifest(place, NAME, digest)
        self._wordpieces = BertWordpieces(folder)
        settings = self.manifest["settings"]
        self._network = WishNetwork(
            folder, len(Form), len(About), settings["rank"], settings["alpha"]
        )
        load_into(self._network, place, NAME)

    def read(self, turn: str) -> Wish | None:
        """The wish; None if the turn has none for certain."""
        import torch

        from tutor.turn.network import batch_of

        with torch.inference_mode():
            heads = self._network(*batch_of([lay_out(self._wordpieces, turn)]))
        (sure, form), (as_sure, about) = (head[0].softmax(-1).max(-1) for head in heads)
        found = Wish(tuple(Form)[int(form)], tuple(About)[int(about)])
        if found.form is Form.NONE or found.about is About.NONE:
            return None
        return found if min(float(sure), float(as_sure)) >= SURE else None
