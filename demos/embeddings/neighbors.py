"""Own texts among the guide's: the cosine of every two, and the nearest entries of the index.

The vectors are MiniLM's sentence embeddings, the ones the tutor searches with. The index has two
sides: questions that the guide answers, and the answers' texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.embeddings.word_vectors import cosines
from tutor.errors import InputError
from tutor.search.index import Side
from tutor.start import Library

MOST_TEXTS = 10
LONGEST_TEXT = 300  # characters


@dataclass(frozen=True)
class Match:
    """An entry of the index: its guide question, text and cosine (-1 to 1) to what was typed."""

    number: int
    text: str
    cosine: float


@dataclass(frozen=True)
class Compared:
    """Texts, the cosine of every two (text, text), and what lies nearest to each in the guide."""

    texts: tuple[str, ...]
    matrix: NDArray[np.float32]
    questions: tuple[tuple[Match, ...], ...]
    answers: tuple[tuple[Match, ...], ...]


def check(texts: Sequence[str]) -> None:
    """Raise InputError unless there are 1 to 10 texts of at most 300 characters."""
    if not 1 <= len(texts) <= MOST_TEXTS:
        raise InputError(f"Write 1 to {MOST_TEXTS} words or sentences, one on each line.")
    for number, text in enumerate(texts, 1):
        if len(text) > LONGEST_TEXT:
            raise InputError(f"Line {number} is longer than {LONGEST_TEXT} characters. Shorten it.")


def compare(library: Library, texts: Sequence[str], count: int = 3) -> Compared:
    """Embed the texts, compare every two, and look each up in the guide's index."""
    check(texts)
    rows = library.embedder.embed(texts)  # (text, dimension), unit length

    def near(side: Side) -> tuple[tuple[Match, ...], ...]:
        return tuple(tuple(matches(library, row, side, count)) for row in rows)

    return Compared(tuple(texts), cosines(rows), near("question"), near("answer"))


def matches(
    library: Library, vector: NDArray[np.float32], side: Side, count: int
) -> Iterator[Match]:
    """The nearest entries of one side of the index, a question that two chunks answer once."""
    seen: set[str] = set()
    for hit in library.index.nearest(vector, 3 * count, side=side):
        chunk = library.retriever.passages[hit.chunk_id]
        text = chunk.questions[hit.place] if side == "question" else chunk.text
        if text not in seen and len(seen) < count:
            seen.add(text)
            yield Match(chunk.number, text, hit.similarity)
