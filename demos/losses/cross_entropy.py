"""Cross-entropy by hand, next to what PyTorch's autograd says.

By hand means: the formula of a textbook, in NumPy, without automatic differentiation.

    logits (2, 1, 0, -1), first token right
        probabilities (0.644, 0.237, 0.087, 0.032), loss -ln 0.644 = 0.440 nats
        gradient on the logits (-0.356, 0.237, 0.087, 0.032): probabilities minus the one-hot target
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demos.shared.arrays import Array
from tutor.errors import InputError

MOST = 12  # entries of a distribution: what a table can show
LARGEST = 1000.0  # of a logit or any other number typed


@dataclass(frozen=True)
class CrossEntropy:
    """Cross-entropy in nats of logits against one right token, and its gradient on the logits.

    `exponentials` are taken after subtracting the largest logit, which changes no probability.
    """

    target: int
    logits: Array
    exponentials: Array
    probabilities: Array
    loss: float
    gradient: Array
    auto_loss: float
    auto_gradient: Array


def numbers(values: Sequence[float], what: str) -> Array:
    """2 to 12 finite numbers as an array; InputError otherwise."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not 2 <= len(array) <= MOST:
        raise InputError(f"{what}: type 2 to {MOST} numbers, separated by spaces or commas.")
    if not (np.isfinite(array).all() and (np.abs(array) <= LARGEST).all()):
        raise InputError(f"{what}: the numbers must lie between -{LARGEST:g} and {LARGEST:g}.")
    return array


def cross_entropy(logits: Sequence[float], target: int) -> CrossEntropy:
    """-log softmax(logits)[target]; the gradient is softmax(logits) minus the one-hot target.

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 6.2.2.3. `target` counts
    from 0. Raises InputError for a target that is not there.
    """
    z = numbers(logits, "Logits")
    if not 0 <= target < len(z):
        raise InputError(f"The target must be one of the {len(z)} tokens.")
    exponentials = np.exp(z - z.max())
    probabilities = exponentials / exponentials.sum()
    loss = float(np.log(exponentials.sum()) - (z[target] - z.max()))
    gradient = probabilities - np.eye(len(z))[target]
    auto_loss, auto_gradient = auto_cross_entropy(z, target)
    return CrossEntropy(
        target, z, exponentials, probabilities, loss, gradient, auto_loss, auto_gradient
    )


def auto_cross_entropy(logits: Array, target: int) -> tuple[float, Array]:
    """The same from torch: value and gradient of `torch.nn.functional.cross_entropy`."""
    import torch

    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(target))
    (gradient,) = torch.autograd.grad(loss, z)
    return loss.item(), gradient.numpy()
