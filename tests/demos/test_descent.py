"""Gradient descent: the guide's parabola, numpy's eigenvalues, a closed form, torch's gradient."""

import numpy as np
import pytest

from demos.gradients.descent import (
    BATCHES,
    CATEGORIES,
    CEILING,
    MULTIPLES,
    WORDS,
    Problem,
    compare_batches,
    compare_rates,
    descend,
    loss,
    open_problem,
    stability_limit,
)
from tests.conftest import CORPUS
from tutor.errors import GuideError, InputError


@pytest.fixture(scope="module")
def problem():
    return open_problem(CORPUS)


def parabola():
    """5 (w - 1)^2: one sentence with one feature of sqrt(10), whose curvature is 10."""
    x = np.array([[10**0.5]])
    return Problem(x, x[:, 0], ("a", "b"), stability_limit(x))


@pytest.mark.parametrize(("rate", "factor", "after"), [
    (0.05, 0.5, 0.031), (0.15, -0.5, -0.031), (0.25, -1.5, -7.594),
])  # fmt: skip
def test_the_guides_parabola(rate, factor, after):
    # The guide starts 1 from the minimum, as w = 0 does here; distances are those to the minimum.
    small = parabola()
    assert small.limit == pytest.approx(0.2)
    assert 1 - rate * 10 == pytest.approx(factor)
    assert factor**5 == pytest.approx(after, abs=5e-4)
    found = descend(small, rate, 1, steps=5)
    assert found.losses == pytest.approx([5 * factor ** (2 * step) for step in range(6)])


def test_the_limit_against_numpys_eigenvalues(problem):
    # Singular values of X: another way to the same curvature.
    largest = np.linalg.svd(problem.features, compute_uv=False)[0] ** 2 / problem.size
    assert problem.limit == pytest.approx(2 / largest)
    curvature = np.linalg.eigvals(np.cov(problem.features.T, bias=True)
                                  + np.outer(*[problem.features.mean(axis=0)] * 2))  # fmt: skip
    assert problem.limit == pytest.approx(2 / curvature.real.max())


def test_the_limit_is_where_it_turns(problem):
    below, above = (
        descend(problem, factor * problem.limit, problem.size, 5000) for factor in (0.99, 1.01)
    )
    assert not below.diverged
    assert all(late <= early for early, late in zip(below.losses, below.losses[1:], strict=False))
    assert above.diverged


def test_full_batches_against_the_closed_form(problem):
    """Along every eigenvector the distance to the least-squares solution is multiplied."""
    x, y, n = problem.features, problem.labels, problem.size
    values, vectors = np.linalg.eigh(x.T @ x / n)
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    rate, steps = 0.7 * problem.limit, 30
    distance = vectors @ ((1 - rate * values) ** steps * (vectors.T @ -best))
    expected = np.mean((x @ (best + distance) - y) ** 2) / 2
    assert descend(problem, rate, n, steps).losses[-1] == pytest.approx(expected)


def test_the_first_step_against_autograd(problem):
    import torch

    x, y = (torch.tensor(array) for array in (problem.features, problem.labels))
    w = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    value = (x @ w - y).square().mean() / 2
    (gradient,) = torch.autograd.grad(value, w)
    found = descend(problem, 0.1, problem.size, steps=1)
    assert found.losses[0] == pytest.approx(value.item()) == pytest.approx(0.5)
    assert found.losses[1] == pytest.approx(loss(problem, -0.1 * gradient.numpy()))


def test_the_problem_is_the_guides(problem):
    assert problem.features.shape == (problem.size, WORDS + 1)
    assert set(np.unique(problem.features)) == {0.0, 1.0}
    assert (problem.features[:, -1] == 1).all()
    assert set(problem.labels) == {-1.0, 1.0}
    assert len(set(problem.titles)) == len(CATEGORIES)
    assert problem.alone == pytest.approx(problem.features.sum(axis=1).mean())
    # The largest eigenvalue of the mean of x x^T is at most the mean of theirs, |x|^2.
    assert 2 / problem.limit < problem.alone


def test_what_the_tab_says_of_rates_and_batches(problem):
    by_rate = compare_rates(problem, 0.5)
    assert [run.rate / problem.limit for run in by_rate] == pytest.approx(
        [0.02, 0.2, 0.5, 0.9, 1.1]
    )
    assert [run.diverged for run in by_rate] == [False] * 4 + [True]
    slow, *_, good, _ = by_rate
    assert slow.losses[-1] > good.losses[-1] + 0.1
    for seed in range(5):
        single, few, many, full = compare_batches(problem, 0.9, seed=seed)
        assert single.diverged
        assert [few.batch, many.batch, full.batch] == [*BATCHES[1:], problem.size]
        assert few.losses[-1] > many.losses[-1] > full.losses[-1]
        assert full.accuracy > 0.85


def test_a_run_ends_where_it_diverges(problem):
    found = descend(problem, 1.3 * problem.limit, problem.size, 1000)
    assert found.diverged
    assert CEILING < found.losses[-1] < np.inf
    assert max(found.losses[:-1]) <= CEILING
    assert len(found.losses) < 100


def test_a_rate_of_the_list_is_not_run_twice(problem):
    assert len(compare_rates(problem, 0.1 + 0.2 + 0.6, 2)) == len(MULTIPLES)  # 0.9 and a bit


def test_a_seed_repeats_and_another_one_differs(problem):
    first, again, other = (descend(problem, 0.1, 8, 20, seed) for seed in (1, 1, 2))
    assert first == again
    assert first.losses != other.losses
    everything = [descend(problem, 0.1, problem.size + 9, 5, seed) for seed in (1, 2)]
    assert everything[0] == everything[1]
    assert everything[0].batch == problem.size


@pytest.mark.parametrize(("rate", "batch", "steps"), [(0, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_numbers_must_be_positive(problem, rate, batch, steps):
    with pytest.raises(InputError, match="positive"):
        descend(problem, rate, batch, steps)


def test_a_guide_without_the_categories(corpus):
    with pytest.raises(GuideError):
        open_problem(corpus)
