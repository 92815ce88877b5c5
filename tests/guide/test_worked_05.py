"""Recomputes the numbers printed in the worked examples of category 05."""

import math

import pytest


def test_q5_beam_search_finds_the_better_product(worked):
    text = worked(5)
    greedy, beam = 0.5 * 0.4, 0.4 * 0.9
    assert greedy < beam
    for value in (greedy, beam):
        assert f"= {value:.2f}$" in text
        assert rf"\ln {value:.2f} = {math.log(value):.3f}" in text


@pytest.mark.parametrize("temperature", [0.5, 1, 2])
def test_q6_softmax_with_temperature(worked, temperature):
    weights = [math.exp(logit / temperature) for logit in (4, 3, 2, 0)]
    p = [weight / sum(weights) for weight in weights]
    entropy = -sum(x * math.log2(x) for x in p)
    row = " | ".join([f"{temperature}", *(f"{x:.3f}" for x in p), f"{entropy:.3f}"])
    assert f"| {row} |" in worked(6)
    assert f"{math.exp(1 / temperature):.2f} at T = {temperature}" in worked(6)


def test_q12_top_k_and_top_p(worked):
    text = worked(12)
    p = [0.42, 0.21, 0.14, 0.09, 0.06, 0.04, 0.02, 0.01, 0.01]
    assert ", ".join(f"{x:.2f}" for x in p[:-1]) + f" and {p[-1]:.2f}" in text
    assert f"{sum(p):.2f}" == "1.00"
    kept = p[:3]
    a, b, c = (f"{x / sum(kept):.3f}" for x in kept)
    assert f"sum is {sum(kept):.2f}, so they become {a}, {b} and {c}" in text
    sums = [sum(p[: n + 1]) for n in range(5)]
    assert sums[3] < 0.9 <= sums[4]
    assert ", ".join(f"{s:.2f}" for s in sums[:4]) + f" and {sums[4]:.2f}" in text
