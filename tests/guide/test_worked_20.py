"""Recomputes the numbers printed in the worked example of category 20."""

import math

import numpy as np
import pytest

POINTS = np.array([(8, 7), (2, 1), (6, 3), (4, 5)])


@pytest.fixture
def centered():
    return POINTS - POINTS.mean(axis=0)


@pytest.fixture
def decomposition(centered):
    """Eigenvalues and eigenvectors (columns) of the covariance, the largest first."""
    values, vectors = np.linalg.eigh(centered.T @ centered / (len(POINTS) - 1))
    return values[::-1], vectors[:, ::-1]


def pair(row):
    return "({:.0f}, {:.0f})".format(*row)


def test_q28_centering_and_covariance(worked, centered):
    text = worked(28)
    *first, last = (pair(p) for p in POINTS)
    assert f"two features: {', '.join(first)} and {last}." in text
    assert f"The mean is {pair(POINTS.mean(axis=0))}." in text
    assert f"Centered: {', '.join(pair(p) for p in centered)}." in text
    sums = centered.T @ centered
    assert sums[0, 0] == sums[1, 1]
    assert f"both variances are ${sums[0, 0]:.0f}/3 = {sums[0, 0] / 3:.3f}$" in text
    assert f"the covariance is ${sums[0, 1]:.0f}/3 = {sums[0, 1] / 3:.3f}$" in text


def test_q28_eigenvalues_and_eigenvectors(worked, centered, decomposition):
    text = worked(28)
    values, vectors = decomposition
    a, b = (centered.T @ centered)[0] / 3
    assert values == pytest.approx([a + b, a - b])
    assert (a, b, values[1]) == pytest.approx((20 / 3, 16 / 3, 4 / 3))
    assert f"$20/3 + 16/3 = {values[0]:.0f}$" in text
    assert f"$20/3 - 16/3 = 4/3 = {values[1]:.3f}$" in text
    assert abs(vectors[:, 0] @ (1, 1)) == pytest.approx(math.sqrt(2))
    assert abs(vectors[:, 1] @ (1, -1)) == pytest.approx(math.sqrt(2))
    assert f"times (1, 1) is {pair(centered.T @ centered @ (1, 1) / 3)}" in text
    named = r"$(1, 1)/\sqrt{2}$ for 12 and $(1, -1)/\sqrt{2}$ for 1.333"
    assert named in text
    share = values[0] / values.sum()
    assert f"${values[0]:.0f} / {values.sum():.3f} = {share:.2f}$, so {100 * share:.0f}%" in text


def test_q28_projection_and_error(worked, centered, decomposition):
    text = worked(28)
    values, vectors = decomposition
    direction = vectors[:, :1] * np.sign(vectors[0, 0])
    scores = centered @ direction
    assert f"Projection of {pair(POINTS[0])}" in text
    assert f"Projection of {pair(POINTS[2])}" in text
    assert f"{pair(POINTS[0])} comes back exactly; {pair(POINTS[2])} becomes" in text
    assert rf"$(3 + 3)/\sqrt{{2}} = {scores[0, 0]:.3f}$" in text
    assert rf"$(1 - 1)/\sqrt{{2}} = {abs(scores[2, 0]):.0f}$" in text
    errors = ((centered - scores @ direction.T) ** 2).sum(axis=1)
    assert errors[0] == pytest.approx(0)
    assert f"becomes the mean (5, 4), with a squared error of {errors[2]:.0f}" in text
    listed = " + ".join(f"{abs(e):.0f}" for e in errors)
    assert f"${listed} = {errors.sum():.0f}$" in text
    assert rf"$(n-1)\lambda_2 = 3 \times 4/3 = {3 * values[1]:.0f}$" in text
    assert errors.sum() == pytest.approx(3 * values[1])


def test_q28_singular_values(worked, centered, decomposition):
    s = np.linalg.svd(centered, compute_uv=False)
    assert s**2 / 3 == pytest.approx(decomposition[0])
    assert f"centered data are {s[0]:.0f} and {s[1]:.0f}" in worked(28)
    assert f"${s[0]:.0f}^2/3 = {s[0] ** 2 / 3:.0f}$" in worked(28)
    assert f"${s[1]:.0f}^2/3 = {s[1] ** 2:.0f}/3$" in worked(28)
