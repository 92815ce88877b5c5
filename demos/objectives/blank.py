"""A sentence with one word hidden."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.objectives.pretraining import Pretrained
from demos.objectives.transformer import read, word_logits
from demos.shared.prose import MASK, SPECIAL, START, split_words
from tutor.errors import InputError

MOST_WORDS = 20
LONGEST_TEXT = 400  # characters
BLANK = re.compile(r"\[mask\]|_+", re.IGNORECASE)


@dataclass(frozen=True)
class Blank:
    """A sentence with one word hidden; `truth` is that word, or empty if the person hid it."""

    words: tuple[str, ...]
    place: int
    truth: str

    @property
    def text(self) -> str:
        """The sentence with the blank as ___."""
        shown = ("___" if i == self.place else word for i, word in enumerate(self.words))
        return " ".join(shown)


def find_blank(text: str) -> Blank:
    """Words of a text and its first blank: ___ or [MASK]; without one, the middle word is hidden.

    The first MOST_WORDS words count. InputError if there is no word beside the blank.
    """
    left, *right = BLANK.split(text[:LONGEST_TEXT], maxsplit=1)
    words = split_words(left)
    if right and len(words) < MOST_WORDS:
        place, truth = len(words), ""
        words += [MASK, *split_words(right[0])]
    else:
        words = words[:MOST_WORDS]
        place = len(words) // 2
        truth = words[place] if words else ""
    if len(words) < 2:
        raise InputError("There is no word to go by. Type a sentence with a blank: the ___ rate.")
    return Blank(tuple(words[:MOST_WORDS]), place, truth)


def fill_blank(
    model: Pretrained, words: Sequence[str], blank: int, top: int = 5
) -> tuple[list[tuple[str, float]], NDArray[np.float32]]:
    """The model's `top` words for place `blank` with probabilities, and the whole distribution.

    The masked model reads every other word, the causal one those before the blank.
    """
    import torch

    known = model.vocabulary.encode(words)
    known[blank] = SPECIAL.index(MASK)
    ids = torch.tensor([[SPECIAL.index(START), *known]])  # (1, 1 + words)
    with torch.no_grad():
        if model.objective == "causal":
            hidden = read(model.parameters, ids[:, : blank + 1], causal=True)[0, -1]
        else:
            hidden = read(model.parameters, ids, causal=False)[0, blank + 1]
        chance = word_logits(model.parameters, hidden).softmax(-1)  # (word,)
    best = chance.topk(top)
    words_of = model.vocabulary.words[len(SPECIAL) :]
    found = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return [(words_of[i], p) for i, p in found], chance.numpy()
