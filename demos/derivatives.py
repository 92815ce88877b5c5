"""Losses and derivatives worked out by hand, each next to what PyTorch's autograd says.

By hand means: the formula of a textbook, in NumPy, without automatic differentiation.

    logits (2, 1, 0, -1), first token right
        probabilities (0.644, 0.237, 0.087, 0.032), loss -ln 0.644 = 0.440 nats
        gradient on the logits (-0.356, 0.237, 0.087, 0.032): probabilities minus the one-hot target
    P = (0.7, 0.2, 0.1), Q = (0.5, 0.3, 0.2)
        KL(P || Q) = 0.2355 - 0.0811 - 0.0693 = 0.0851 nats, KL(Q || P) = 0.0920
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.errors import InputError

Array = NDArray[np.float64]
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


@dataclass(frozen=True)
class Divergence:
    """KL divergence in nats in both directions, term by term.

    The gradients are those on the logits z of Q = softmax(z); None where a probability of 0 makes
    a logarithm, and so the divergence in one direction, infinite.
    """

    p: Array
    q: Array
    forward_terms: Array  # of KL(P || Q)
    reverse_terms: Array  # of KL(Q || P)
    entropy: float  # H(P)
    cross_entropy: float  # H(P, Q) = H(P) + KL(P || Q)
    forward_gradient: Array | None
    reverse_gradient: Array | None
    auto_forward_gradient: Array | None
    auto_reverse_gradient: Array | None

    @property
    def forward(self) -> float:
        """KL(P || Q)."""
        return float(self.forward_terms.sum())

    @property
    def reverse(self) -> float:
        """KL(Q || P)."""
        return float(self.reverse_terms.sum())


def numbers(values: Sequence[float], what: str) -> Array:
    """2 to 12 finite numbers as an array; InputError otherwise."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not 2 <= len(array) <= MOST:
        raise InputError(f"{what}: type 2 to {MOST} numbers, separated by spaces or commas.")
    if not (np.isfinite(array).all() and (np.abs(array) <= LARGEST).all()):
        raise InputError(f"{what}: the numbers must lie between -{LARGEST:g} and {LARGEST:g}.")
    return array


def distribution(values: Sequence[float], what: str) -> Array:
    """Shares that add up to 1, from 2 to 12 numbers of at least 0, not all of them 0."""
    array = numbers(values, what)
    if (array < 0).any() or not array.sum() > 0:
        raise InputError(f"{what}: probabilities are at least 0, and one of them is above 0.")
    return array / array.sum()


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


def divergence(data: Sequence[float], model: Sequence[float]) -> Divergence:
    """KL(P || Q) = sum P log(P/Q) and KL(Q || P), P the data, with gradients on the logits of Q.

    d KL(P || Q) / dz = Q - P, which is cross-entropy's gradient, since H(P) does not depend on z.
    d KL(Q || P) / dz = Q * (log(Q/P) - KL(Q || P)), from the softmax's derivative.
    Terms with 0 before the logarithm count 0 (Cover and Thomas, "Elements of Information Theory",
    2nd edition, section 2.3). Raises InputError for unequal lengths or negative numbers.
    """
    p, q = distribution(data, "P"), distribution(model, "Q")
    if len(p) != len(q):
        raise InputError(f"P has {len(p)} entries and Q has {len(q)}. Give both the same number.")
    forward_terms, reverse_terms = kl_terms(p, q), kl_terms(q, p)
    entropy = -float((p[p > 0] * np.log(p[p > 0])).sum())
    gradients: tuple[Array | None, ...] = (None,) * 4
    if (p > 0).all() and (q > 0).all():
        by_hand = (q - p, q * (np.log(q / p) - reverse_terms.sum()))
        gradients = (*by_hand, *auto_divergence(p, q))
    return Divergence(
        p, q, forward_terms, reverse_terms, entropy, entropy + float(forward_terms.sum()),
        *gradients,
    )  # fmt: skip


def kl_terms(p: Array, q: Array) -> Array:
    """P log(P/Q) entry by entry: 0 where P is 0, infinite where only Q is 0."""
    terms = np.where(p > 0, np.inf, 0.0)
    both = (p > 0) & (q > 0)
    terms[both] = p[both] * np.log(p[both] / q[both])
    return terms


def auto_divergence(p: Array, q: Array) -> tuple[Array, Array]:
    """Autograd's gradients of both directions on the logits of Q."""
    import torch

    fixed = torch.tensor(p)
    z = torch.tensor(np.log(q), requires_grad=True)
    model = z.softmax(-1)
    forward = (fixed * (fixed.log() - model.log())).sum()
    reverse = (model * (model.log() - fixed.log())).sum()
    (first,) = torch.autograd.grad(forward, z, retain_graph=True)
    (second,) = torch.autograd.grad(reverse, z)
    return first.numpy(), second.numpy()
