"""Four-bit levels against their published values; blocks, errors and bits by hand."""

import numpy as np
import pytest

from demos.fine_tuning.quantization import (
    bits,
    compare,
    int4_levels,
    nf4_levels,
    quantize,
    scaled_histogram,
    scheme,
)
from tutor.errors import InputError

# Appendix E of "QLoRA" (Dettmers and others, arXiv:2305.14314): the exact values of NF4.
PUBLISHED = (
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
    -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
    0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
)  # fmt: skip


def matrix(seed=0, shape=(96, 128)):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def nearest(value, levels):
    return min(levels, key=lambda level: abs(level - value))


def test_the_levels_of_nf4_are_the_published_ones():
    assert nf4_levels().shape == (16,)
    assert np.abs(nf4_levels() - np.array(PUBLISHED)).max() < 1e-6
    assert 0.0 in nf4_levels()


def test_the_levels_of_int4_are_evenly_spaced():
    assert int4_levels() == pytest.approx([n / 7 for n in range(-7, 8)])


def test_the_block_of_the_docstring():
    block = np.array([0.9, -0.3, 0.1, 0.0], dtype=np.float32)
    as_int4, as_nf4 = (quantize(block, levels, 4) for levels in (int4_levels(), nf4_levels()))
    assert (as_int4.codes[0].astype(int) - 7).tolist() == [7, -2, 1, 0]
    assert as_int4.restore() == pytest.approx([0.9, -0.257, 0.129, 0], abs=5e-4)
    assert nf4_levels()[as_nf4.codes[0]] == pytest.approx([1, -0.2844, 0.0796, 0], abs=5e-5)
    assert as_nf4.restore() == pytest.approx([0.9, -0.256, 0.072, 0], abs=5e-4)


@pytest.mark.parametrize("levels", [nf4_levels(), int4_levels()], ids=["NF4", "int4"])
def test_every_weight_goes_to_the_nearest_level(levels):
    """Against a search through all levels, weight by weight."""
    weights = matrix(shape=(6, 50))  # the last block is not full
    restored = quantize(weights, levels, 64).restore().reshape(-1)
    flat = weights.reshape(-1)
    for start in range(0, 300, 64):
        block = flat[start : start + 64]
        scale = np.abs(block).max()
        wanted = [nearest(value / scale, levels) * scale for value in block]
        assert restored[start : start + 64] == pytest.approx(wanted, rel=1e-5, abs=1e-7)


def test_int4_is_off_by_half_a_step_at_most_and_nf4_by_half_its_widest_gap():
    weights = matrix(1)
    flat = weights.reshape(-1, 64)
    scales = np.abs(flat).max(axis=1, keepdims=True)
    for levels, gap in ((int4_levels(), 1 / 7), (nf4_levels(), 1 - 0.6961928)):
        off = np.abs(quantize(weights, levels).restore().reshape(-1, 64) - flat)
        assert (off <= scales * gap / 2 * 1.0001).all()


def test_levels_restore_themselves():
    for levels in (nf4_levels(), int4_levels()):
        stored = quantize(levels * np.float32(0.3), levels, len(levels))
        assert stored.restore() == pytest.approx(levels * np.float32(0.3))


def test_bits_by_hand():
    assert bits(64) == 4.5
    assert bits(64, double=True) == pytest.approx(4.126953125)
    assert bits(1024) == 4.03125


def test_a_scheme_measures_error_and_worst_weight():
    weights = np.array([[7, 3.4], [-7, 0]], dtype=np.float32)
    found = scheme("int4", weights, int4_levels(), 4)  # 3.4 becomes 3
    assert found.error == pytest.approx(0.4 / np.sqrt(49 + 11.56 + 49))
    assert found.largest == pytest.approx(0.4, abs=1e-6)
    assert found.levels_used == 4
    assert found.bits == 12


def test_nf4_is_better_on_normal_weights_and_int4_on_evenly_spread_ones():
    nf4, int4, coarse = compare(matrix(2, (512, 512)))
    assert nf4.error < int4.error < coarse.error
    assert coarse.block == 512 * 512
    even = np.random.default_rng(3).uniform(-1, 1, (512, 512)).astype(np.float32)
    nf4, int4, _ = compare(even)
    assert int4.error < nf4.error


def test_an_outlier_spoils_only_its_block():
    weights = matrix(4)
    before = compare(weights)[1].error * np.linalg.norm(weights)
    weights[0, 0] = 1000
    _, blockwise, coarse = (s.error * np.linalg.norm(weights) for s in compare(weights))
    weights[0, 0] = 0
    assert coarse > 0.99 * np.linalg.norm(weights)  # everything else has become 0
    assert blockwise < 2 * before


def test_odd_input():
    zeros = np.zeros((3, 3), dtype=np.float32)
    assert (quantize(zeros, nf4_levels()).restore() == 0).all()
    assert scheme("NF4", zeros, nf4_levels(), 64).error == 0
    one = np.array([[-2.5]], dtype=np.float32)
    assert quantize(one, nf4_levels()).restore() == pytest.approx(-2.5)
    long = scheme("int4", matrix(), int4_levels(), 10**12)  # no longer than the matrix
    assert long.block == matrix().size
    with pytest.raises(InputError, match="empty"):
        quantize(np.zeros((0, 4), dtype=np.float32), nf4_levels())
    for block in (1, 0, -64):
        with pytest.raises(InputError, match="2 weights or more"):
            quantize(matrix(), nf4_levels(), block)


def test_the_histogram_holds_all_weights():
    shares, centers = scaled_histogram(matrix(shape=(7, 9)), block=64)
    assert shares.sum() == pytest.approx(1)
    assert len(shares) == len(centers) == 60
    assert centers[0] == pytest.approx(-centers[-1])
