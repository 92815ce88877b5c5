"""Reads a turn and a written answer together: is it answered, is it misled, is a claim right?

Near is not the same: "more heads need more weights" and "more heads need no more weights" lie side
by side for every vector search. A cross-encoder sees both texts at once and was trained on what
judges said of some thousands of such pairs (`training/judged`), and on claims with their verdicts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tutor.choose.layout import lay_pair, lay_turn
from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.turn.reader import BertWordpieces

if TYPE_CHECKING:
    from torch import Tensor

NAME = "pairs"


@dataclass(frozen=True)
class Opinion:
    """What is thought of a written answer below a turn.

    `answers` is a logit, `misleads` a probability. Of the turn taken as a claim: `decides` is the
    probability that this answer says whether it is so, and `verdict` are those, in the order of
    VERDICTS, that it is right, wrong or half right if it does.
    """

    answers: float
    misleads: float
    decides: float
    verdict: tuple[float, ...]


class PairReader(Protocol):
    """Anything that reads pairs."""

    def read(self, turn: str, history: Sequence[Message], chunks: Sequence[Chunk]) -> list[Opinion]:
        """An opinion on each of the written answers `chunks`."""
        ...


class TrainedPairReader:
    """MiniLM with the trained adapter, on the CPU. Read-only: shared by all visitors."""

    def __init__(self, folder: Path, digest: str, adapter: Path | None = None):
        """`folder` holds MiniLM, whose weights have the SHA-256 `digest`; `adapter` is a folder.

        Raises ModelError if the adapter belongs to another base.
        """
        from tutor.choose.network import PairNetwork
        from tutor.engine.adapted import load_into, read_manifest

        place = adapter or Path(str(files("tutor.choose"))) / "adapter"
        self.manifest: dict[str, Any] = read_manifest(place, NAME, digest)
        settings = self.manifest["settings"]
        network = PairNetwork(folder, settings["rank"], settings["alpha"])
        load_into(network, place, NAME)
        self._network = network
        self._wordpieces = BertWordpieces(folder)

    def read(self, turn: str, history: Sequence[Message], chunks: Sequence[Chunk]) -> list[Opinion]:
        """An opinion on each of the written answers `chunks`."""
        import torch

        from tutor.engine.adapted import padded

        if not chunks:
            return []
        first = lay_turn(self._wordpieces, turn, history)
        laid = [lay_pair(self._wordpieces, first, c.questions[0], c.text) for c in chunks]
        with torch.inference_mode():
            return opinions_of(*self._network(*padded([(one.ids, one.types) for one in laid])))


def opinions_of(answers: "Tensor", misleads: "Tensor", said: "Tensor") -> list[Opinion]:
    """The network's logits, (pair,), (pair,) and (pair, 4), as opinions."""
    return [
        Opinion(logit, away, 1 - shares[-1], tuple(verdict))
        for logit, away, shares, verdict in zip(
            answers.tolist(),
            misleads.sigmoid().tolist(),
            said.softmax(-1).tolist(),
            said[:, :-1].softmax(-1).tolist(),
            strict=True,
        )
    ]
