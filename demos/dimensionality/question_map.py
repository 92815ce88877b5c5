"""The guide's questions as points in space: embedded, decomposed, mapped and cut shorter.

The texts are every title and follow-up question of the guide, embedded as the index embeds them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.dimensionality.pca import Components, principal_components, same_group
from tutor.errors import InputError
from tutor.guide.read import Guide
from tutor.start import Library

LONGEST = 500  # characters of a question
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 384)
NEAR = 10  # neighbors compared between the map and the full vectors


@dataclass(frozen=True)
class QuestionMap:
    """The guide's questions with their vectors (text, dimension) and the components of these."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    categories: tuple[str, ...]
    vectors: NDArray[np.float32]
    components: Components


@dataclass(frozen=True)
class Place:
    """A text on the map: its two coordinates, its true neighbors, and those on the map.

    Neighbors are indexes into the questions, nearest first, with the cosines of the true ones;
    `kept` of these are also among the map's. `shown` is the share of the text's squared distance
    from the mean that the map shows, 0 to 1.
    """

    text: str
    spot: tuple[float, float]
    neighbors: tuple[int, ...]
    cosines: tuple[float, ...]
    on_map: tuple[int, ...]
    kept: int
    shown: float


@dataclass(frozen=True)
class Cut:
    """Search with shorter vectors: the share of texts whose nearest other is of the same question.

    By the first `size` principal components, by the first `size` plain coordinates, and by a random
    projection.
    """

    size: int
    components: float
    coordinates: float
    random: float


def check(question: str) -> None:
    """Raise InputError for what cannot be placed."""
    if not question.strip():
        raise InputError("Type a question to place on the map.")
    if len(question) > LONGEST:
        raise InputError(f"Ask in at most {LONGEST} characters.")


def embed_questions(library: Library) -> QuestionMap:
    """Embed every question of the guide, the short ones together, and find the components."""
    entries = sorted(questions_of(library.guide), key=lambda entry: len(entry[2]))
    numbers, categories, texts = zip(*entries, strict=True)
    vectors = library.embedder.embed(texts)  # (text, dimension)
    return QuestionMap(texts, numbers, categories, vectors, principal_components(vectors))


def questions_of(guide: Guide) -> Iterator[tuple[int, str, str]]:
    """(number, category folder, text) of every title and follow-up."""
    for number, question in guide.questions.items():
        for text in (question.title, *(each.question for each in question.follow_ups)):
            yield number, question.category, text


def place(questions: QuestionMap, text: str, vector: NDArray[np.float32]) -> Place:
    """Where a text falls on the map of the first two components, and how far to trust that."""
    two = questions.components.project(vector[None], 2)[0]
    flat = questions.components.project(questions.vectors, 2)  # (text, 2)
    similar = questions.vectors @ vector  # (text,)
    near = np.argsort(-similar)[:NEAR].tolist()
    near_flat = np.argsort(((flat - two) ** 2).sum(axis=1))[:NEAR].tolist()
    away = float(((vector - questions.components.mean) ** 2).sum())
    return Place(
        text=text,
        spot=(float(two[0]), float(two[1])),
        neighbors=tuple(near),
        cosines=tuple(similar[near].tolist()),
        on_map=tuple(near_flat),
        kept=len(set(near) & set(near_flat)),
        shown=float((two**2).sum()) / away if away else 0.0,
    )


def cuts(questions: QuestionMap, seed: int = 0) -> tuple[Cut, ...]:
    """Retrieval with vectors cut to each size, three ways.

    The random projection is Gaussian (Johnson and Lindenstrauss 1984).
    """
    dimension = questions.vectors.shape[1]
    random = np.random.default_rng(seed).standard_normal((dimension, dimension))
    sizes = sorted({min(size, dimension) for size in SIZES})
    return tuple(
        Cut(
            size,
            same_group(questions.components.project(questions.vectors, size), questions.numbers),
            same_group(questions.vectors[:, :size], questions.numbers),
            same_group(questions.vectors @ random[:, :size], questions.numbers),
        )
        for size in sizes
    )
