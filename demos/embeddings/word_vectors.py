"""Static word vectors: the rows of a model's input embedding table, and arithmetic on them.

A table keeps only rows that stand for whole words, scaled to length 1, so that a dot product is a
cosine. Nothing here knows about sentences: a word has one vector, whatever stands around it.

    king - man + woman   in SmolLM2's table: queen 0.73, king 0.72, Queen 0.64
    doctor - man + woman                     doctor 0.78, physician 0.69, doctors 0.68
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demos.shared.weights import TorchModel
from tutor.errors import InputError

LONGEST_EXPRESSION = 120  # characters
MOST_WORDS = 6
WORD_START = "Ġ"  # what byte-level BPE writes for the space before a word
TERM = re.compile(r"([+-]?)\s*([A-Za-z]+)")


@dataclass(frozen=True)
class Table:
    """The whole words of a model's input embedding table with their rows, at length 1."""

    name: str
    words: tuple[str, ...]
    rows: NDArray[np.float32]  # (word, dimension)

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each word is."""
        return {word: place for place, word in enumerate(self.words)}

    def row(self, word: str) -> NDArray[np.float32]:
        """The unit vector of a word as written or in lower case; InputError if it has no row."""
        place = self.index.get(word, self.index.get(word.lower()))
        if place is None:
            message = f"'{word}' is not one token of {self.name}, so it has no row of its own."
            raise InputError(f"{message} Try a more common word.")
        row: NDArray[np.float32] = self.rows[place]
        return row


@dataclass(frozen=True)
class Neighbor:
    """A word and its cosine, -1 to 1, to what was asked for."""

    word: str
    cosine: float


@dataclass(frozen=True)
class Analogy:
    """What lies nearest to a sum of word vectors.

    `everything` is the plain search; `others` leaves out the words that were put in, as the
    published examples do; `first_alone` are the neighbors of the first word without any arithmetic.
    """

    expression: str
    table: str
    everything: tuple[Neighbor, ...]
    others: tuple[Neighbor, ...]
    first_alone: tuple[Neighbor, ...]


def input_rows(source: TorchModel) -> NDArray[np.float32]:
    """The input embedding table as it is in the model, shape (vocabulary, dimension)."""
    weight: Any = source.model.get_input_embeddings().weight
    rows: NDArray[np.float32] = weight.detach().numpy()
    return rows


def word_table(source: TorchModel) -> Table:
    """The rows that stand for whole words of ASCII letters; other rows are pieces and symbols."""
    vocabulary: dict[str, int] = source.tokenizer.get_vocab()
    start = WORD_START if f"{WORD_START}the" in vocabulary else ""
    found = {
        token[len(start) :]: place
        for token, place in vocabulary.items()
        if token.startswith(start) and re.fullmatch("[A-Za-z]+", token[len(start) :])
    }
    rows = input_rows(source)[list(found.values())]
    return Table(source.name, tuple(found), unit(rows))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every row divided by its length, shape unchanged; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def cosines(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine of every pair of rows: cos(u, v) = u.v / (|u| |v|), shape (row, row).

    (0.8, 0.6) and (0.6, 0.8) have length 1, so their cosine is 0.8 * 0.6 + 0.6 * 0.8 = 0.96.
    """
    rows = unit(vectors)
    return rows @ rows.T


def parse(expression: str) -> list[tuple[int, str]]:
    """ "king - man + woman" as [(1, "king"), (-1, "man"), (1, "woman")].

    Raises InputError for anything but 1 to 6 words of letters joined by + and -.
    """
    text = re.sub("[−–]", "-", expression.strip()[: LONGEST_EXPRESSION + 1])
    terms = [(-1 if sign == "-" else 1, word) for sign, word in TERM.findall(text)]
    signs = [sign for sign, _ in TERM.findall(text)]
    whole = not re.sub(r"\s", "", TERM.sub("", text)) and all(signs[1:])
    if not whole or not 1 <= len(terms) <= MOST_WORDS or len(text) > LONGEST_EXPRESSION:
        raise InputError(f"Write up to {MOST_WORDS} words with + and -: king - man + woman.")
    return terms


def analogy(table: Table, expression: str = "king - man + woman", count: int = 5) -> Analogy:
    """The words nearest to a sum of word vectors by cosine (Mikolov et al. 2013, NAACL, section 4).

    Whether the inputs may be found makes most of the difference, and so does the first word alone:
    Linzen 2016, arXiv:1606.07736. Raises InputError for words without a row.
    """
    terms = parse(expression)
    total = np.sum([sign * table.row(word) for sign, word in terms], axis=0)  # (dimension,)
    if not np.linalg.norm(total) > 1e-6:
        raise InputError("These words cancel each other, and zero has no direction.")
    inputs = {word.lower() for _, word in terms}
    return Analogy(
        expression=" ".join(f"{'+-'[sign < 0]} {word}" for sign, word in terms).removeprefix("+ "),
        table=table.name,
        everything=nearest(table, total, count),
        others=nearest(table, total, count, inputs),
        first_alone=nearest(table, table.row(terms[0][1]), count, {terms[0][1].lower()}),
    )


def nearest(
    table: Table, vector: NDArray[np.float32], count: int, without: Sequence[str] | set[str] = ()
) -> tuple[Neighbor, ...]:
    """The `count` words of highest cosine to a vector; `without` are lower-case words to skip."""
    scores = table.rows @ unit(vector[None])[0]  # (word,)
    found = []
    for place in np.argsort(-scores):
        word = table.words[place]
        if word.lower() not in without:
            found.append(Neighbor(word, float(scores[place])))
        if len(found) == count:
            break
    return tuple(found)
