"""Reads which calculation a turn wants and which argument each of its numbers is.

MiniLM with an adapter trained on written turns (`training/tagger.py`). It names a call of the table
and a slot for every span; whether the arguments are possible is decided by `tutor.calls.fill`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from tutor.calls.quantity import Span, spans
from tutor.calls.slots import Impossible, read_value
from tutor.calls.table import CALLS
from tutor.turn.layout import CLS, SEP, open_tokenizer

NAME = "tagger"
FIRST = 4  # arguments of a span that are looked at, the most probable first
NONE = "none"
# Wordpieces of the turn, of the learner's turn before, of the reply to that.
TURN, BEFORE, REPLY = 120, 64, 40


@dataclass(frozen=True)
class Tagged:
    """A turn with what was made of it: probabilities of the calls, and for each span of the turn
    and of the two texts before it the slot that it is, with its probability."""

    calls: Mapping[str, float]
    turn: tuple[tuple[Span, str, float], ...]
    before: tuple[tuple[Span, str, float], ...] = ()

    @property
    def call(self) -> str:
        """The most probable call, perhaps NONE."""
        return max(self.calls, key=lambda name: self.calls[name])


class Tagger(Protocol):
    """Anything that tags turns."""

    def tag(self, turns: Sequence[tuple[str, str, str]], call: str | None = None) -> list[Tagged]:
        """Each of the turns, given as (turn, learner's turn before, reply to that).

        With a `call`, every span is one of the arguments that it takes, or none.
        """
        ...


@dataclass(frozen=True)
class LaidSpans:
    """Ids and segments of a turn, and its spans: (field, span, first piece, last + 1)."""

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, Span, int, int]]


def lay_spans(tokenizer: Any, turn: str, before: str, reply: str) -> LaidSpans:
    """The turn first, then what stood before it, each as a segment; spans that were cut are left
    out. `tokenizer` is a tokenizers.Tokenizer."""
    laid = LaidSpans([CLS], [0], [])
    for field, (text, room) in enumerate(((turn, TURN), (before, BEFORE), (reply, REPLY))):
        if field and not text:
            continue
        encoded = tokenizer.encode(text, add_special_tokens=False)
        start = len(laid.ids)
        for span in spans(text):
            inside = [
                place
                for place, (first, last) in enumerate(encoded.offsets[:room])
                if first < span.end and last > span.start
            ]
            if inside:
                laid.spans.append((field, span, start + inside[0], start + inside[-1] + 1))
        pieces = encoded.ids[:room]
        laid.ids.extend([*pieces, SEP])
        laid.types.extend([min(field, 1)] * (len(pieces) + 1))
    return laid


class TrainedTagger:
    """MiniLM with the trained adapter, on the CPU. Read-only: shared by all visitors."""

    def __init__(self, folder: Path, digest: str, adapter: Path | None = None):
        """`folder` holds MiniLM, whose weights have the SHA-256 `digest`; `adapter` is a folder.

        Raises ModelError if the adapter belongs to another base.
        """
        from tutor.calls.network import TaggerNetwork
        from tutor.engine.adapted import load_into, read_manifest

        place = adapter or Path(str(files("tutor.calls"))) / "adapter"
        self.manifest = read_manifest(place, NAME, digest)
        self._calls: list[str] = self.manifest["calls"]
        self._slots: list[str] = self.manifest["slots"]
        settings = self.manifest["settings"]
        self._network = TaggerNetwork(
            folder, len(self._calls), len(self._slots), settings["rank"], settings["alpha"]
        )
        load_into(self._network, place, NAME)
        self._tokenizer = open_tokenizer(folder)

    def cut(self, text: str) -> list[str]:
        """The text's wordpieces, as MiniLM's tokenizer writes them."""
        pieces: list[str] = self._tokenizer.encode(text, add_special_tokens=False).tokens
        return pieces

    def tag(self, turns: Sequence[tuple[str, str, str]], call: str | None = None) -> list[Tagged]:
        """Each of the turns, given as (turn, learner's turn before, reply to that).

        With a `call`, every span is one of the arguments that it takes, or none.
        """
        import torch

        from tutor.engine.adapted import padded

        laid = [lay_spans(self._tokenizer, *turn) for turn in turns]
        places = [
            (row, first, last) for row, one in enumerate(laid) for _, _, first, last in one.spans
        ]
        with torch.inference_mode():
            calls, slots = self._network(*padded([(one.ids, one.types) for one in laid]), places)
            takes = {NONE, *(CALLS[call].takes if call else self._slots)}
            others = torch.tensor([slot not in takes for slot in self._slots])
            chances, order = slots.masked_fill(others, -torch.inf).softmax(-1).topk(FIRST)
        named = iter(zip(order.tolist(), chances.tolist(), strict=True))
        found = []
        for row, one in enumerate(laid):
            sides: tuple[list[Any], list[Any]] = ([], [])
            for field, span, _, _ in one.spans:
                best, likely = next(named)
                slot, chance = first_readable(span.text, [self._slots[b] for b in best], likely)
                sides[field > 0].append((span, slot, chance))
            wants = dict(zip(self._calls, calls[row].softmax(-1).tolist(), strict=True))
            found.append(Tagged(wants, tuple(sides[0]), tuple(sides[1])))
        return found


def first_readable(text: str, slots: Sequence[str], chances: Sequence[float]) -> tuple[str, float]:
    """The most probable argument that a span can be read as, and how probable it is among those
    that are left when what it cannot be is taken out; the first if it can be none of them.

    >>> first_readable("q and v", ["rows", "matrices"], [0.5, 0.25])
    ('matrices', 0.5)
    """
    left = 1.0
    for slot, chance in zip(slots, chances, strict=True):
        if slot == NONE or readable(slot, text):
            return slot, chance / left
        left -= chance
    return slots[0], chances[0]


def readable(slot: str, text: str) -> bool:
    """Whether an argument can be read from a text, be it out of its bounds."""
    try:
        read_value(slot, text)
    except Impossible:
        return True
    except ValueError:
        return False
    return True
