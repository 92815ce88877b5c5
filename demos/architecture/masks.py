"""Which tokens may look at which: encoder, decoder and cross-attention masks over own words.

    encoder (bidirectional)   4 words: 4 x 4 = 16 pairs
    decoder (causal)          4 words: 4 x 5 / 2 = 10 pairs
    cross                     4 written words over 6 read words: 24 pairs

The same scores 1, 2, 3, 0 of word 2: an encoder gives 0.087, 0.237, 0.644, 0.032; a decoder, which
does not see words 3 and 4, gives 0.269, 0.731, 0, 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array, softmax
from demos.shared.head import causal_mask
from tutor.errors import InputError

MOST_WORDS = 12
LONGEST_WORD = 24  # characters


@dataclass(frozen=True)
class Mask:
    """A mask (query, key), true where a query may look, and the weights that are left."""

    name: str
    rows: tuple[str, ...]  # queries
    columns: tuple[str, ...]  # keys
    allowed: NDArray[np.bool_]
    weights: Array  # softmax over the allowed part of the same random scores

    @property
    def pairs(self) -> int:
        """How many query-key pairs are allowed."""
        return int(self.allowed.sum())


def masks(source: str, target: str, seed: int = 0) -> tuple[Mask, Mask, Mask]:
    """The encoder's mask over `source`, the decoder's over `target`, and cross-attention's.

    Words are split at spaces. InputError if one side has no word. Scores are drawn from a normal
    distribution; encoder and decoder get the same numbers where both have them, so that only the
    mask makes the difference.
    """
    read, written = words(source), words(target)
    scores = np.random.default_rng(seed).normal(0, 1.5, (2, MOST_WORDS, MOST_WORDS))
    n, m = len(read), len(written)
    return (
        masked("encoder self-attention", read, read, np.ones((n, n), bool), scores[0, :n, :n]),
        masked("decoder self-attention", written, written, causal_mask(m), scores[0, :m, :m]),
        masked("cross-attention", written, read, np.ones((m, n), bool), scores[1, :m, :n]),
    )


def masked(
    name: str,
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    allowed: NDArray[np.bool_],
    scores: Array,
) -> Mask:
    """Scores (query, key) become weights; what is not allowed gets minus infinity first."""
    return Mask(name, rows, columns, allowed, softmax(np.where(allowed, scores, -np.inf)))


def describe(encoder: Mask, decoder: Mask, cross: Mask) -> str:
    """The three masks in numbers of pairs."""
    n, m = len(encoder.rows), len(decoder.rows)
    return (
        f"Encoder: {n} × {n} = {encoder.pairs} pairs. Decoder: {m} × {m + 1} / 2 = "
        f"{decoder.pairs}. Cross-attention: {m} × {n} = {cross.pairs}."
    )


def sees(encoder: Mask, decoder: Mask, position: int) -> str:
    """What the decoder may look at for the target's word at `position`, from 0."""
    own = decoder.columns[: position + 1]
    hidden = decoder.columns[position + 1 :]
    return (
        f"At “{own[-1]}”, word {position + 1} of the target, the decoder sees {', '.join(own)} and "
        f"the whole source ({', '.join(encoder.rows)}). "
        + (f"Hidden: {', '.join(hidden)}." if hidden else "Nothing is hidden any more.")
    )


def words(text: str) -> tuple[str, ...]:
    """The first MOST_WORDS words of a text, each at most LONGEST_WORD characters."""
    found = tuple(word[:LONGEST_WORD] for word in text[: MOST_WORDS * 100].split()[:MOST_WORDS])
    if not found:
        raise InputError("There are no words. Type a sentence on both sides.")
    return found
