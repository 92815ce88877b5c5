"""One word in several sentences: its row in the table is the same, its contextual vectors differ.

MiniLM reads each sentence and gives the word a vector after every layer. Layer 0 is the table's row
with the position added; each layer above mixes in more of the sentence.

    "She sat on the bank of the river."      bank . bank   table 1.00, layer 6 0.77
    "The bank approved the loan."
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.embeddings.word_vectors import cosines, input_rows
from demos.shared.weights import TorchModel
from tutor.errors import InputError

WORD = "bank"
SENTENCES = (
    "She sat on the bank of the river.",
    "The bank approved the loan.",
    "He opened an account at the bank.",
)
MOST_SENTENCES = 4
LONGEST_SENTENCE = 300  # characters


@dataclass(frozen=True)
class Pair:
    """Two sentences by index, and the cosine of the word's vectors in them.

    `table` compares the rows of the embedding table; `layers` the hidden states from layer 0 up.
    """

    first: int
    second: int
    table: float
    layers: tuple[float, ...]


@dataclass(frozen=True)
class Senses:
    """A word in its sentences: the pieces it is cut into in each, and every pair compared."""

    word: str
    sentences: tuple[str, ...]
    pieces: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]


def compare(model: TorchModel, word: str = WORD, sentences: Sequence[str] = SENTENCES) -> Senses:
    """The cosine between the word's vectors in every two sentences, layer by layer.

    Raises InputError unless there are 2 to 4 sentences of at most 300 characters with the word.
    """
    word = word.strip()
    check(word, sentences)
    rows, states, pieces = [], [], []
    for sentence in sentences:
        row, hidden, names = vectors_of(model, word, sentence)
        rows.append(row)
        states.append(hidden)
        pieces.append(names)
    table = cosines(np.stack(rows))  # (sentence, sentence)
    layers = [cosines(layer) for layer in np.stack(states, axis=1)]  # (layer, sentence, sentence)
    pairs = tuple(
        Pair(a, b, float(table[a, b]), tuple(float(layer[a, b]) for layer in layers))
        for a, b in itertools.combinations(range(len(sentences)), 2)
    )
    return Senses(word, tuple(sentences), tuple(pieces), pairs)


def check(word: str, sentences: Sequence[str]) -> None:
    """Raise InputError for what cannot be compared."""
    if not word:
        raise InputError("Type the word to follow, for instance: bank.")
    if not 2 <= len(sentences) <= MOST_SENTENCES:
        raise InputError(f"Write 2 to {MOST_SENTENCES} sentences, one on each line.")
    for number, sentence in enumerate(sentences, 1):
        if len(sentence) > LONGEST_SENTENCE:
            raise InputError(f"Sentence {number} is longer than {LONGEST_SENTENCE} characters.")
        find_word(word, sentence, number)


def find_word(word: str, sentence: str, number: int = 1) -> tuple[int, int]:
    """Start and end of the word's first occurrence as a whole word, in characters."""
    match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence, re.IGNORECASE)
    if not match:
        raise InputError(f"Sentence {number} does not hold the word '{word[:40]}'.")
    return match.span()


def vectors_of(
    model: TorchModel, word: str, sentence: str
) -> tuple[NDArray[np.float32], NDArray[np.float32], tuple[str, ...]]:
    """The word's table row (dimension,), hidden states (layer, dimension) and pieces.

    A word of several pieces is the mean of its pieces.
    """
    import torch

    start, end = find_word(word, sentence)
    encoded = model.tokenizer(sentence, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    places = [i for i, (left, right) in enumerate(offsets) if left < end and right > start]
    with torch.inference_mode():
        output = model.model(**encoded, output_hidden_states=True)
    ids = encoded["input_ids"][0][places]  # (piece,)
    row: NDArray[np.float32] = input_rows(model)[ids.numpy()].mean(axis=0)
    hidden = [layer[0, places].mean(dim=0).numpy() for layer in output.hidden_states]
    names: list[str] = model.tokenizer.convert_ids_to_tokens(ids.tolist())
    return row, np.stack(hidden), tuple(names)
