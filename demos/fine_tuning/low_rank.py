"""How well a matrix is kept by two thin ones, and what the thin ones cost.

The best approximation of rank r keeps the r largest singular values (Eckart and Young, 1936), so
the error follows from the singular values that are left out:

    singular values (4, 3), rank 1: error sqrt(3^2 / (4^2 + 3^2)) = 0.6
    a 4096 x 4096 matrix at rank 16: 16 * (4096 + 4096) = 131,072 parameters instead of 16,777,216
    to train it takes 268.4 MB in full, 33.6 + 2.1 MB with LoRA, 8.7 + 2.1 MB with QLoRA
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.fine_tuning.quantization import BLOCK, bits
from demos.shared.arrays import Array
from tutor.errors import InputError

# Adam in fp32: weight, gradient and two moments of 4 bytes each. Mixed precision comes to 16 too:
# 2 for the weight, 2 for the gradient, 12 for a 32-bit copy and both moments.
TRAINING_BYTES = 16
STORED_BITS = 16.0  # of a weight that is only used
NF4_BITS = bits(BLOCK, double=True)  # of one in QLoRA


@dataclass(frozen=True)
class Cost:
    """What training a matrix of (rows, columns) costs in full and as an adapter of some rank."""

    rank: int
    rows: int
    columns: int

    @property
    def full(self) -> int:
        """Parameters of the matrix itself."""
        return self.rows * self.columns

    @property
    def adapter(self) -> int:
        """Parameters of B (rows, rank) and A (rank, columns): r (rows + columns)."""
        return self.rank * (self.rows + self.columns)

    @property
    def share(self) -> float:
        """The adapter's parameters as a share of the matrix's; above 1 it saves nothing."""
        return self.adapter / self.full

    @property
    def break_even(self) -> int:
        """The largest rank at which the adapter is smaller than the matrix."""
        return (self.full - 1) // (self.rows + self.columns)


def memory(frozen: int, trained: int, stored: float = STORED_BITS) -> float:
    """Megabytes (10^6 bytes) for parameters while training, activations apart.

    `frozen` ones take `stored` bits each, `trained` ones TRAINING_BYTES.
    """
    return (frozen * stored / 8 + trained * TRAINING_BYTES) / 1e6


def errors(matrix: NDArray[np.floating]) -> Array:
    """The relative Frobenius error of the best approximation at every rank, shape (rank + 1,).

    Entry r belongs to rank r: entry 0 is 1, the last is 0. InputError for a matrix of zeros.
    """
    wide = matrix.astype(np.float64)
    if wide.shape[0] > wide.shape[1]:
        wide = wide.T
    # The eigenvalues of M M^T are the squared singular values of M, and much cheaper.
    squares = np.linalg.eigvalsh(wide @ wide.T)[::-1].clip(0)
    if not squares.sum() > 0:
        raise InputError("A matrix of zeros has no directions to keep.")
    left = np.append(np.cumsum(squares[::-1])[::-1], 0.0)  # sum of the squares from r on
    kept: Array = np.sqrt(left / left[0])
    return kept


def random_errors(rows: int, columns: int, seed: int = 0) -> Array:
    """The same of a matrix of independent normal numbers: nothing to compress, for comparison."""
    return errors(np.random.default_rng(seed).standard_normal((rows, columns)))


def rank_for(wanted: float, error: Array) -> int:
    """The smallest rank whose error is at most `wanted`."""
    return int(np.argmax(error <= wanted))
