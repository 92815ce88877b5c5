"""Reads a turn in its conversation: what it is, which guide question it is about, where it points.

A small network that has read some thousands of conversations about this guide (`training/`), in
place of word lists. Its adapter lies beside this file with a manifest, and is refused where the
embedder it was trained on is another one. A reader knows nothing of the index: it gives a vector
that lands near what answers, and others search with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tutor.engine.embed import Embedder, Vector
from tutor.engine.generate import Message
from tutor.turn.kinds import KINDS, Kind
from tutor.turn.layout import lay_out, open_tokenizer

NAME = "reader"


@dataclass(frozen=True)
class Reading:
    """What a reader makes of a turn.

    `kinds` are probabilities of each kind by itself, `topics` those of the guide questions, which
    add up to 1 (what the turn is about if the guide has it at all), `vector` is of length 1.
    """

    kinds: Mapping[Kind, float]
    topics: Mapping[int, float]
    vector: Vector

    @property
    def kind(self) -> Kind:
        """The most probable kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind])


class Reader(Protocol):
    """Anything that reads turns."""

    def read(self, turn: str, history: Sequence[Message] = ()) -> Reading:
        """The turn, after the messages of `history`, oldest first."""
        ...


class BertWordpieces:
    """MiniLM's tokenizer, without special tokens."""

    def __init__(self, folder: Path):
        """`folder` holds tokenizer.json."""
        self._tokenizer = open_tokenizer(folder)

    def pieces(self, text: str) -> list[int]:
        """The ids of a text's wordpieces."""
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found


class TrainedReader:
    """MiniLM with the trained adapter, on the CPU. Read-only: shared by all visitors."""

    def __init__(self, folder: Path, digest: str, adapter: Path | None = None):
        """`folder` holds MiniLM, whose weights have the SHA-256 `digest`; `adapter` is a folder.

        Raises ModelError if the adapter belongs to another base.
        """
        from tutor.engine.adapted import load_into, read_manifest
        from tutor.turn.network import Network

        place = adapter or Path(str(files("tutor.turn"))) / "adapter"
        manifest = read_manifest(place, NAME, digest)
        self.manifest: dict[str, Any] = manifest
        self._numbers = tuple(manifest["questions"])
        self._kinds = tuple(Kind(kind) for kind in manifest["kinds"])
        self._wordpieces = BertWordpieces(folder)
        settings = manifest["settings"]
        network = Network(
            folder, len(self._numbers), len(self._kinds), settings["rank"], settings["alpha"]
        )
        load_into(network, place, NAME)
        self._network = network

    def read(self, turn: str, history: Sequence[Message] = ()) -> Reading:
        """The turn in its conversation."""
        import torch

        from tutor.turn.network import batch_of

        with torch.inference_mode():
            vectors, topics, kinds = self._network(
                *batch_of([lay_out(self._wordpieces, turn, history)])
            )
        return Reading(
            dict(zip(self._kinds, kinds[0].sigmoid().tolist(), strict=True)),
            dict(zip(self._numbers, topics[0].softmax(-1).tolist(), strict=True)),
            np.asarray(vectors[0].numpy(), dtype=np.float32),
        )


class PlainReader:
    """Takes every turn for a question on its own words and the learner's turn before, unless one of
    `kinds` says what it is: for tests, and for guides that no reader was trained on.

    >>> from tutor.engine.embed import HashingEmbedder
    >>> PlainReader(HashingEmbedder(), {"hello": Kind.HELLO}).read("Oh, hello!").kind
    <Kind.HELLO: 'hello'>
    """

    def __init__(self, embedder: Embedder, kinds: Mapping[str, Kind] | None = None):
        """`kinds` maps words, in lower case, to what a turn is that holds them."""
        self._embedder = embedder
        self._kinds = kinds or {}

    def read(self, turn: str, history: Sequence[Message] = ()) -> Reading:
        """The turn: a question, or what its words say."""
        found = {kind for word, kind in self._kinds.items() if word in turn.lower()}
        kinds = {kind: float(kind in (found or {Kind.QUESTION})) for kind in KINDS}
        before = [message.content for message in history if message.role == "user"][-1:]
        (vector,) = self._embedder.embed([" ".join([*before, turn])])
        return Reading(kinds, {}, vector)
