"""Recomputes the numbers printed in the worked examples of category 11."""

import pytest

D, FF, LAYERS, VOCAB = 4096, 11008, 32, 32000
LINEAR = LAYERS * (4 * D * D + 3 * D * FF)
TOTAL = LINEAR + 2 * VOCAB * D + (2 * LAYERS + 1) * D


def test_q4_trained_parameters(worked):
    text = worked(4)
    rank = 16
    attention, feed_forward = rank * (D + D), rank * (D + FF)
    layer = 4 * attention + 3 * feed_forward
    assert f"{TOTAL:,} parameters in all" in text
    assert rf"$16 \times (4096 + 4096) = {attention}$" in text
    assert f"{100 * attention / D**2:.2f}% of its {D**2:,} weights" in text
    assert rf"$16 \times (4096 + 11008) = {feed_forward}$" in text
    assert rf"$4 \times {attention} + 3 \times {feed_forward} = {layer}$" in text
    assert f"{LAYERS * layer:,}, which is {100 * LAYERS * layer / TOTAL:.2f}%" in text


def test_q4_memory(worked):
    text = worked(4)
    trained = LAYERS * 16 * (4 * 2 * D + 3 * (D + FF))
    plain, double = 32 / 64, 8 / 64 + 32 / (64 * 256)
    assert f"$32/64 = {plain:g}$" in text
    assert rf"$8/64 + 32/(64 \times 256) = {double:.3f}$" in text
    assert f"the {LINEAR:,} weights of the linear layers at {4 + double:.3f} bits" in text
    state = 16 * trained / 1e9
    bases = {
        "LoRA": 2 * TOTAL / 1e9,
        "QLoRA": (LINEAR * (4 + double) / 8 + 2 * (TOTAL - LINEAR)) / 1e9,
    }
    full = f"{16 * TOTAL / 1e9:.2f}"
    assert f"| Full fine-tuning | in the state | {full} | {full} |" in text
    for name, base in bases.items():
        assert f"| {name} | {base:.2f} | {state:.2f} | {base + state:.2f} |" in text


def test_q14_elastic_weight_consolidation(worked):
    text = worked(14)
    fisher, old, target = (9, 0.25), 1, 3
    mean = sum(fisher) / 2
    assert f"mean strength {mean}" in text

    def minimum(strengths):
        return [(target + s * old) / (1 + s) for s in strengths]

    weights = {
        "Plain fine-tuning": minimum((0, 0)),
        "Uniform penalty": minimum((mean, mean)),
        "EWC": minimum(fisher),
    }
    losses = {}
    for name, theta in weights.items():
        new = sum((t - target) ** 2 / 2 for t in theta)
        rise = sum(f * (t - old) ** 2 / 2 for f, t in zip(fisher, theta, strict=True))
        losses[name] = new, rise
        row = f"| {name} | {theta[0]:.3f} | {theta[1]:.3f} | {new:.2f} | {rise:.2f} |"
        assert row in text
    assert all(a < b for a, b in zip(losses["EWC"], losses["Uniform penalty"], strict=True))
    a, b = weights["EWC"]
    assert rf"\theta_1 = 12/10 = {a:g}$ and $\theta_2 = 3.25/1.25 = {b:g}$" in text
    assert f"= 7.625/5.625 = {(target + mean) / (1 + mean):.3f}$" in text


def test_q14_rehearsal_share(worked):
    old = 10000 * 0.05 / 0.95
    assert rf"$10000 \times 0.05/0.95$ gives {old:.0f} old examples" in worked(14)


PEFT = {
    "Prompt tuning": 20 * D,
    "IA3": LAYERS * (D + D + FF),
    "Prefix tuning": 20 * 2 * D * LAYERS,
    "LoRA": LAYERS * 2 * 16 * (D + D),
    "Adapters": LAYERS * 2 * (2 * D * 64 + 64 + D),
}


@pytest.mark.parametrize("name", PEFT)
def test_q35_parameters_of_the_family(worked, name):
    count = PEFT[name]
    text = worked(35)
    assert f"= {count}$" in text
    row = f"| {name} | {count} | {100 * count / TOTAL:.4f}% | {2 * count / 1e6:.1f} MB |"
    assert row in text


def test_q35_storage_of_a_hundred_tasks(worked):
    text = worked(35)
    model, lora = 2 * TOTAL / 1e9, 2 * PEFT["LoRA"] / 1e9
    assert f"{TOTAL:,} parameters" in text
    assert f"The full model takes {model:.1f} GB" in text
    assert f"cost {100 * model:.0f} GB as full copies" in text
    assert f"and {model:.1f} GB plus {100 * lora:.1f} GB" in text
