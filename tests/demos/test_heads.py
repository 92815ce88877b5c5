"""One head by hand and against PyTorch's own attention; figures that describe heads."""

import numpy as np
import pytest

from demos.attention.habits import habits, random_spread
from demos.shared.arrays import entropy, softmax
from demos.shared.head import attend, causal_mask


def vectors(seed, *shapes):
    draw = np.random.default_rng(seed)
    return [draw.standard_normal(shape) for shape in shapes]


def test_one_query_by_hand():
    head = attend(
        np.array([[1, 2]]),
        np.array([[1, 0], [0, 1], [1, 1]]),
        np.array([[10, 0], [0, 10], [5, 5]]),
    )
    assert head.products.tolist() == [[1, 2, 3]]
    assert head.scores[0] == pytest.approx([0.7071, 1.4142, 2.1213], abs=1e-4)
    assert head.weights[0] == pytest.approx([0.1400, 0.2840, 0.5760], abs=1e-3)
    assert head.output[0] == pytest.approx([4.28, 5.72], abs=0.005)


def test_masked_rows_by_hand():
    # Keys are unit vectors, so the products are the queries' own first components.
    queries = np.array([[2, 1, 0, 0], [1, 3, 2, 0], [4, 2, 6, 0]])
    head = attend(queries, np.eye(4)[:3], np.eye(3), causal_mask(3))
    assert head.scores[2].tolist() == [2, 1, 3]
    assert head.masked[0].tolist() == [1, -np.inf, -np.inf]
    assert head.weights[0].tolist() == [1, 0, 0]
    assert head.weights[1] == pytest.approx([0.269, 0.731, 0], abs=5e-4)
    assert head.weights[2] == pytest.approx([0.245, 0.090, 0.665], abs=5e-4)
    assert np.allclose(head.output, head.weights)  # the values are unit vectors


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("scale", [True, False])
def test_the_output_is_that_of_torch(causal, scale):
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    queries, keys, values = vectors(3, (7, 16), (7, 16), (7, 5))
    theirs = scaled_dot_product_attention(
        *(torch.from_numpy(x) for x in (queries, keys, values)),
        is_causal=causal,
        scale=None if scale else 1.0,
    )
    ours = attend(queries, keys, values, causal_mask(7) if causal else None, scale)
    assert np.allclose(ours.output, theirs.numpy(), atol=1e-12)


def test_cross_attention_may_have_more_keys_than_queries():
    queries, keys, values = vectors(0, (2, 8), (5, 8), (5, 3))
    head = attend(queries, keys, values)
    assert head.weights.shape == (2, 5)
    assert head.output.shape == (2, 3)


def test_softmax_does_not_overflow_and_ignores_a_constant():
    row = np.array([[1.0, 2.0, 3.0]])
    assert softmax(row)[0] == pytest.approx([0.090, 0.245, 0.665], abs=5e-4)
    assert np.allclose(softmax(row + 1000), softmax(row))


def test_entropy_by_hand():
    rows = np.array([[1, 0, 0, 0], [0.25] * 4, [0.5, 0.25, 0.25, 0]])
    assert entropy(rows) == pytest.approx([0, 2, 1.5])


def test_without_the_division_the_same_scores_are_sharper():
    queries, keys, values = vectors(1, (6, 64), (6, 64), (6, 64))
    scaled, raw = attend(queries, keys, values), attend(queries, keys, values, scale=False)
    assert np.array_equal(scaled.products, raw.products)
    assert (entropy(raw.weights) < entropy(scaled.weights)).all()
    assert (raw.weights.argmax(-1) == scaled.weights.argmax(-1)).all()


def test_habits_name_what_a_head_does():
    previous = np.eye(4, k=-1)
    previous[0, 0] = 1
    sink = np.zeros((4, 4))
    sink[:, 0] = 1
    found = habits(np.stack([previous, sink, np.eye(4)]))
    assert found["previous"].tolist() == [1, pytest.approx(1 / 3), 0]
    assert found["first"].tolist() == [pytest.approx(1 / 3), 1, 0]
    assert found["own"].tolist() == [0, 0, 1]
    assert found["entropy"].tolist() == [0, 0, 0]
    alone = habits(np.ones((2, 1, 1)))
    assert alone["own"].tolist() == [1, 1]
    assert alone["previous"].tolist() == [0, 0]


def test_the_deviation_of_random_products_is_the_root_of_the_width():
    for spread in random_spread((4, 64, 1024), rows=500, seed=5):
        assert spread.deviation == pytest.approx(np.sqrt(spread.width), rel=0.05)
        assert spread.top_raw > spread.top_scaled
    assert random_spread(seed=1) == random_spread(seed=1)
    assert random_spread(seed=1) != random_spread(seed=2)
