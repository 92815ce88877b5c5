"""BERT's corruption of a text: chosen words are hidden, swapped or kept."""

import numpy as np
from numpy.typing import NDArray

from demos.shared.prose import MASK, SPECIAL, START, UNKNOWN

# BERT's recipe for the chosen words (Devlin et al. 2018, section 3.1): the rest stays unchanged.
BECOME_MASK, BECOME_RANDOM = 0.8, 0.1


def corrupt(
    ids: NDArray[np.int64], rate: float, vocabulary: int, draw: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """BERT's corruption of word ids (text, position): the corrupted ids, and where to predict.

    Each word but [CLS] and [UNK] is chosen with probability `rate`. Of the chosen, 80 % become
    [MASK], 10 % a random word, and 10 % stay; all of them have to be predicted.
    """
    known = (ids != SPECIAL.index(START)) & (ids != SPECIAL.index(UNKNOWN))
    chosen = (draw.random(ids.shape) < rate) & known  # (text, position)
    fate = draw.random(ids.shape)
    random = draw.integers(len(SPECIAL), vocabulary, ids.shape)
    corrupted = np.where(chosen & (fate < BECOME_MASK), SPECIAL.index(MASK), ids)
    swapped = chosen & (fate >= BECOME_MASK) & (fate < BECOME_MASK + BECOME_RANDOM)
    return np.where(swapped, random, corrupted), chosen
