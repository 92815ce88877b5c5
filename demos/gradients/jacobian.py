"""The softmax's Jacobian as a matrix, by formula and by autograd, and what backpropagation does.

    J = diag(p) - p p^T        J_ij = p_i (1[i = j] - p_j)

Logits 2, 1, 0 give p = (0.665, 0.245, 0.090) and the first row 0.2227, -0.1628, -0.0599. Every
row adds up to zero. For an arriving gradient (1, 0, -1) backpropagation passes on
p * (g - p.g) = (0.283, -0.141, -0.142) without ever forming J. Times 10, the logits' softmax is
nearly one-hot and the largest entry falls to 0.00005.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demos.shared.arrays import Array
from demos.shared.cores import one_core
from tutor.errors import InputError

MOST_LOGITS = 8
LARGEST = 1000.0


@dataclass(frozen=True)
class Jacobian:
    """Softmax p (output,), its Jacobian (output, logit), and a gradient passed through it."""

    logits: Array
    chances: Array
    matrix: Array
    arriving: Array
    passed: Array  # p * (g - p.g), shape (logit,)


def read_numbers(text: str, what: str) -> tuple[float, ...]:
    """Two to MOST_LOGITS numbers, with commas or spaces between; InputError if it is not so."""
    try:
        numbers = tuple(float(part) for part in re.split(r"[,;\s]+", text[:400].strip()) if part)
    except ValueError:
        raise InputError(f"The {what} must be numbers. Type for example: 2, 1, 0") from None
    if not 2 <= len(numbers) <= MOST_LOGITS:
        raise InputError(f"The {what} must be 2 to {MOST_LOGITS} numbers. Type: 2, 1, 0")
    if not all(abs(number) <= LARGEST for number in numbers):
        raise InputError(f"The {what} must lie between -{LARGEST:g} and {LARGEST:g}.")
    return numbers


def softmax_jacobian(
    logits: Sequence[float], scale: float = 1.0, arriving: Sequence[float] | None = None
) -> Jacobian:
    """The Jacobian of softmax at scale * logits, and the gradient `arriving` passed back.

    Without `arriving`: 1 at the first output, -1 at the last. InputError if it has another length
    than the logits.
    """
    z = np.asarray(logits, dtype=np.float64) * scale
    if arriving is None:
        arriving = [1.0, *[0.0] * (len(z) - 2), -1.0]
    if len(arriving) != len(z):
        told = f"There are {len(z)} logits and {len(arriving)} gradients."
        raise InputError(f"{told} Type {len(z)} gradients, or none for 1, 0, ..., -1.")
    g = np.asarray(arriving, dtype=np.float64)
    p = np.exp(z - z.max())
    p /= p.sum()
    matrix = np.diag(p) - np.outer(p, p)  # (output, logit)
    return Jacobian(z, p, matrix, g, vector_product(p, g))


def vector_product(p: Array, g: Array) -> Array:
    """The vector-Jacobian product of softmax, J^T g, in as many steps as there are logits."""
    return p * (g - p @ g)


def autograd_jacobian(logits: Sequence[float] | Array) -> Array:
    """The same matrix from torch.autograd.functional.jacobian: one backward pass per row."""
    import torch

    with one_core():
        z = torch.tensor(list(logits), dtype=torch.float64)
        found = torch.autograd.functional.jacobian(lambda x: x.softmax(0), z)
    matrix: Array = found.numpy()
    return matrix
