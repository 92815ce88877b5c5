"""Finds which sentences of the guide an answer states, and in which of its own words.

MiniLM with an adapter trained on how people say the guide's key points and wrong claims, and on how
they come near them without making them (`training/grader.py`). It compares every wordpiece of the
answer with every sentence, and marks those that state it. No language model has a say in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tutor.practice.statements import Statement
from tutor.turn.layout import CLS, SEP, open_tokenizer

if TYPE_CHECKING:
    from torch import Tensor

NAME = "grader"
SENTENCE = 72  # wordpieces of a sentence of the guide
# Wordpieces of an answer. One that does not fit into PART is read in parts that overlap: nearly all
# it was trained on are no longer, and longer ones were marked where their parts were not.
WHOLE, PART, OVERLAP = 400, 160, 50
QUESTIONS = 50  # of which the guide's sentences are kept as read
GAP = 4  # wordpieces: what is between two marked ones belongs to the quotation


@dataclass(frozen=True)
class Evidence:
    """How probable it is that an answer states a sentence (0 to 1), and the words that do."""

    probability: float
    words: str = ""


class Grader(Protocol):
    """Anything that finds statements in an answer."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Probabilities from which a "point" counts as made and a "claim" as stated."""
        ...

    def find(self, statements: Sequence[Statement], answer: str) -> list[Evidence]:
        """What the answer has of each of the statements, in their order."""
        ...


@dataclass(frozen=True)
class Laid:
    """A text as wordpieces between [CLS] and [SEP], all of one segment, with the place of each in
    the text: (0, 0) for the two."""

    ids: list[int]
    types: list[int]
    places: list[tuple[int, int]]

    @property
    def own(self) -> list[int]:
        """1 for the text's own wordpieces."""
        return [0, *[1] * (len(self.ids) - 2), 0]


def lay_sentence(tokenizer: Any, text: str) -> Laid:
    """A sentence of the guide. `tokenizer` is a tokenizers.Tokenizer."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids[:SENTENCE]
    return Laid([CLS, *ids, SEP], [1] * (len(ids) + 2), [])


def lay_answer(tokenizer: Any, text: str, room: int = PART) -> list[Laid]:
    """An answer in parts of at most `room` wordpieces that overlap; most answers are one."""
    said = tokenizer.encode(text, add_special_tokens=False)
    parts = []
    for start in range(0, max(1, len(said.ids) - OVERLAP), room - OVERLAP):
        ids = [CLS, *said.ids[start : start + room], SEP]
        places = [(0, 0), *said.offsets[start : start + room], (0, 0)]
        parts.append(Laid(ids, [0] * len(ids), places))
    return parts


class TrainedGrader:
    """MiniLM with the trained adapter, on the CPU. Read-only: shared by all visitors."""

    def __init__(self, folder: Path, digest: str, adapter: Path | None = None):
        """`folder` holds MiniLM, whose weights have the SHA-256 `digest`; `adapter` is a folder.

        Raises ModelError if the adapter belongs to another base.
        """
        from tutor.engine.adapted import load_into, read_manifest
        from tutor.practice.network import GraderNetwork

        place = adapter or Path(str(files("tutor.practice"))) / "adapter"
        manifest = read_manifest(place, NAME, digest)
        self.thresholds: Mapping[str, float] = manifest["thresholds"]
        settings = manifest["settings"]
        self._tokenizer = open_tokenizer(folder)
        self._network = GraderNetwork(folder, settings["rank"], settings["alpha"])
        load_into(self._network, place, NAME)
        # Most of the work, and the same for every answer to a question.
        self._wholes = lru_cache(maxsize=QUESTIONS)(self._read_statements)

    def _read_statements(self, texts: tuple[str, ...]) -> "Tensor":
        """The means of the states of the guide's sentences (sentence, hidden)."""
        from tutor.engine.adapted import padded

        laid = [lay_sentence(self._tokenizer, text) for text in texts]
        return self._network.wholes(*padded([(one.ids, one.types) for one in laid]))

    def find(self, statements: Sequence[Statement], answer: str) -> list[Evidence]:
        """What the answer has of each of the statements."""
        import torch

        from tutor.engine.adapted import padded

        best = [Evidence(0.0)] * len(statements)
        if not statements or not answer.strip():
            return best
        with torch.inference_mode():
            wholes = self._wholes(tuple(one.text for one in statements))
            for part in lay_answer(self._tokenizer, answer):
                (states,) = self._network.states(*padded([(part.ids, part.types)]))
                marks, made = self._network.compare(states, torch.tensor(part.own), wholes)
                for place, probability in enumerate(made.sigmoid().tolist()):
                    if probability > best[place].probability:
                        words = quoted(answer, part.places, marks[place].sigmoid().tolist())
                        best[place] = Evidence(probability, words)
        return best


def quoted(answer: str, places: Sequence[tuple[int, int]], marks: Sequence[float]) -> str:
    """The stretch of an answer around its most marked wordpiece, in whole words.

    >>> quoted("so it is cheap, yes", [(0, 2), (3, 5), (6, 8), (9, 14)], [0.0, 0.6, 0.7, 0.9])
    'it is cheap'
    """
    marks = marks[: len(places)]
    peak = max(range(len(marks)), key=lambda place: marks[place])
    first = last = peak
    while any(mark > 0.5 for mark in marks[max(0, first - GAP) : first]):
        first = next(p for p in range(first - 1, -1, -1) if marks[p] > 0.5)
    while any(mark > 0.5 for mark in marks[last + 1 : last + 1 + GAP]):
        last = next(p for p in range(last + 1, len(marks)) if marks[p] > 0.5)
    start, end = places[first][0], places[last][1]
    while start and not answer[start - 1].isspace():
        start -= 1
    while end < len(answer) and not answer[end].isspace():
        end += 1
    return answer[start:end].strip(" ,;:.")
