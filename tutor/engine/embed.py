"""Turns texts into unit vectors, so that a dot product is a cosine.

An embedder knows nothing about chunks or stores. Two kinds: MiniLM through sentence-transformers,
which answers real questions, and a hashing embedder whose vectors follow from the words alone, for
tests and for reading along.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # (texts, dimension), every row of length 1
Vector = NDArray[np.float32]  # (dimension,)

# all-MiniLM-L6-v2 was trained and is configured with 256 wordpieces, [CLS] and [SEP] included, and
# silently drops the rest (its sentence_bert_config.json).
MINILM_WINDOW = 256
BATCH = 32


def dots(rows: NDArray[Any], vector: NDArray[Any]) -> NDArray[Any]:
    """Products of each row with a vector, shape (rows,): cosines, if all are unit vectors.

    Not `rows @ vector`: NumPy's BLAS has threads of its own, which go on spinning after a product
    and keep PyTorch's from the next embedding. On two cores a search took twice as long with them,
    and five times at the 95th percentile.
    """
    return np.asarray(np.einsum("rd,d->r", rows, vector))


def has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 matrices in hardware; Linux alone tells."""
    facts = Path("/proc/cpuinfo")
    return facts.exists() and "avx512_bf16" in facts.read_text(encoding="utf-8")


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def name(self) -> str:
        """Identifies the vectors: two embedders with one name give the same vectors."""
        ...

    @property
    def window(self) -> int:
        """Most tokens of a text that reach the vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension)."""
        ...

    def count(self, text: str) -> int:
        """How many tokens the text has, the model's special tokens included."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is an ordinary one, with a token of its own."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2 (384 dimensions) from a local folder, on the CPU."""

    window = MINILM_WINDOW

    def __init__(self, folder: Path, digest: str):
        """`digest` is the SHA-256 of the weights; it becomes part of the name."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        silence: Callable[[], None] = logging.disable_progress_bar  # untyped in the library
        silence()  # 103 tensors in a few milliseconds
        self.name = f"all-MiniLM-L6-v2@{digest[:12]}"
        self._model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        # The library checks lengths for us only without truncation; `count` needs the true length.
        self._tokenizer = self._model.tokenizer
        self._vocabulary = frozenset(self._tokenizer.get_vocab())
        self._bf16 = has_bf16()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Mean-pooled, normalized vectors of shape (texts, 384).

        A whole batch, as an index is built from, goes through in 16 bits where the processor has
        them: nearly twice as fast, and the vectors have a cosine of 0.99997 or more to those in
        32 bits.
        """
        import torch

        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        half = self._bf16 and len(texts) >= BATCH
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            vectors = self._model.encode(
                list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def count(self, text: str) -> int:
        """Wordpieces of the text with [CLS] and [SEP]."""
        return len(self._tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def knows(self, word: str) -> bool:
        """Whether the word is in the vocabulary of WordPieces: most common English words are."""
        return word in self._vocabulary


class HashingEmbedder:
    """A bag of hashed words: each word adds 1 to one of `dimension` places (the hashing trick).

    "top-p top-k" with dimension 4 might give [0, 1, 1, 0] / sqrt(2). No meaning, only overlap,
    which is what makes the expected neighbors in a test obvious.
    """

    window = MINILM_WINDOW

    def __init__(self, dimension: int = 256):
        self.dimension = dimension
        self.name = f"hashing-{dimension}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension); a text without words points to place 0."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in self._words(text):
                row[int(hashlib.sha1(word.encode()).hexdigest(), 16) % self.dimension] += 1
            if not row.any():
                row[0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count(self, text: str) -> int:
        """Words plus two, as if there were special tokens."""
        return len(self._words(text)) + 2

    def knows(self, word: str) -> bool:  # noqa: ARG002 - the interface's signature
        """Every word counts as ordinary, so that nothing is mended in a test by surprise."""
        return True

    @staticmethod
    def _words(text: str) -> list[str]:
        return re.findall(r"\w+(?:-\w+)*", text.lower())
