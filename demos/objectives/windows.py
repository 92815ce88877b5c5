"""The guide's prose in windows of neighboring words, some of them held out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from demos.objectives.transformer import WINDOW
from demos.shared.prose import SPECIAL, Sentence, Vocabulary

HELD_OUT = 8  # every eighth pair of neighboring windows is kept for measuring


@dataclass(frozen=True)
class Window:
    """Neighboring words of one question's prose: WINDOW ids."""

    category: str
    number: int
    ids: tuple[int, ...]


def cut_windows(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> tuple[Window, ...]:
    """Every question's prose in consecutive windows; what is left over at its end is dropped."""
    found = []
    for (category, number), group in groupby(sentences, key=lambda s: (s.category, s.number)):
        ids = [i for sentence in group for i in vocabulary.encode(sentence.words)]
        for start in range(0, len(ids) - WINDOW + 1, WINDOW):
            found.append(Window(category, number, tuple(ids[start : start + WINDOW])))
    return tuple(found)


def is_held_out(place: int) -> bool:
    """Windows are kept out of training two by two, so that there are neighbors among them."""
    return place // 2 % HELD_OUT == 0


def unigram_loss(windows: Sequence[Window]) -> float:
    """Held-out loss, in nats, of a model that knows how frequent words are and nothing else.

    Counts of the training windows plus one; words outside the vocabulary are not asked for.
    """
    import torch

    lowest = len(SPECIAL)
    parts = [
        torch.tensor(
            [
                i
                for place, w in enumerate(windows)
                if is_held_out(place) == held
                for i in w.ids
                if i >= lowest
            ]
        )
        for held in (False, True)
    ]
    size = int(max(part.max() for part in parts)) + 1
    counts = torch.bincount(parts[0], minlength=size)[lowest:] + 1.0
    chance = counts / counts.sum()  # (word,)
    return float(-chance[parts[1] - lowest].log().mean())
