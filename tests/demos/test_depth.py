"""Gradients through depth and along a sequence: by hand, against autograd, and what must hold."""

import numpy as np
import pytest

from demos.architecture.depth import KINDS, depths, describe, gradient_norms, join, normalized
from demos.architecture.recurrence import costs, reaches


@pytest.fixture(scope="module")
def stacks():
    return {stack.kind: stack for stack in depths(12)}


def test_factors_by_hand():
    """Ten sublayers of slope 0.05 and ten of -0.05, as numbers instead of matrices."""
    import torch

    def slope(kind):
        x = start = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
        for factor in [0.05, -0.05] * 10:
            x = join(kind, x, lambda x, factor=factor: factor * x)
        return float(torch.autograd.grad(x, start)[0])

    assert abs(slope("plain")) == pytest.approx(0.05**20)
    assert slope("residual") == pytest.approx((1.05 * 0.95) ** 10)


def test_plain_vanishes_and_the_norms_hold_the_gradient(stacks):
    assert stacks["plain"].kept < 1e-3
    for kind in ("post-norm", "pre-norm"):
        assert 0.05 < stacks[kind].kept < 20
    assert stacks["residual"].spread > 100 * stacks["pre-norm"].spread
    assert stacks["post-norm"].spread == pytest.approx(1, abs=1e-3)
    assert all(stack.norms[-1] == pytest.approx(1) for stack in stacks.values())
    assert all(len(stack.norms) == 13 for stack in stacks.values())
    for kind in KINDS:
        assert kind in describe(tuple(stacks.values()))


def test_deeper_plain_stacks_vanish_exponentially():
    kept = [gradient_norms("plain", blocks, 1.0, "gelu", 0).kept for blocks in (6, 12, 24)]
    assert kept[0] > 10 * kept[1] > 100 * kept[2]


def test_a_stack_of_sigmoids_loses_more_than_one_of_tanh():
    kept = {a: gradient_norms("plain", 8, 1.0, a, 0).kept for a in ("sigmoid", "tanh")}
    assert kept["sigmoid"] < kept["tanh"] / 100
    with pytest.raises(ValueError, match="unknown activation"):
        gradient_norms("plain", 2, 1.0, "step", 0)


def test_the_gradient_is_that_of_small_differences():
    """The norm at the input of one block against a numerical derivative of its definition."""
    import torch

    from demos.architecture.depth import TOKENS, WIDTH, attention, feed_forward, random

    def loss(shift):
        draw = torch.Generator().manual_seed(3)
        x = random(draw, TOKENS, WIDTH) + shift
        for sublayer in (attention(draw, 1.0), feed_forward(draw, 1.0, "tanh")):
            x = join("pre-norm", x, sublayer)
        direction = random(draw, TOKENS, WIDTH)
        return float((x * direction / direction.norm()).sum())

    square, step = 0.0, 1e-5
    for place in np.ndindex(TOKENS, WIDTH):
        shift = torch.zeros(TOKENS, WIDTH, dtype=torch.float64)
        shift[place] = step
        square += ((loss(shift) - loss(-shift)) / (2 * step)) ** 2
    found = gradient_norms("pre-norm", 1, 1.0, "tanh", 3)
    assert found.norms[0] == pytest.approx(square**0.5, rel=1e-6)


def test_rms_norm_is_that_of_torch():
    import torch

    x = torch.randn(5, 16, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(normalized(x), torch.nn.functional.rms_norm(x, (16,), eps=1e-6))


def test_the_same_seed_gives_the_same_numbers():
    assert depths(3, seed=4) == depths(3, seed=4)
    assert depths(3, seed=4) != depths(3, seed=5)
    assert reaches(9, seed=4) == reaches(9, seed=4)


def test_a_linear_recurrence_keeps_a_to_the_power_of_the_distance():
    linear = reaches(51, 0.9)[0]
    assert linear.norms == pytest.approx([0.9**distance for distance in range(51)])
    assert linear.norms[50] == pytest.approx(0.0052, abs=1e-4)
    assert reaches(64, 0.9)[0].kept == pytest.approx(0.9**32)
    assert reaches(20, 1.1)[0].norms[-1] == pytest.approx(1.1**19)


def test_recurrent_nets_forget_and_attention_does_not():
    linear, rnn, lstm, attention = reaches(64, 0.9)
    assert max(linear.kept, rnn.kept, lstm.kept) < 0.05
    assert rnn.kept < linear.kept  # tanh only takes away
    assert attention.kept > 0.5


def test_costs_by_hand():
    assert [(c.attention, c.recurrent) for c in costs()] == [
        (2_097_152, 16_777_216),
        (134_217_728, 134_217_728),
        (8_589_934_592, 1_073_741_824),
    ]
