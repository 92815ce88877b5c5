"""LoRA by hand: its update, merging, what stays frozen; and low rank against numpy's SVD."""

import numpy as np
import pytest
import torch

from demos.fine_tuning import lora
from demos.fine_tuning.low_rank import NF4_BITS, Cost, errors, memory, random_errors, rank_for
from tutor.errors import InputError


@pytest.fixture
def layers():
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(6, 10, bias=False), torch.nn.SiLU(), torch.nn.Linear(10, 6)
    )


def filled(adapters):
    """As if trained: B is no longer zero."""
    with torch.no_grad():
        for adapter in adapters:
            adapter.up.normal_(generator=torch.Generator().manual_seed(1))
    return adapters


def test_the_update_of_the_docstring():
    linear = torch.nn.Linear(2, 2, bias=False)
    x, before = torch.ones(1, 2), linear(torch.ones(1, 2))
    (adapter,) = lora.attach(torch.nn.Sequential(linear), rank=1, alpha=2)
    with torch.no_grad():
        adapter.down.copy_(torch.tensor([[1.0, 2.0]]))
        adapter.up.copy_(torch.tensor([[3.0], [0.0]]))
    assert adapter.update().tolist() == [[6, 12], [0, 0]]
    assert (linear(x) - before)[0].tolist() == pytest.approx([18, 0], abs=1e-5)


def test_training_begins_from_the_model_as_it_is(layers):
    x = torch.randn(4, 6)
    before = layers(x)
    lora.attach(layers, rank=2)
    assert torch.equal(layers(x), before)


def test_the_output_is_that_of_the_formula(layers):
    """h = W x + alpha / r * B A x, written out in float64 with numpy."""
    first, last = filled(lora.attach(layers, rank=3, alpha=6.0))
    x = np.random.default_rng(0).standard_normal((5, 6))

    def through(adapter, x):
        w, a, b = (t.detach().double().numpy() for t in
                   (adapter.linear.weight, adapter.down, adapter.up))  # fmt: skip
        return x @ w.T + 6.0 / 3 * (x @ a.T @ b.T)

    hidden = through(first, x)
    hidden = hidden / (1 + np.exp(-hidden))
    wanted = through(last, hidden) + layers[2].bias.detach().double().numpy()
    assert np.allclose(layers(torch.tensor(x).float()).detach().numpy(), wanted, atol=1e-5)


def test_merged_equals_unmerged_and_taking_off_restores(layers):
    x = torch.randn(20, 6)
    with torch.no_grad():
        before = layers(x)
        weight = layers[0].weight.clone()
        adapters = filled(lora.attach(layers, rank=2))
        beside = layers(x)
        assert (beside - before).abs().max() > 0.1
        lora.merge(adapters)
        assert torch.allclose(layers(x), beside, atol=1e-5)
        assert torch.allclose(layers[0].weight - weight, adapters[0].update(), atol=1e-6)
    assert not layers[0]._forward_hooks


def test_taking_the_adapters_off_restores_every_bit(layers):
    x = torch.randn(20, 6)
    before = layers(x)
    for adapter in filled(lora.attach(layers, rank=2)):
        adapter.remove()
    assert torch.equal(layers(x), before)


def test_only_the_adapters_learn(layers):
    adapters = lora.attach(layers, rank=2)
    layers(torch.randn(3, 6)).square().sum().backward()
    assert all(tensor.grad is None for tensor in layers.parameters())
    # B is zero, so A gets no gradient in the first step, and B does.
    assert adapters[0].down.grad.abs().max() == 0
    assert adapters[0].up.grad.abs().max() > 0
    assert [tuple(t.shape) for t in lora.parameters(adapters)] == [(2, 6), (10, 2), (2, 10), (6, 2)]


def test_the_update_has_the_rank(layers):
    first, _ = filled(lora.attach(layers, rank=2))
    assert torch.linalg.matrix_rank(first.update().detach()) == 2


def test_the_seed_decides(layers):
    import copy

    def start(seed):
        return lora.attach(copy.deepcopy(layers), rank=2, seed=seed)[0].down

    assert torch.equal(start(5), start(5))
    assert not torch.equal(start(5), start(6))


@pytest.mark.parametrize("rank", [0, -1, 7])
def test_an_impossible_rank_is_refused_and_nothing_is_changed(layers, rank):
    with pytest.raises(InputError, match="between 1 and 6"):
        lora.attach(layers, rank=rank)
    assert all(tensor.requires_grad for tensor in layers.parameters())


def test_singular_values_4_and_3():
    assert errors(np.diag([3.0, 4.0])) == pytest.approx([1, 0.6, 0])


@pytest.mark.parametrize("shape", [(30, 50), (50, 30), (1, 9)])
def test_errors_are_those_of_the_truncated_svd(shape):
    """Eckart and Young: rebuild the matrix from its r largest singular directions."""
    matrix = np.random.default_rng(1).standard_normal(shape)
    u, s, v = np.linalg.svd(matrix, full_matrices=False)
    wanted = [
        np.linalg.norm(matrix - u[:, :r] * s[:r] @ v[:r]) / np.linalg.norm(matrix)
        for r in range(len(s) + 1)
    ]
    assert errors(matrix) == pytest.approx(wanted, abs=1e-7)


def test_no_other_product_of_that_rank_is_better():
    """The best B for a random A, by least squares, is never closer than the bound."""
    rng = np.random.default_rng(2)
    matrix = rng.standard_normal((20, 30))
    for rank in (1, 5, 10):
        thin = rng.standard_normal((rank, 30))
        fitted = matrix @ np.linalg.pinv(thin) @ thin
        off = np.linalg.norm(matrix - fitted) / np.linalg.norm(matrix)
        assert off > errors(matrix)[rank]


def test_a_matrix_of_low_rank_is_kept_whole():
    rng = np.random.default_rng(3)
    product = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 25))
    assert errors(product)[3] < 1e-6
    assert rank_for(0.001, errors(product)) == 3
    assert rank_for(0, errors(np.eye(4))) == 4
    with pytest.raises(InputError, match="zeros"):
        errors(np.zeros((3, 3)))


def test_random_numbers_repeat_and_do_not_compress():
    assert (random_errors(40, 60, seed=1) == random_errors(40, 60, seed=1)).all()
    assert (random_errors(40, 60, seed=1) != random_errors(40, 60, seed=2)).any()
    assert random_errors(40, 60)[20] > 0.4


def test_costs_by_hand():
    """The guide's worked example of LoRA and QLoRA, one matrix of it."""
    cost = Cost(16, 4096, 4096)
    assert (cost.full, cost.adapter) == (16_777_216, 131_072)
    assert cost.share == 0.0078125
    assert cost.break_even == 2047  # 2048 * 8192 is all of it
    assert Cost(1, 2, 3).break_even == 1  # 5 < 6
    assert memory(0, cost.full) == pytest.approx(268.435456)
    assert memory(cost.full, 0) == pytest.approx(33.554432)
    assert memory(0, cost.adapter) == pytest.approx(2.097152)
    assert memory(cost.full, 0, NF4_BITS) == pytest.approx(8.654848)


def test_memory_of_a_7b_model_as_in_the_guide():
    base, linear, adapters = 6_738_415_616, 6_476_005_376, 39_976_960
    assert 32 * (4 * Cost(16, 4096, 4096).adapter + 3 * Cost(16, 4096, 11008).adapter) == adapters
    assert memory(0, base) / 1e3 == pytest.approx(107.81, abs=0.005)
    assert memory(base, adapters) / 1e3 == pytest.approx(14.12, abs=0.005)
    rest = memory(base - linear, 0)
    assert (memory(linear, adapters, NF4_BITS) + rest) / 1e3 == pytest.approx(4.51, abs=0.005)
