"""Recomputes the numbers printed in the worked examples of category 03."""

import math

import pytest


@pytest.mark.parametrize("n", [64, 512, 4096])
def test_q17_operations_per_layer(worked, n):
    d = 512
    attention, recurrent = n * n * d, n * d * d
    row = f"| {n:,} | {attention:,} | {recurrent:,} | {attention / recurrent:g} | 1 vs {n:,} |"
    assert row in worked(17)
    assert f"$d = {d}$, counting multiplications as $n^2 d$" in worked(17)
    assert "and $n d^2$ for recurrence" in worked(17)


def test_q17_signal_over_distance(worked):
    steps, kept = 50, 0.9
    signal = f"keeps {kept:.0%} of a signal, then after {steps} steps"
    assert f"{signal} ${kept}^{{{steps}}} = {kept**steps:.4f}$" in worked(17)
    assert f"the distance of {steps} is one step" in worked(17)


def sinusoidal(position: int) -> list[float]:
    frequencies = [10000 ** (-2 * i / 4) for i in range(2)]
    return [f(position * w) for w in frequencies for f in (math.sin, math.cos)]


def dot(a, b) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_q21_sinusoidal_table(worked, position):
    fast, slow = (10000 ** (-2 * i / 4) for i in range(2))
    assert f"**Sinusoidal, $d = 4$.** The frequencies are {fast:g} and {slow:g}." in worked(21)
    assert f"| p | sin p | cos p | sin {slow:g}p | cos {slow:g}p |" in worked(21)
    row = " | ".join([f"{position}", *(f"{x:.3f}" for x in sinusoidal(position))])
    assert f"| {row} |" in worked(21)


def test_q21_sinusoidal_dot_product_depends_on_the_offset(worked):
    near = dot(sinusoidal(1), sinusoidal(2))
    assert math.isclose(near, dot(sinusoidal(5), sinusoidal(6)))
    assert math.isclose(near, math.cos(1) + math.cos(0.01))
    printed = rf"of the vectors of positions 1 and 2 is $\cos 1 + \cos 0.01 = {near:.3f}$."
    assert f"{printed} For positions 5 and 6 it is the same" in worked(21)


@pytest.mark.parametrize(("query_at", "key_at"), [(3, 1), (12, 10)])
def test_q21_rope_depends_on_the_offset(worked, query_at, key_at):
    theta = 0.5
    assert rf"$\theta = {theta}$.** Query and key are both (1, 0) before" in worked(21)
    assert rf"$\cos(2 \times {theta})$" in worked(21)
    query, key = ((math.cos(p * theta), math.sin(p * theta)) for p in (query_at, key_at))
    printed = [f"({x:.3f}, {y:.3f})" for x, y in (query, key)]
    line = f"Query at position {query_at}, key at position {key_at}: rotated to {printed[0]} and"
    assert f"{line} {printed[1]}" in worked(21)
    (text,) = [part for part in worked(21).splitlines() if line in part]
    score = dot(query, key)
    assert math.isclose(score, math.cos((query_at - key_at) * theta))
    assert f" {score:.3f}" in text.split("dot product", 1)[1]


def scientific(x: float) -> str:
    mantissa, exponent = f"{x:.1e}".split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}$"


def test_q43_products_of_factors(worked):
    text = worked(43)
    slope = max(s * (1 - s) for s in (1 / (1 + math.exp(-x / 10)) for x in range(-50, 51)))
    assert f"derivative is at most {slope:g}: at most" in text
    assert "over 100 time steps with factor 0.9: " in text
    assert "spans the 100 positions in one step" in text
    assert "ten of $+0.05$ and ten of $-0.05$" in text
    assert f"the factors are {1 + 0.05:g} and {1 - 0.05:g}, and" in text
    assert "twenty factors of 1.5, " in text
    assert f"$0.25^{{10}} = {scientific(0.25**10)}" in text
    assert f"$0.9^{{100}} = {scientific(0.9**100)}" in text
    assert f"$0.05^{{20}} = {scientific(0.05**20)}" in text
    assert rf"$(1.05 \times 0.95)^{{10}} = {((1 + 0.05) * (1 - 0.05)) ** 10:.3f}$" in text
    assert f"$1.5^{{20}} = {1.5**20:.0f}$" in text


def test_q43_variance_of_the_residual_stream(worked):
    plain, scaled = 1.0, 1.0
    for _ in range(24):
        plain += 1
        scaled += (1 / math.sqrt(24)) ** 2
    assert "24 sublayers each add an independent contribution of variance 1" in worked(43)
    assert "to a stream of variance 1, the variance" in worked(43)
    assert r"scaled by $1/\sqrt{24}$" in worked(43)
    assert f"$1 + 24 = {plain:.0f}$" in worked(43)
    assert f"$1 + 24/24 = {scaled:.0f}$" in worked(43)


def test_q46_allowed_pairs(worked):
    target, source = 4, 6
    causal = sum(1 for i in range(target) for j in range(target) if j <= i)
    assert f"For {target} tokens" in worked(46)
    assert f"a source of {source} tokens" in worked(46)
    assert rf"$4 \times 4 = {target * target}$" in worked(46)
    assert rf"$4 \times 5 / 2 = {causal}$" in worked(46)
    assert rf"$4 \times 6 = {target * source}$" in worked(46)


def test_q46_weights_with_and_without_mask(worked):
    text = worked(46)
    scores = (1, 2, 3, 0)
    assert "Token 2 has the scores 1, 2, 3 and 0 for tokens 1 to 4." in text
    assert "tokens 3 and 4 are masked" in text
    assert f"Token {scores.index(max(scores)) + 1} has the highest score" in text
    exps = [math.exp(score) for score in scores]
    a, b, c, d = (f"{x:.3f}" for x in exps)
    assert f"{a}, {b}, {c} and {d} add up to {sum(exps):.3f}" in text
    a, b, c, d = (f"{x / sum(exps):.3f}" for x in exps)
    assert f"weights are {a}, {b}, {c} and {d}." in text
    seen = exps[:2]
    a, b = (f"{x / sum(seen):.3f}" for x in seen)
    assert f"sum is {sum(seen):.3f}, and the weights are {a}, {b}, 0 and 0" in text


def test_q46_parameters(worked):
    text = worked(46).replace("{,}", ",")
    d, hidden = 512, 2048
    assert f"with $d = {d}$ and feed-forward size {hidden:,}," in text
    encoder, decoder = (blocks * 4 * d**2 + 2 * d * hidden for blocks in (1, 2))
    assert rf"$4 \times 512^2 + 2 \times 512 \times 2048 = {encoder:,}$" in text
    assert rf"$8 \times 512^2 + 2 \times 512 \times 2048 = {decoder:,}$" in text
    assert f"Six of each give {6 * encoder:,} and {6 * decoder:,}." in text
