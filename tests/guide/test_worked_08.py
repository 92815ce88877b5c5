"""Recomputes the numbers printed in the worked example of category 08."""

import math


def test_q8_bottleneck(worked):
    text = worked(8)
    state = 4 * 2 * 1000
    assert "4 LSTM layers of 1,000 cells, each with a hidden and a cell state" in text
    assert rf"$4 \times 2 \times 1000 = {state}$ numbers" in text
    assert f"{state // 5:,} per word for 5 words and {state // 50} per word for 50" in text


def test_q8_probability_and_loss(worked):
    text = worked(8)
    p = [0.8, 0.9, 0.7, 0.95]
    assert "the probabilities 0.8, 0.9, 0.7 and 0.95." in text
    product = r" \times ".join(str(x) for x in p)
    assert f"${product} = {math.prod(p):.4f}$" in text
    losses = [-math.log(x) for x in p]
    a, b, c, d = (f"{loss:.3f}" for loss in losses)
    mean = sum(losses) / len(losses)
    assert f"{a}, {b}, {c} and {d}. Their mean is {mean:.3f}" in text
    assert f"$e^{{{mean:.3f}}} = {math.exp(mean):.2f}$" in text


def test_q8_attention(worked):
    text = worked(8)
    assert "scores the three source words 0, 1 and 3." in text
    exps = [math.exp(score) for score in (0, 1, 3)]
    a, b, c = (f"{x:.3f}" for x in exps)
    assert f"{a}, {b} and {c} add up to {sum(exps):.3f}" in text
    weights = [x / sum(exps) for x in exps]
    a, b, c = (f"{w:.3f}" for w in weights)
    assert f"weights are {a}, {b} and {c}." in text
    states = [(1, 0), (0, 1), (1, 1)]
    assert f"With encoder states {states[0]}, {states[1]} and {states[2]} the" in text
    x, y = (sum(w * s[k] for w, s in zip(weights, states, strict=True)) for k in (0, 1))
    assert f"context vector is ({x:.3f}, {y:.3f})" in text
