"""Which rows of an embedding table get a gradient: the smallest language model, forward and back.

    h_t = E[x_t]      z_t = U h_t      loss = mean of -ln softmax(z_t)[next word]

The guide's example (Q26): five words, input 3, 1, 3, arriving gradients (0.2, -0.1), (0.4, 0.3),
(-0.1, 0.5). Row 3 gets their sum (0.1, 0.4), row 1 (0.4, 0.3), rows 0, 2 and 4 nothing. The rows
of the output table all get something. With one table for both, so do all its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demos.shared.arrays import Array
from demos.shared.cores import one_core
from tutor.errors import InputError

WIDTH = 4
MOST_WORDS = 16
LONGEST_TEXT = 400  # characters
PUNCTUATION = '.,;:!?…"“”()'
# Words of the vocabulary that the text does not hold.
OTHERS = "banana violin winter seven harbor copper".split()


@dataclass(frozen=True)
class RowGradients:
    """Gradients (word, width) of three tables by autograd, and the largest difference by hand.

    `tied` belongs to a model whose input and output share the table `embedding`.
    """

    vocabulary: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    embedding: Array
    output: Array
    tied: Array
    difference: float

    @property
    def touched(self) -> tuple[str, ...]:
        """The words whose row of the untied input table has a gradient other than zero."""
        return tuple(w for w, row in zip(self.vocabulary, self.embedding, strict=True) if row.any())


def split_words(text: str) -> list[str]:
    """Lowercase words of any script: what stands between spaces, without punctuation around it."""
    parts = text[:LONGEST_TEXT].lower().split()
    return [word for part in parts if (word := part.strip(PUNCTUATION))]


def next_words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Inputs and targets: every word, and the one that follows it; at most MOST_WORDS words.

    InputError for fewer than two words, where nothing follows.
    """
    words = split_words(text)[:MOST_WORDS]
    if len(words) < 2:
        raise InputError("One word predicts nothing. Type two or more, with spaces between them.")
    return tuple(words[:-1]), tuple(words[1:])


def row_gradients(text: str, seed: int = 0) -> RowGradients:
    """Forward and backward pass over a text, untied and tied, by autograd and by hand."""
    import torch
    import torch.nn.functional as F

    inputs, targets = next_words(text)
    vocabulary = tuple(dict.fromkeys([*inputs, *targets, *OTHERS]))
    x = [vocabulary.index(word) for word in inputs]
    y = [vocabulary.index(word) for word in targets]
    draw = torch.Generator().manual_seed(seed)
    shape = (len(vocabulary), WIDTH)
    embedding, output = (
        torch.randn(shape, generator=draw, dtype=torch.float64).requires_grad_() for _ in range(2)
    )
    with one_core():
        gradients = []
        for first, last in ((embedding, output), (embedding, embedding)):
            logits = first[x] @ last.T  # (position, word)
            loss = F.cross_entropy(logits, torch.tensor(y))
            gradients.append(
                torch.autograd.grad(loss, (first, last)[: 2 if first is not last else 1])
            )
    (untied_in, untied_out), (tied,) = ([g.numpy() for g in pair] for pair in gradients)
    E, U = embedding.detach().numpy(), output.detach().numpy()
    by_hand = (*hand_gradients(E, U, x, y), sum(hand_gradients(E, E, x, y)))
    difference = max(
        float(np.abs(a - b).max())
        for a, b in zip((untied_in, untied_out, tied), by_hand, strict=True)
    )
    return RowGradients(vocabulary, inputs, targets, untied_in, untied_out, tied, difference)


def hand_gradients(
    embedding: Array, output: Array, inputs: Sequence[int], targets: Sequence[int]
) -> tuple[Array, Array]:
    """The same gradients by formula: on the input table and on the output table, (word, width)."""
    hidden = embedding[list(inputs)]  # (position, width)
    logits = hidden @ output.T  # (position, word)
    chance = np.exp(logits - logits.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    errors = chance.copy()
    errors[np.arange(len(targets)), list(targets)] -= 1  # p - y, (position, word)
    errors /= len(targets)  # the loss is a mean
    return add_rows(inputs, errors @ output, len(embedding)), errors.T @ hidden


def add_rows(ids: Sequence[int], arriving: Array, rows: int) -> Array:
    """Sum the gradients that arrive at positions (position, width) into the rows of their words."""
    table = np.zeros((rows, arriving.shape[1]))
    np.add.at(table, list(ids), arriving)  # a plain += would count a repeated word once
    return table
