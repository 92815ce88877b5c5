"""The warps against the guide's numbers and against transformers' own processors."""

import numpy as np
import pytest

from demos.shared.arrays import entropy, softmax
from demos.shared.warp import Warp, min_p, repetition_penalty, reshape, temperature, top_k, top_p
from tutor.errors import InputError

LOGITS = np.array([4.0, 3.0, 2.0, 0.0])


@pytest.fixture
def logits():
    """300 logits of both signs."""
    return np.random.default_rng(3).normal(0, 4, 300)


def by_transformers(logits, *processors, seen=()):
    """The logits after transformers' processors, in their order."""
    import torch

    scores = torch.tensor(logits[None])
    ids = torch.tensor([list(seen)], dtype=torch.long)
    for processor in processors:
        scores = processor(ids, scores)
    return scores[0].numpy()


def test_softmax_of_the_guides_example():
    assert softmax(LOGITS).round(3).tolist() == [0.657, 0.242, 0.089, 0.012]
    sharp = 1 / (1 + np.e**-2 + np.e**-4 + np.e**-8)
    assert softmax(temperature(LOGITS, 0.5))[0] == pytest.approx(sharp)


def test_the_nucleus_of_the_guides_example():
    p = np.array([0.42, 0.21, 0.14, 0.09, 0.06, 0.04, 0.02, 0.01, 0.01])
    assert np.isfinite(top_p(np.log(p), 0.9)).sum() == 5
    assert softmax(top_k(np.log(p), 3))[:3].round(3).tolist() == [0.545, 0.273, 0.182]


def test_min_p_keeps_a_share_of_the_best():
    p = np.array([0.5, 0.3, 0.11, 0.09])
    assert np.isfinite(min_p(np.log(p), 0.2)).tolist() == [True, True, True, False]


def test_temperature_zero_is_greedy():
    assert softmax(temperature(LOGITS, 0)).tolist() == [1, 0, 0, 0]


def test_a_constant_changes_nothing_but_the_penalty():
    seen = np.array([True, False, False, False])
    warp = Warp(0.7, 3, 0.9, 0.05)
    shifted = softmax(reshape(LOGITS - 7, warp, seen))
    np.testing.assert_allclose(softmax(reshape(LOGITS, warp, seen)), shifted, atol=1e-12)
    plain, moved = (softmax(repetition_penalty(x, seen, 1.5)) for x in (LOGITS, LOGITS - 4))
    assert abs(plain[0] - moved[0]) > 0.1


def test_entropy_by_hand():
    assert entropy(np.array([0.25, 0.25, 0.25, 0.25])) == pytest.approx(2)
    assert entropy(np.array([1.0, 0.0])) == 0


@pytest.mark.parametrize("value", [0.3, 1.0, 1.7])
def test_temperature_as_in_transformers(logits, value):
    from transformers import TemperatureLogitsWarper

    expected = by_transformers(logits, TemperatureLogitsWarper(value))
    np.testing.assert_allclose(temperature(logits, value), expected)


@pytest.mark.parametrize("k", [1, 7, 300, 500])
def test_top_k_as_in_transformers(logits, k):
    from transformers import TopKLogitsWarper

    np.testing.assert_array_equal(top_k(logits, k), by_transformers(logits, TopKLogitsWarper(k)))


@pytest.mark.parametrize("p", [0.01, 0.5, 0.9, 0.999])
def test_top_p_as_in_transformers(logits, p):
    from transformers import TopPLogitsWarper

    np.testing.assert_array_equal(top_p(logits, p), by_transformers(logits, TopPLogitsWarper(p)))


@pytest.mark.parametrize("share", [0.001, 0.1, 0.9])
def test_min_p_as_in_transformers(logits, share):
    from transformers import MinPLogitsWarper

    expected = by_transformers(logits, MinPLogitsWarper(share))
    np.testing.assert_array_equal(min_p(logits, share), expected)


def test_all_together_as_in_transformers(logits):
    from transformers import (
        MinPLogitsWarper,
        RepetitionPenaltyLogitsProcessor,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    ids = np.argsort(-logits)[[0, 2, 5, 200]]
    seen = np.isin(np.arange(300), ids)
    expected = by_transformers(
        logits,
        RepetitionPenaltyLogitsProcessor(1.3),
        TemperatureLogitsWarper(1.4),
        TopKLogitsWarper(40),
        TopPLogitsWarper(0.95),
        MinPLogitsWarper(0.02),
        seen=ids,
    )
    np.testing.assert_allclose(reshape(logits, Warp(1.4, 40, 0.95, 0.02, 1.3), seen), expected)


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -1},
        {"temperature": float("nan")},
        {"top_k": -1},
        {"top_p": 0},
        {"min_p": 1},
        {"repetition_penalty": 0.5},
    ],
)
def test_settings_out_of_range_are_an_input_error(wrong):
    with pytest.raises(InputError, match="must be"):
        Warp(**wrong)
