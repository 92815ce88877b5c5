"""Recomputes the numbers printed in the worked example of category 12."""

import math

TEACHER, STUDENT = (5, 3, 1), (4, 1, 2)
TEMPERATURE = 2


def softmax(logits, temperature=1):
    weights = [math.exp(z / temperature) for z in logits]
    return [w / sum(weights) for w in weights]


def listed(values):
    return ", ".join(f"{v:.3f}" for v in values)


def test_q15_soft_targets(worked):
    text = worked(15)
    assert "The teacher's logits are 5, 3 and 1, the student's 4, 1 and 2." in text
    sharp, soft = softmax(TEACHER), softmax(TEACHER, TEMPERATURE)
    assert f"$T = 1$: {listed(sharp)}. At $T = 2$: {listed(soft)}." in text
    assert f"Student at $T = 2$: {listed(softmax(STUDENT, TEMPERATURE))}." in text


def test_q15_losses(worked):
    text = worked(15)
    p, q = softmax(TEACHER, TEMPERATURE), softmax(STUDENT, TEMPERATURE)
    kl = sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
    printed = [(round(a, 3), round(b, 3)) for a, b in zip(p, q, strict=True)]
    assert f"{sum(a * math.log(a / b) for a, b in printed):.3f}" == f"{kl:.3f}"
    formula = " + ".join(rf"{a:.3f} \ln({a:.3f}/{b:.3f})" for a, b in printed)
    assert f"${formula} = {kl:.3f}$" in text
    soft = TEMPERATURE**2 * kl
    assert r"Total with $\alpha = 0.3$" in text
    assert rf"$4 \times {kl:.3f} = {soft:.3f}$" in text
    right = softmax(STUDENT)[0]
    hard = -math.log(right)
    assert rf'"cat" {right:.3f} at $T = 1$, so it is $-\ln {right:.3f} = {hard:.3f}$' in text
    total = 0.3 * hard + 0.7 * soft
    assert rf"$0.3 \times {hard:.3f} + 0.7 \times {soft:.3f} = {total:.3f}$" in text


def test_q15_gradients_of_the_soft_term(worked):
    """The printed gradients are checked against a finite difference of the loss itself."""

    def loss(logits):
        p, q = softmax(TEACHER, TEMPERATURE), softmax(logits, TEMPERATURE)
        return TEMPERATURE**2 * sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))

    text = worked(15)
    p, q = softmax(TEACHER, TEMPERATURE), softmax(STUDENT, TEMPERATURE)
    for i, token in ((1, "dog"), (2, "car")):
        up, down = list(STUDENT), list(STUDENT)
        up[i] += 1e-5
        down[i] -= 1e-5
        slope = (loss(up) - loss(down)) / 2e-5
        assert math.isclose(slope, TEMPERATURE * (q[i] - p[i]), rel_tol=1e-6)
        printed = rf'$2 \times ({q[i]:.3f} - {p[i]:.3f}) = {slope:.2f}$ for "{token}"'
        assert printed in text
