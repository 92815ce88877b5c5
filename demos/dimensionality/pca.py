"""Principal component analysis from its definition: center, covariance, eigenvectors, project.

Four points (8, 7), (2, 1), (6, 3), (4, 5), worked through in the guide's Q28:

    mean (5, 4); covariance [[6.667, 5.333], [5.333, 6.667]]
    eigenvalues 12 and 1.333 along (1, 1)/sqrt 2 and (1, -1)/sqrt 2; one component keeps 90 %
    (8, 7) projects to 4.243 on the first

Nothing here knows about texts or models.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.errors import InputError

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Components:
    """The mean (dimension,), eigenvalues (dimension,) falling, eigenvectors in columns."""

    mean: Matrix
    eigenvalues: Matrix
    directions: Matrix  # (dimension, component)

    @property
    def shares(self) -> Matrix:
        """The share of the variance that each component holds; they sum to 1."""
        total = self.eigenvalues.sum()
        found: Matrix = self.eigenvalues / total
        return found

    def project(self, rows: NDArray[np.floating], count: int) -> Matrix:
        """The first `count` coordinates of rows (row, dimension): centered, times directions."""
        centered = np.asarray(rows, dtype=np.float64) - self.mean
        found: Matrix = centered @ self.directions[:, :count]  # (row, count)
        return found

    def needed(self, share: float) -> int:
        """The fewest components that keep `share` (0 to 1) of the variance."""
        kept = np.cumsum(self.shares)
        return min(int(np.searchsorted(kept, share - 1e-12)) + 1, len(kept))


def principal_components(rows: NDArray[np.floating]) -> Components:
    """PCA of rows (row, dimension): the eigenvectors of C = X^T X / (n - 1), X centered.

    Shlens 2014, arXiv:1404.1100, section 5. Tiny negative eigenvalues are rounding and become 0.
    Raises InputError for fewer than two rows or rows that are all equal.
    """
    if len(rows) < 2:
        raise InputError("A covariance needs at least two texts.")
    mean = rows.mean(axis=0, dtype=np.float64)
    centered = rows - mean  # (row, dimension)
    covariance = centered.T @ centered / (len(rows) - 1)  # (dimension, dimension)
    values, vectors = np.linalg.eigh(covariance)  # of a symmetric matrix, rising
    values = np.maximum(values[::-1], 0)
    if values.sum() < 1e-12:
        raise InputError("The texts are all the same, so there is no variance to explain.")
    return Components(mean, values, vectors[:, ::-1])


def same_group(rows: NDArray[np.floating], groups: Sequence[int]) -> float:
    """Share of rows whose nearest other row by cosine is of the same group, 0 to 1.

    A stand-in for retrieval: each guide question's follow-ups are a group, and one of them searches
    among all the others.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled = rows / np.where(lengths == 0, 1, lengths)
    similar = scaled @ scaled.T  # (row, row)
    np.fill_diagonal(similar, -np.inf)
    of = np.asarray(groups)
    return float((of[similar.argmax(axis=1)] == of).mean())
