"""Recomputes the numbers printed in the worked example of category 07."""

import math

ROWS = {"cat": (0.8, 0.6), "dog": (0.6, 0.8), "car": (0.8, -0.6)}


def dot(u, v):
    return sum(a * b for a, b in zip(u, v, strict=True))


def test_q10_lookup_is_a_one_hot_product(worked):
    text = worked(10)
    assert ", ".join(f"{name} = ({x}, {y})" for name, (x, y) in ROWS.items()) in text
    one_hot = (0, 1, 0)
    x, y = (dot(one_hot, column) for column in zip(*ROWS.values(), strict=True))
    assert f"its one-hot vector is {one_hot}" in text
    assert f"returns the row ({x}, {y})" in text


def test_q10_cosines_of_unit_rows(worked):
    text = worked(10)
    assert all(math.isclose(dot(row, row), 1) for row in ROWS.values())
    for a, b in (("cat", "dog"), ("cat", "car")):
        line = next(line for line in text.splitlines() if line.startswith(f"- {a} and {b}:"))
        (x, y), (s, t) = ROWS[a], ROWS[b]
        last = f"({t})" if t < 0 else f"{t}"
        product = rf"${x} \times {s} + {y} \times {last} = {dot(ROWS[a], ROWS[b]):.2f}$"
        assert product in line


def test_q10_mean_of_rows(worked):
    x, y = (sum(column) / 3 for column in zip(*ROWS.values(), strict=True))
    mean = "$((0.8 + 0.6 + 0.8)/3, (0.6 + 0.8 - 0.6)/3)"
    assert f"{mean} = ({x:.3f}, {y:.3f})$" in worked(10)


def test_q10_random_start(worked):
    text = worked(10)
    assert "With $d = 768$ and standard deviation 0.02" in text
    assert rf"$0.02 \times \sqrt{{768}} = {0.02 * math.sqrt(768):.3f}$" in text
    assert rf"$1/\sqrt{{768}} = {1 / math.sqrt(768):.3f}$" in text


def test_q10_share_of_parameters(worked):
    text = worked(10)
    gpt2 = 50_257 * 768
    assert "GPT-2 small has 50,257 tokens and $d = 768$" in text
    assert "Llama 3 8B has 128,256 tokens and $d = 4096$" in text
    assert f"{gpt2:,} numbers, {100 * gpt2 / 124_439_808:.1f}% of its 124,439,808" in text
    llama = 128_256 * 4096
    assert f"{llama:,} numbers" in text
    assert f"{100 * 2 * llama / 8.03e9:.1f}% of its 8.03 billion" in text
