"""The softmax's Jacobian: the guide's numbers, torch's own, difference quotients, odd input."""

import numpy as np
import pytest

from demos.gradients.jacobian import (
    LARGEST,
    MOST_LOGITS,
    autograd_jacobian,
    read_numbers,
    softmax_jacobian,
    vector_product,
)
from tutor.errors import InputError

CASES = [(2, 1, 0), (3, 1, 0.2), (0, 0), (-5, 5, 5, -5), (1000, -1000, 0), tuple(range(8))]


def test_the_guides_example():
    found = softmax_jacobian((2, 1, 0))
    assert found.chances == pytest.approx([0.665, 0.245, 0.090], abs=5e-4)
    expected = [(0.2227, -0.1628, -0.0599), (-0.1628, 0.1848, -0.0220), (-0.0599, -0.0220, 0.0819)]
    assert found.matrix == pytest.approx(np.array(expected), abs=5e-5)
    assert found.arriving == pytest.approx([1, 0, -1])
    assert found.passed == pytest.approx([0.283, -0.141, -0.142], abs=5e-4)
    assert found.chances @ found.arriving == pytest.approx(0.575, abs=5e-4)


def test_ten_times_the_logits_block_the_gradient():
    found = softmax_jacobian((2, 1, 0), scale=10)
    assert found.logits == pytest.approx([20, 10, 0])
    assert found.matrix.max() == pytest.approx(0.00005, abs=5e-6)
    assert np.abs(found.passed).max() < 1e-4


def test_two_equal_logits_by_hand():
    expected = np.array([(0.25, -0.25), (-0.25, 0.25)])  # p (1 - p) and -p p with p = 1/2
    assert softmax_jacobian((7, 7)).matrix == pytest.approx(expected)


@pytest.mark.parametrize("logits", CASES, ids=str)
def test_formula_against_torch(logits):
    found = softmax_jacobian(logits)
    assert found.matrix == pytest.approx(autograd_jacobian(logits), abs=1e-12)
    assert found.matrix == pytest.approx(found.matrix.T)
    assert found.matrix.sum(axis=1) == pytest.approx(0, abs=1e-12)
    assert np.linalg.eigvalsh(found.matrix).min() > -1e-12  # as a covariance matrix


def test_formula_against_difference_quotients():
    logits = np.array([0.3, -1.2, 2.0, 0.7])

    def softmax(z):
        return np.exp(z) / np.exp(z).sum()

    columns = [
        (softmax(logits + step) - softmax(logits - step)) / 2e-6 for step in 1e-6 * np.eye(4)
    ]
    assert softmax_jacobian(logits).matrix == pytest.approx(np.array(columns).T, abs=1e-8)


def test_passing_back_needs_no_matrix():
    import torch

    arriving = (0.5, -2.0, 3.0)
    found = softmax_jacobian((2, 1, 0), 1.5, arriving)
    assert found.passed == pytest.approx(found.matrix.T @ np.array(arriving))
    z = torch.tensor([3.0, 1.5, 0.0], dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(z.softmax(0) @ torch.tensor(arriving, dtype=torch.float64), z)
    assert found.passed == pytest.approx(expected.numpy())
    assert vector_product(found.chances, np.ones(3)) == pytest.approx(0, abs=1e-15)


def test_numbers_as_people_type_them():
    for text in ("2, 1, 0", "2 1 0", "2;1;0", "\n2,,1\t0 ", "2e0 1. .0", "２ １ ０"):
        assert read_numbers(text, "logits") == (2, 1, 0)
    assert read_numbers("-1,2", "logits") == (-1, 2)
    assert len(read_numbers("1 " * MOST_LOGITS, "logits")) == MOST_LOGITS


@pytest.mark.parametrize(
    "text",
    ["", " , ", "1", "1 " * 9, "1 " * 100_000, "a b", "1 two", "🐱 1", "<b>1</b> 2", "nan 1",
     "inf 0", "1e999 0", f"{LARGEST + 1} 0"],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text):
    with pytest.raises(InputError, match=r"^The logits must [^<]*$"):
        read_numbers(text, "logits")


def test_an_arriving_gradient_of_another_length():
    with pytest.raises(InputError, match="3 logits and 2 gradients"):
        softmax_jacobian((2, 1, 0), arriving=(1, 0))
