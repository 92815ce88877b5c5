"""Which rows of an embedding table get a gradient: by hand, and by moving single weights."""

import numpy as np
import pytest

from demos.gradients.embedding_rows import (
    LONGEST_TEXT,
    MOST_WORDS,
    OTHERS,
    WIDTH,
    add_rows,
    hand_gradients,
    next_words,
    row_gradients,
    split_words,
)
from tutor.errors import InputError


def test_the_guides_scatter_add():
    arriving = np.array([(0.2, -0.1), (0.4, 0.3), (-0.1, 0.5)])
    expected = [(0, 0), (0.4, 0.3), (0, 0), (0.1, 0.4), (0, 0)]
    assert add_rows((3, 1, 3), arriving, 5) == pytest.approx(np.array(expected))
    one_hot = np.eye(5)[[3, 1, 3]]  # the lookup as a linear layer: its gradient is X^T G
    assert add_rows((3, 1, 3), arriving, 5) == pytest.approx(one_hot.T @ arriving)


def test_the_guides_output_rows():
    # Q26: hidden vector (2, 1), five tied rows, token 4 is right. One position, so no mean.
    table = np.array([(0.1, 0.2), (0.5, -0.3), (0, 0.4), (-0.2, 0.1), (0.3, 0.3)])
    _, output = hand_gradients(np.array([(2.0, 1.0)]), table, (0,), (4,))
    assert output[4] == pytest.approx((-1.400, -0.700), abs=5e-4)
    assert output[0] == pytest.approx((0.364, 0.182), abs=5e-4)
    assert output[3] == pytest.approx((0.181, 0.090), abs=7e-4)
    assert output.any(axis=1).all()


def test_one_position_by_hand():
    # E = U = (1, -1) in one dimension, word 0 predicts word 1: p = (e, 1/e) / (e + 1/e).
    table = np.array([[1.0], [-1.0]])
    p = np.exp(1) / (np.exp(1) + np.exp(-1))
    first, last = hand_gradients(table, table, (0,), (1,))
    assert first == pytest.approx(np.array([[2 * p], [0]]))  # p * 1 - p * (-1)
    assert last == pytest.approx(np.array([[p], [-p]]))


def test_formulas_against_difference_quotients():
    draw = np.random.default_rng(1)
    tables = [draw.normal(size=(6, 3)) for _ in range(2)]
    inputs, targets = (0, 2, 0, 4), (2, 0, 4, 1)

    def loss() -> float:
        logits = tables[0][list(inputs)] @ tables[1].T
        logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return -float(np.mean([logs[at, word] for at, word in enumerate(targets)]))

    for table, gradient in zip(tables, hand_gradients(*tables, inputs, targets), strict=True):
        for place in np.ndindex(table.shape):
            kept = table[place]
            table[place] = kept + 1e-5
            above = loss()
            table[place] = kept - 1e-5
            below = loss()
            table[place] = kept
            assert (above - below) / 2e-5 == pytest.approx(gradient[place], abs=1e-8)


def test_the_docstrings_sentence():
    found = row_gradients("the cat saw the dog")
    assert found.touched == ("the", "cat", "saw")
    assert found.inputs == ("the", "cat", "saw", "the")
    assert found.targets == ("cat", "saw", "the", "dog")
    assert found.vocabulary == ("the", "cat", "saw", "dog", *OTHERS)
    for table in (found.output, found.tied):
        assert table.shape == (4 + len(OTHERS), WIDTH)
        assert table.any(axis=1).all()
    assert found.difference < 1e-12


def test_tying_adds_both_gradients():
    found = row_gradients("to be or not to be", seed=5)
    import torch

    table = torch.randn(
        found.embedding.shape, generator=torch.Generator().manual_seed(5), dtype=torch.float64
    ).numpy()
    ids = [[found.vocabulary.index(w) for w in words] for words in (found.inputs, found.targets)]
    assert found.tied == pytest.approx(sum(hand_gradients(table, table, *ids)))


def test_a_seed_repeats_and_another_one_differs():
    first, again, other = (row_gradients("a b c", seed) for seed in (3, 3, 4))
    assert (first.embedding == again.embedding).all()
    assert (first.tied == again.tied).all()
    assert (first.embedding != other.embedding).any()


def test_words_of_any_script():
    assert split_words('The cat’s "dog", (naïve) … ! Ünï') == [
        "the",
        "cat’s",
        "dog",
        "naïve",
        "ünï",
    ]
    assert split_words("मुझे हिन्दी पसंद 你好 🐱") == ["मुझे", "हिन्दी", "पसंद", "你好", "🐱"]
    assert row_gradients("banana banana").touched == ("banana",)
    assert row_gradients("🐱 🐶 🐱").touched == ("🐱", "🐶")


def test_words_are_bounded_and_needed():
    inputs, targets = next_words("word " * 10_000)
    assert len(inputs) == len(targets) == MOST_WORDS - 1
    assert next_words("x" * 100 + " y " + "z" * 10**6)[1][1] == "z" * (LONGEST_TEXT - 103)
    for text in ("", " \n\t", "word", "... !", "(word)", "你好", "x" * 10**6):
        with pytest.raises(InputError, match="predicts nothing"):
            next_words(text)
