"""KL divergence in both directions by hand, next to autograd's gradients.

P = (0.7, 0.2, 0.1), Q = (0.5, 0.3, 0.2)
    KL(P || Q) = 0.2355 - 0.0811 - 0.0693 = 0.0851 nats, KL(Q || P) = 0.0920
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demos.losses.cross_entropy import numbers
from demos.shared.arrays import Array
from tutor.errors import InputError


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


def distribution(values: Sequence[float], what: str) -> Array:
    """Shares that add up to 1, from 2 to 12 numbers of at least 0, not all of them 0."""
    array = numbers(values, what)
    if (array < 0).any() or not array.sum() > 0:
        raise InputError(f"{what}: probabilities are at least 0, and one of them is above 0.")
    return array / array.sum()


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
        p,
        q,
        forward_terms,
        reverse_terms,
        entropy,
        entropy + float(forward_terms.sum()),
        *gradients,
    )


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
