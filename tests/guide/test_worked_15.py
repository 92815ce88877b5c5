"""Recomputes the numbers printed in the worked example of category 15."""

import math

TRAINING = [2.90, 2.40, 2.00, 1.60, 1.30]
VALIDATION = [2.95, 2.60, 2.50, 2.62, 2.80]


def test_q18_losses_gaps_and_perplexities(worked):
    text = worked(18)
    for epoch, (train, valid) in enumerate(zip(TRAINING, VALIDATION, strict=True), start=1):
        row = [f"{train:.2f}", f"{valid:.2f}", f"{valid - train:.2f}", f"{math.exp(valid):.2f}"]
        assert f"| {epoch} | {' | '.join(row)} |" in text


def test_q18_early_stopping(worked):
    text = worked(18)
    patience = 2
    best = 1
    for epoch, loss in enumerate(VALIDATION, start=1):
        if loss < VALIDATION[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    assert f"turns after epoch {best}." in text
    assert f"With patience {patience} training stops after epoch {epoch}" in text
    assert f"weights of epoch {best} are restored" in text
    last, least = (round(math.exp(loss), 2) for loss in (VALIDATION[-1], VALIDATION[best - 1]))
    assert f"${last} - {least} = {last - least:.2f}$" in text
    saved = math.exp(VALIDATION[-1]) - math.exp(VALIDATION[best - 1])
    assert f"{saved:.2f}" == f"{last - least:.2f}"


def test_q18_weight_decay_and_dropout(worked):
    text = worked(18)
    rate, strength, weight = 0.1, 0.1, 2
    stated = rf"$\eta = {rate}$ and $\lambda = {strength}$ a weight of {weight} that"
    assert stated in text
    shrink = rate * strength
    assert rf"2 \times (1 - {shrink:.2f}) = {weight * (1 - shrink):.2f}$" in text
    after = weight * (1 - shrink) ** 100
    assert rf"2 \times {1 - shrink:.2f}^{{100}} = {after:.3f}$" in text
    p, activation = 0.25, 3
    assert f"$p = {p}$: an activation of {activation} becomes" in text
    kept = activation / (1 - p)
    assert f"$3/{1 - p} = {kept:g}$" in text
    assert rf"{1 - p} \times {kept:g} = {(1 - p) * kept:g}$" in text
