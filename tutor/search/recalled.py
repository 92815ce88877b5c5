"""The vectors of the corpus, computed before and kept beside its texts: `vectors.npz` in the folder
of each category (`python -m training.vectors`).

Embedding some 30,000 texts takes two cores without 16-bit arithmetic several minutes, and nobody
wants to wait that long for a first answer. A text is found by its hash, so what was changed
since is simply embedded. A vector is kept in 8 bits, a quarter of the room, its largest part at
127: it has length 1, so nothing else is needed to read it. Its cosine to the one in 32 bits is
0.9999 or more.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tutor.engine.embed import Embedder, Vectors

FILE = "vectors.npz"
LARGEST = 127  # of a signed byte


@dataclass(frozen=True)
class Kept:
    """Vectors in 8 bits: `keys` (text,) of their texts, `rows` (text, 384)."""

    keys: NDArray[np.uint64]
    rows: NDArray[np.int8]


def key_of(text: str) -> int:
    """64 bits of a text's hash."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def packed(texts: Sequence[str], vectors: Vectors) -> Kept:
    """Unit vectors (text, dimension) in 8 bits, sorted by key."""
    keys = np.array([key_of(text) for text in texts], dtype=np.uint64)
    order = np.argsort(keys)
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    rows = np.round(vectors / largest * LARGEST).astype(np.int8)
    return Kept(keys[order], rows[order])


def write_kept(path: Path, name: str, kept: Kept) -> None:
    """Write beside, then move; `name` is the embedder's."""
    beside = path.with_name(f"{path.stem}.new.npz")
    np.savez(beside, embedder=name, keys=kept.keys, rows=kept.rows)
    beside.replace(path)


def read_kept(corpus: Path, name: str) -> list[Kept]:
    """All that is kept of an embedder's vectors; a file that cannot be read counts for nothing."""
    found = []
    for path in sorted(corpus.glob(f"*/{FILE}")):
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                if str(data["embedder"]) == name:
                    found.append(Kept(data["keys"], data["rows"]))
        except (OSError, ValueError, KeyError, BadZipFile):
            continue
    return found


class Recalling:
    """An embedder that recalls what is kept and embeds the rest."""

    def __init__(self, embedder: Embedder, corpus: Path):
        """`corpus` is the guide's folder, read when a text is first embedded."""
        self.name, self.window = embedder.name, embedder.window
        self._embedder = embedder
        self._corpus = corpus
        self._kept: list[Kept] | None = None
        self._places: dict[int, tuple[int, int]] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension)."""
        if self._kept is None:
            self._kept = read_kept(self._corpus, self.name)
            self._places = {
                int(key): (file, row)
                for file, kept in enumerate(self._kept)
                for row, key in enumerate(kept.keys)
            }
        places = [self._places.get(key_of(text)) for text in texts]
        fresh = [text for text, place in zip(texts, places, strict=True) if place is None]
        embedded = iter(self._embedder.embed(fresh) if fresh else ())
        rows = [next(embedded) if place is None else self._row(*place) for place in places]
        return np.stack(rows) if rows else self._embedder.embed([])

    def _row(self, file: int, row: int) -> NDArray[np.float32]:
        assert self._kept is not None
        vector = self._kept[file].rows[row].astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def count(self, text: str) -> int:
        """How many tokens the text has."""
        return self._embedder.count(text)

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is an ordinary one."""
        return self._embedder.knows(word)
