"""Recomputes the numbers printed in the worked examples of category 10."""

import math

import pytest

ROWS = [(0.1, 0.2), (0.5, -0.3), (0, 0.4), (-0.2, 0.1), (0.3, 0.3)]
IDS = (3, 1, 3)
ARRIVING = [(0.2, -0.1), (0.4, 0.3), (-0.1, 0.5)]


def softmax(logits):
    weights = [math.exp(z) for z in logits]
    return [w / sum(weights) for w in weights]


def jacobian_of_softmax(p):
    return [[a * (i == j) - a * b for j, b in enumerate(p)] for i, a in enumerate(p)]


def vector(values, digits=None):
    form = "g" if digits is None else f".{digits}f"
    return f"({', '.join(format(value, form) for value in values)})"


def scatter_add():
    gradient = [[0.0, 0.0] for _ in ROWS]
    for token, arriving in zip(IDS, ARRIVING, strict=True):
        for k in (0, 1):
            gradient[token][k] += arriving[k]
    return gradient


def test_q26_scatter_add_and_step(worked):
    text = worked(26)
    assert "ids 0 to 4, width 2. The input is the sequence 3, 1, 3," in text
    assert "learning rate 0.5, row 3" in text
    assert "Rows 0, 2 and 4 get zero" in text
    gradient = scatter_add()
    assert ", ".join(vector(g) for g in ARRIVING[:2]) + f" and {vector(ARRIVING[2])}." in text
    assert f"${vector(ARRIVING[0])} + {vector(ARRIVING[2])} = {vector(gradient[3])}$" in text
    assert f"Row 1 gets {vector(gradient[1])}" in text
    assert all(gradient[v] == [0, 0] for v in (0, 2, 4))
    new = {v: [e - 0.5 * g for e, g in zip(ROWS[v], gradient[v], strict=True)] for v in (1, 3)}
    moves = (
        f"row 3 moves from {vector(ROWS[3])} to {vector(new[3])}"
        f" and row 1 from {vector(ROWS[1])} to {vector(new[1])}"
    )
    assert moves in text


def test_q26_tied_output_layer(worked):
    text = worked(26)
    assert "The last hidden vector is (2, 1)" in text
    assert "The right token is number 4" in text
    assert ", ".join(vector(r) for r in ROWS[:4]) + f" and {vector(ROWS[4])} before" in text
    hidden = (2, 1)
    logits = [sum(a * b for a, b in zip(row, hidden, strict=True)) for row in ROWS]
    p = softmax(logits)
    assert ", ".join(f"{z:.1f}" for z in logits[:4]) + f" and {logits[4]:.1f}" in text
    assert ", ".join(f"{x:.3f}" for x in p[:4]) + f" and {p[4]:.3f}" in text
    error = [x - (i == 4) for i, x in enumerate(p)]
    rows = [[e * x for x in hidden] for e in error]
    assert f"${p[4]:.3f} - 1 = {error[4]:.3f}$" in text
    assert rf"${error[4]:.3f} \times (2, 1) = {vector(rows[4], 3)}$" in text
    assert rf"${error[0]:.3f} \times (2, 1) = {vector(rows[0], 3)}$" in text
    lookup = scatter_add()[3]
    total = [a + b for a, b in zip(lookup, rows[3], strict=True)]
    assert f"${vector(lookup)} + {vector(rows[3], 3)} = {vector(total, 3)}$" in text


def test_q26_real_sizes(worked):
    text = worked(26)
    assert "8,192 positions touch" in text
    assert "128,256 tokens; with width 4,096" in text
    assert f"at most {8192 / 128_256:.1%} of the rows" in text
    assert f"{128_256 * 4096:,} weights" in text


def test_q27_softmax_jacobian_and_vjp(worked):
    text = worked(27)
    assert "The softmax of the logits 2, 1 and 0" in text
    assert "incoming gradient g = (1, 0, -1)" in text
    p = softmax((2, 1, 0))
    jacobian = jacobian_of_softmax(p)
    assert f"p = {vector(p, 3)}" in text
    for number, row in enumerate(jacobian, start=1):
        assert f"| output {number} | " + " | ".join(f"{x:.4f}" for x in row) + " |" in text
        assert math.isclose(sum(row), 0, abs_tol=1e-12)
    g = (1, 0, -1)
    mean = sum(a * b for a, b in zip(p, g, strict=True))
    vjp = [a * (b - mean) for a, b in zip(p, g, strict=True)]
    full = [sum(g[i] * jacobian[i][j] for i in range(3)) for j in range(3)]
    assert vjp == pytest.approx(full)
    assert rf"$p \cdot g = {mean:.3f}$" in text
    assert rf"$p \odot (g - {mean:.3f}) = {vector(vjp, 3)}$" in text


def test_q27_saturated_softmax(worked):
    text = worked(27)
    assert "Multiply the logits by 10 " in text
    before, after = (
        max(max(row) for row in jacobian_of_softmax(softmax([scale * z for z in (2, 1, 0)])))
        for scale in (1, 10)
    )
    assert f"p becomes {vector(softmax((20, 10, 0)), 5)}" in text
    assert f"falls from {before:.4f} to {after:.5f}" in text


def test_q27_residual_block_depth_and_size(worked):
    text = worked(27)
    assert "Over 24 layers a factor of 0.5 " in text
    assert "residual factors of 1.05 or 0.95 " in text
    assert "at width 4,096 the Jacobian" in text
    jacobian, g = ((0.1, 0.2), (0, -0.1)), (1, 2)
    assert f"rows {vector(jacobian[0])} and {vector(jacobian[1])}, and g = {g}" in text
    plain = [sum(g[i] * jacobian[i][j] for i in range(2)) for j in range(2)]
    assert f"the shortcut {vector(plain)} is passed down" in text
    assert f"= {vector([a + b for a, b in zip(g, plain, strict=True)])}$" in text
    assert f"$0.5^{{24}} = {0.5**24:.8f}$" in text
    assert f"leave {1.05**24:.2f} or {0.95**24:.2f}" in text
    entries = 4096**2
    assert f"{entries:,} entries, {2 * entries / 1e6:.1f} MB" in text
    assert f"needs {2 * 4096:,} bytes" in text


def test_q48_learning_rate_and_curvature(worked):
    text = worked(48)
    assert "Minimize $5w^2$" in text
    assert "from $w = 1$" in text
    curvature = 2 * 5
    assert f"curvature is {curvature}," in text
    assert f"$2/{curvature} = {2 / curvature}$" in text
    for rate, words in (
        (0.05, "each step multiplies $w$ by {}; after five steps $w = {}$"),
        (0.15, "the factor is {}; $w$ jumps across the minimum but still shrinks, to {}."),
        (0.25, "the factor is {}; after five steps $w = {}$"),
    ):
        factor = 1 - rate * curvature
        line = words.format(f"{factor:g}", f"{factor**5:.3f}")
        assert rf"$\eta = {rate}$: {line}" in text


def test_q48_schedule(worked):
    text = worked(48)
    peak, least, warmup, steps = 0.0003, 0.00003, 2_000, 100_000

    def rate(step):
        if step < warmup:
            return peak * step / warmup
        done = (step - warmup) / (steps - warmup)
        return least + (peak - least) * (1 + math.cos(math.pi * done)) / 2

    assert f"Peak {peak}, minimum {least:.5f}, {warmup:,} warmup steps of {steps:,}" in text
    half = warmup + (steps - warmup) // 2
    assert f"At step 1,000 the rate is {rate(1000):.5f}, at step 2,000 it is {rate(2000):g}" in text
    assert f"at step {half:,} (half of the decay) {rate(half):.6f}" in text
    assert f"at the end {rate(steps):.5f}." in text


def test_q48_batch_width_search_and_compute(worked):
    text = worked(48)
    assert "Going from 256 to 1,024 sequences" in text
    assert "From 0.0003 the linear rule" in text
    assert "If 5% of all settings are good, 60 random trials" in text
    assert "5 values for each of 3 hyperparameters" in text
    assert "70 billion parameters and 1.4 trillion tokens" in text
    k = 1024 / 256
    assert f"$k = {k:g}$" in text
    linear, root = 0.0003 * k, 0.0003 * math.sqrt(k)
    assert f"linear rule gives {linear:.4f}, the square-root rule {root:.4f}" in text
    assert f"0.004 at width 256 becomes {0.004 * 256 / 4096:.5f} at width 4,096" in text
    assert f"$1 - 0.95^{{60}} = {1 - 0.95**60:.3f}$" in text
    assert f"needs {5**3} runs" in text
    parameters, tokens = 70e9, 1.4e12
    assert f"is {tokens / parameters:g} tokens per parameter" in text
    mantissa, exponent = f"{6 * parameters * tokens:.2e}".split("e+")
    assert rf"$6ND = {mantissa} \times 10^{{{exponent}}}$" in text
