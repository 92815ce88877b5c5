"""Recomputes the numbers printed in the worked examples of category 14."""

import math

import pytest


def test_q41_calibrated_labels(worked):
    text = worked(41)
    scores, empty = (0.030, 0.024), (0.040, 0.010)
    assert "positive {:.3f} and negative {:.3f}".format(*scores) in text
    assert "positive {:.3f} and negative {:.3f}".format(*empty) in text
    total = sum(scores)
    assert f"${scores[0]:.3f}/{total:.3f} = {scores[0] / total:.3f}$ for positive" in text
    assert scores[0] > scores[1]
    a, b = (s / e for s, e in zip(scores, empty, strict=True))
    assert f"$0.030/0.040 = {a:g}$ and $0.024/0.010 = {b:g}$" in text
    share = a / (a + b)
    assert f"${a:g}/{a + b:g} = {share:.3f}$ and negative {1 - share:.3f}" in text
    assert share < 0.5


def test_q41_clip_softmax(worked):
    text = worked(41)
    similarities = (0.28, 0.25, 0.20)
    logits = [100 * s for s in similarities]
    weights = [math.exp(z - max(logits)) for z in logits]
    shares = [w / sum(weights) for w in weights]
    for values, form in ((similarities, "{:.2f}"), (logits, "{:.0f}"), (shares, "{:.3f}")):
        a, b, c = (form.format(v) for v in values)
        assert f"{a}, {b} and {c}" in text


@pytest.mark.parametrize("demonstrations", [0, 1, 2, 4])
def test_q44_task_recognition(worked, demonstrations):
    text = worked(44)
    priors, likelihoods = (0.6, 0.3, 0.1), (0.1, 0.2, 0.8)
    for a, b, c in (priors, likelihoods):
        assert f"{a}, {b} and {c}" in text
    weights = [p * q**demonstrations for p, q in zip(priors, likelihoods, strict=True)]
    row = " | ".join(f"{w / sum(weights):.3f}" for w in weights)
    assert f"| {demonstrations} | {row} |" in text


def test_q44_cost(worked):
    text = worked(44)
    short, added = 150 + 40, 8 * 60
    assert f"make {short} tokens" in text
    assert (
        f"add {added}, so each request has {short + added} tokens, "
        f"{(short + added) / short:.1f} times" in text
    )
