"""Recomputes the numbers printed in the worked examples of category 09."""

import math

import pytest


def kl(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def normal_cdf(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def normal_density(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def test_q25_loss_and_gradient_of_one_position(worked):
    text = worked(25)
    assert "gets the logits 2, 1, 0 and -1." in text
    exponentials = [math.exp(z) for z in (2, 1, 0, -1)]
    p = [x / sum(exponentials) for x in exponentials]
    assert f"add up to {sum(exponentials):.3f}," in text
    assert ", ".join(f"{x:.3f}" for x in p[:3]) + f" and {p[3]:.3f}." in text
    losses = [-math.log(x) for x in p]
    assert (
        rf"-\ln {p[0]:.3f} = {losses[0]:.3f}$ nats, or {losses[0] / math.log(2):.3f} bits" in text
    )
    assert f"the loss is {losses[1]:.3f} nats" in text
    for target in (0, 1):
        gradient = [x - (i == target) for i, x in enumerate(p)]
        assert math.isclose(sum(gradient), 0, abs_tol=1e-12)
        assert f"({', '.join(f'{g:.3f}' for g in gradient)})" in text


def test_q25_perplexity_and_uniform_loss(worked):
    text = worked(25)
    assert "got the probabilities 0.5, 0.25 and 0.1." in text
    p = [0.5, 0.25, 0.1]
    a, b, c = (-math.log(x) for x in p)
    mean = (a + b + c) / 3
    assert f"{a:.3f}, {b:.3f} and {c:.3f}, with mean {mean:.3f} nats" in text
    assert f"e^{{{mean:.3f}}} = {math.exp(mean):.2f}$" in text
    product = math.prod(p)
    assert rf"0.5 \times 0.25 \times 0.1 = {product:.4f}$" in text
    assert f"{product:.4f}^{{-1/3}} = {product ** (-1 / 3):.2f}$" in text
    uniform = f"{math.log(32_000):.2f} for 32,000 tokens and {math.log(128_256):.2f} for 128,256"
    assert uniform in text


def test_q29_both_directions(worked):
    text = worked(29)
    p, q = (0.7, 0.2, 0.1), (0.5, 0.3, 0.2)
    assert f"P = {p}" in text
    assert f"Q = {q}" in text
    for a, b in zip(p, q, strict=True):
        assert rf"{a} \ln({a}/{b}) = {a * math.log(a / b):.4f}$" in text
    forward = kl(p, q)
    assert f"the sum is {forward:.4f} nats, or {forward / math.log(2):.4f} bits" in text
    assert rf"\mathrm{{KL}}(Q \parallel P) = {kl(q, p):.4f}$" in text
    cross = -sum(a * math.log(b) for a, b in zip(p, q, strict=True))
    entropy = -sum(a * math.log(a) for a in p)
    assert f"cross-entropy is {cross:.4f} and the entropy of P is {entropy:.4f}" in text
    assert f"difference is {cross - entropy:.4f}" in text


def test_q29_mode_covering_and_mode_seeking(worked):
    text = worked(29)
    target, single, uniform = (0.49, 0.02, 0.49), (0.98, 0.01, 0.01), (1 / 3, 1 / 3, 1 / 3)
    assert f"two modes, {target}" in text
    assert f"one mode, {single}" in text
    assert f"| S, one mode | {kl(target, single):.3f} | {kl(single, target):.3f} |" in text
    assert f"| U, uniform | {kl(target, uniform):.3f} | {kl(uniform, target):.3f} |" in text
    assert kl(target, uniform) < kl(target, single)
    assert kl(single, target) < kl(uniform, target)


def test_q30_one_step_through_relu(worked):
    text = worked(30)
    assert "the input $x = (1, 2)$" in text
    assert "rows are (1, 0.5), (-1, -0.5) and (0.5, -0.25)" in text
    assert "with $v = (1, 1, 2)$" in text
    assert r"The target is 1 and the loss $\frac{1}{2}(y - 1)^2$" in text
    assert "A step with learning rate 0.1" in text
    assert "leaky ReLU of slope 0.01" in text
    x, rows, v, rate = (1, 2), [(1, 0.5), (-1, -0.5), (0.5, -0.25)], (1, 1, 2), 0.1
    z = [w[0] * x[0] + w[1] * x[1] for w in rows]
    a = [max(0, value) for value in z]
    y = sum(i * j for i, j in zip(v, a, strict=True))
    assert f"$z = ({', '.join(f'{value:g}' for value in z)})$" in text
    assert f"$a = ({', '.join(f'{value:g}' for value in a)})$" in text
    assert f"$y = {y:g}$" in text
    assert f"is {(y - 1) ** 2 / 2:g}." in text
    grad_y = y - 1
    grad_a = ", ".join(f"{grad_y * i:g}" for i in v)
    assert f"The gradient on $y$ is {grad_y:g}, on $a$ it is ({grad_a})" in text
    mask = [int(value > 0) for value in z]
    grad_z = [grad_y * i * m for i, m in zip(v, mask, strict=True)]
    grad_v = [grad_y * value for value in a]
    assert f"the mask is ({', '.join(map(str, mask))})" in text
    assert f"gradient on $z$ is ({', '.join(f'{g:g}' for g in grad_z)})" in text
    grad_row = [grad_z[0] * value for value in x]
    assert f"first weight row is ({grad_row[0]:g}, {grad_row[1]:g})" in text
    assert grad_z[1:] == [0, 0]
    assert f"gradient on $v$ is ({', '.join(f'{g:g}' for g in grad_v)})" in text
    row = [w - rate * g for w, g in zip(rows[0], grad_row, strict=True)]
    v1 = v[0] - rate * grad_v[0]
    output = v1 * max(0, row[0] * x[0] + row[1] * x[1])
    assert f"the first row ({row[0]:g}, {row[1]:g}) and $v_1 = {v1:g}$" in text
    assert f"new output is {output:g} and the loss {(output - 1) ** 2 / 2:g}." in text
    assert f"the gradient {grad_y * v[1] * 0.01:g} instead of 0" in text


@pytest.mark.parametrize("x", [-2, -0.5, 0, 0.5, 2])
def test_q30_derivatives_side_by_side(worked, x):
    s = sigmoid(x)
    gelu = normal_cdf(x) + x * normal_density(x)
    silu = s * (1 + x * (1 - s))
    row = f"| {x} | {int(x > 0)} | {gelu:.3f} | {silu:.3f} | {s * (1 - s):.3f} |"
    assert row in worked(30)


def test_q30_ten_sigmoid_layers(worked):
    assert f"0.25^{{10}} = {0.25**10:.8f}$" in worked(30)


def test_q31_forward_backward_and_step(worked):
    text = worked(31)
    assert r"$L = \frac{1}{2}(y - t)^2$" in text
    inputs = "Let $x = 2$, $w_1 = 0.5$, $b_1 = -0.2$, $w_2 = 1.5$, $b_2 = 0.1$"
    assert f"{inputs} and the target $t = 2$" in text
    assert "With learning rate 0.5" in text
    x, w1, b1, w2, b2, t, rate = 2, 0.5, -0.2, 1.5, 0.1, 2, 0.5

    def loss(w1, w2):
        return (w2 * sigmoid(w1 * x + b1) + b2 - t) ** 2 / 2

    z = w1 * x + b1
    a = sigmoid(z)
    y = w2 * a + b2
    forward = f"$z = {z:.1f}$, $a = {a:.4f}$, $y = {y:.4f}$, $L = {loss(w1, w2):.4f}$"
    assert forward in text
    grad_y = y - t
    grad_w2, grad_a, slope = grad_y * a, grad_y * w2, a * (1 - a)
    grad_z = grad_a * slope
    grad_w1 = grad_z * x
    assert f"= y - t = {grad_y:.4f}$" in text
    assert rf"{grad_y:.4f} \times a = {grad_w2:.4f}$" in text
    assert rf"{grad_y:.4f} \times w_2 = {grad_a:.4f}$" in text
    assert f"a(1 - a) = {slope:.4f}$" in text
    assert rf"\partial L/\partial z = {grad_z:.4f}$" in text
    assert rf"{grad_z:.4f} \times x = {grad_w1:.4f}$" in text
    h = 1e-5
    assert math.isclose((loss(w1 + h, w2) - loss(w1 - h, w2)) / (2 * h), grad_w1, rel_tol=1e-6)
    assert math.isclose((loss(w1, w2 + h) - loss(w1, w2 - h)) / (2 * h), grad_w2, rel_tol=1e-6)
    new1, new2 = w1 - rate * grad_w1, w2 - rate * grad_w2
    assert f"$w_1 = {new1:.4f}$ and $w_2 = {new2:.4f}$" in text
    assert f"from {loss(w1, w2):.4f} to {loss(new1, new2):.4f}" in text


def test_q31_shared_weight_adds_paths(worked):
    text = worked(31)
    assert "the weight $w = 3$ twice, with $x = 2$" in text
    w, x = 3, 2
    assert f"so $y = {w * w * x}$" in text
    inner, outer = w * x, w * x
    assert f"contributes $w x = {inner}$ and the outer use $w x = {outer}$" in text
    assert f"derivative is {inner + outer}, which agrees with $2 w x = {2 * w * x}$" in text
