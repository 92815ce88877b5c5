"""Recomputes the numbers printed in the worked examples of category 02."""

import math

import pytest


def softmax(scores):
    weights = [math.exp(score - max(scores)) for score in scores]
    return [weight / sum(weights) for weight in weights]


def listed(values, decimals=3):
    *first, last = (f"{value:.{decimals}f}" for value in values)
    return f"{', '.join(first)} and {last}"


def test_q2_one_query_attends_to_three_tokens(worked):
    text = worked(2)
    keys, values = [(1, 0), (0, 1), (1, 1)], [(10, 0), (0, 10), (5, 5)]
    scores = [1 * a + 2 * b for a, b in keys]
    assert f"Dot products: {listed(scores, 0)}." in text
    scaled = [score / math.sqrt(2) for score in scores]
    assert listed(scaled) in text
    weights = softmax(scaled)
    assert f"Softmax: {listed(weights)}" in text
    out = [sum(w * v[d] for w, v in zip(weights, values, strict=True)) for d in (0, 1)]
    assert f"= ({out[0]:.2f}, {out[1]:.2f})$" in text


def test_q22_parameters_and_cache(worked):
    text = worked(22)
    assert f"512 / 8 = {512 // 8}" in text
    assert f"= {4 * 512**2:,}$".replace(",", "{,}") in text
    for heads, decimals in ((32, 1), (8, 1), (1, 3)):
        gib = 2 * 32 * heads * 128 * 8192 * 2 / 2**30
        (line,) = [li for li in text.splitlines() if li.startswith(f"- {heads} key-value head")]
        assert f": {gib:.{decimals}f} GiB" in line


def test_q23_softmax_and_saturation(worked):
    text = worked(23)
    exponentials = [math.exp(score - 3) for score in (1, 2, 3)]
    assert f"e^{{-2}} = {exponentials[0]:.3f}" in text
    assert f"e^{{-1}} = {exponentials[1]:.3f}" in text
    assert f"sum is {sum(exponentials):.3f}" in text
    mild, sharp = softmax([1, 2, 3]), softmax([10, 20, 30])
    assert f"Weights: {listed(mild)}" in text
    assert f"round to {listed(sharp)}" in text
    top = mild[2]
    assert rf"{top:.3f} \times {1 - top:.3f} = {top * (1 - top):.3f}" in text
    assert f"about {sharp[2] * (1 - sharp[2]):.5f}" in text


def test_q24_dot_product_and_cosine(worked):
    text = worked(24)
    query, key = (2, 1, 0, 1), (1, 1, 1, 0)
    dot = sum(q * k for q, k in zip(query, key, strict=True))
    assert f"= {dot}$" in text
    assert rf"{dot} / \sqrt{{4}} = {dot / 2}" in text
    a, b = math.hypot(*query), math.hypot(*key)
    assert f"{a:.3f}" in text
    assert f"{b:.3f}" in text
    assert f"= {dot / (a * b):.3f}$" in text
    assert f"double to {2 * dot}" in text
    assert f"is {math.isqrt(64)} at $d_k = 64$ and {math.isqrt(4096)} at $d_k = 4096$" in text


@pytest.mark.parametrize(("row", "scores"), [(1, [2]), (2, [1, 3]), (3, [4, 2, 6])])
def test_q32_masked_rows(worked, row, scores):
    weights = softmax([score / 2 for score in scores])
    printed = listed(weights) if len(weights) > 1 else f"{weights[0]:.3f}"
    assert f"ow {row}: {printed}" in worked(32)


def test_q32_memory(worked):
    assert f"{8192**2 * 2 // 2**20} MiB" in worked(32)
    assert f"{32 * 8192**2 * 2 // 2**30} GiB for 32 heads" in worked(32)
