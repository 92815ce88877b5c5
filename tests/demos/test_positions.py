"""Sine waves by hand, RoPE by hand and against transformers' own implementation."""

import numpy as np
import pytest

from demos.architecture.positions import (
    SMOLLM2_BASE,
    SMOLLM2_WIDTH,
    decay,
    offset_products,
    shuffle,
    sinusoids,
    turned,
)
from demos.shared.rope import frequencies, rotate


def test_sinusoids_of_width_4_by_hand():
    table = sinusoids(3, 4)
    assert table[0].tolist() == [0, 1, 0, 1]
    assert table[1] == pytest.approx([0.841471, 0.540302, 0.0099998, 0.99995], abs=1e-6)
    assert table[2] == pytest.approx([0.909297, -0.416147, 0.0199987, 0.9998], abs=1e-6)


def test_products_of_sinusoids_depend_on_the_offset_alone():
    table = sinusoids(128, 32)
    for offset in (0, 1, 17):
        products = [table[place] @ table[place + offset] for place in (0, 5, 100)]
        assert np.allclose(products, products[0])
    assert sinusoids(8, 4)[1] @ sinusoids(8, 4)[2] == pytest.approx(1.540, abs=5e-4)


def test_one_pair_turned_by_hand():
    # theta = 0.5: position 3 is an angle of 1.5, position 1 of 0.5, 12 of 6, 10 of 5.
    near = rotate([[1, 0], [1, 0]], [1.5, 0.5])
    assert near[0] == pytest.approx([0.0707, 0.9975], abs=1e-4)
    assert near[1] == pytest.approx([0.8776, 0.4794], abs=1e-4)
    far = rotate([[1, 0], [1, 0]], [6.0, 5.0])
    assert near[0] @ near[1] == pytest.approx(np.cos(1.0))
    assert far[0] @ far[1] == pytest.approx(near[0] @ near[1])


def test_rotation_is_that_of_transformers_for_smollm2():
    import torch
    from transformers import LlamaConfig
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

    config = LlamaConfig(
        hidden_size=576, num_attention_heads=9, num_key_value_heads=3, head_dim=SMOLLM2_WIDTH,
        max_position_embeddings=8192,
        rope_parameters={"rope_type": "default", "rope_theta": SMOLLM2_BASE},
    )  # fmt: skip
    draw = torch.Generator().manual_seed(0)
    queries = torch.randn(1, 9, 50, 64, generator=draw, dtype=torch.float64)
    keys = torch.randn(1, 3, 50, 64, generator=draw, dtype=torch.float64)
    cos, sin = LlamaRotaryEmbedding(config)(queries, torch.arange(50)[None])
    theirs = apply_rotary_pos_emb(queries, keys, cos, sin)
    for vectors, turned_by_them in zip((queries, keys), theirs, strict=True):
        ours = rotate(vectors[0].numpy(), np.arange(50), SMOLLM2_BASE)
        # Their angles are single precision.
        assert np.allclose(ours, turned_by_them[0].numpy(), atol=2e-5)


def test_rotation_keeps_lengths_and_position_0_turns_nothing():
    vectors = np.random.default_rng(0).standard_normal((3, 10, 8))
    turned_all = rotate(vectors, np.arange(10))
    assert np.allclose(np.linalg.norm(turned_all, axis=-1), np.linalg.norm(vectors, axis=-1))
    assert np.array_equal(turned_all[:, 0], vectors[:, 0])
    assert not np.allclose(turned_all[:, 1], vectors[:, 1])


def test_the_same_offset_gives_the_same_product():
    same = offset_products(2)
    assert [(o.query_at, o.key_at) for o in same][:3] == [(2, 0), (3, 1), (12, 10)]
    assert np.allclose([o.product for o in same], same[0].product, atol=1e-9)
    assert offset_products(3)[0].product != pytest.approx(same[0].product, abs=0.01)
    assert offset_products(2, seed=1) != same
    unturned = np.random.default_rng(0).standard_normal((2, SMOLLM2_WIDTH))
    assert offset_products(0)[4].product == pytest.approx(unturned[0] @ unturned[1])


def test_a_pair_in_numbers():
    assert frequencies(4).tolist() == [1, 0.01]
    first = turned(0, 12, 10)
    assert first.product == pytest.approx(np.cos(2))
    assert first.round_trip == pytest.approx(2 * np.pi)
    slowest = turned(31, 12, 10)
    assert slowest.radians == pytest.approx(100_000 ** (-62 / 64))


def test_agreeing_vectors_lose_with_distance():
    curve = decay(256)
    assert curve[0] == 1
    ones = np.ones(SMOLLM2_WIDTH)
    at_ten, at_zero = rotate([ones, ones], [10, 0], SMOLLM2_BASE)
    assert curve[10] == pytest.approx(at_ten @ at_zero / SMOLLM2_WIDTH)
    assert curve[1] > curve[10] > curve[100]


def test_only_positions_make_attention_notice_the_order():
    found = shuffle()
    assert found.without < 1e-12
    assert found.sinusoidal > 0.1
    assert found.rotary > 0.1
