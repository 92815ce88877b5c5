"""Recomputes the numbers printed in the worked examples of category 21."""

import math

APPLICANTS, QUALIFIED = 100, 60


def test_q45_rates_before_the_fix(worked):
    text = worked(45)
    accepted, good = (50, 30), (45, 27)
    assert f"screens {APPLICANTS} applicants" in text
    assert f"{QUALIFIED} are qualified" in text
    assert f"accepts {accepted[0]} of group A, {good[0]} of them qualified" in text
    assert f"and {accepted[1]} of group B, {good[1]} of them qualified" in text
    a, b = (n / APPLICANTS for n in accepted)
    assert f"rates are {a:.2f} and {b:.2f}, a gap of {a - b:.2f}." in text
    assert f"${b:.2f}/{a:.2f} = {b / a:.2f}$" in text
    assert b / a < 0.8
    hit_a, hit_b = (n / QUALIFIED for n in good)
    assert f"$45/60 = {hit_a:.2f}$ and $27/60 = {hit_b:.2f}$" in text
    assert f"accepted, a gap of {hit_a - hit_b:.2f}." in text
    precision_a, precision_b = (g / n for g, n in zip(good, accepted, strict=True))
    assert precision_a == precision_b
    assert f"$45/50 = 27/30 = {precision_a:.2f}$" in text
    error = math.sqrt(a * (1 - a) / APPLICANTS + b * (1 - b) / APPLICANTS)
    assert rf"\sqrt{{0.5 \times 0.5/100 + 0.3 \times 0.7/100}} = {error:.3f}$" in text
    assert f"so {a - b:.2f} is {(a - b) / error:.1f} standard errors" in text


def test_q45_rates_after_the_fix(worked):
    text = worked(45)
    accepted, good = 44, 40
    assert f"accepts {accepted} of group B, {good} of them qualified" in text
    assert f"ratio is {accepted / 50:.2f}" in text
    assert f"0.75 - {good / QUALIFIED:.3f} = {45 / QUALIFIED - good / QUALIFIED:.3f}$" in text
    assert f"precision ${good}/{accepted} = {good / accepted:.3f}$" in text


def test_q50_weights_and_bandwidth(worked):
    text = worked(50)
    billions, bandwidth = 8.03, 3350
    assert f"{billions} billion weights" in text
    assert f"in 16 bits on one GPU with 80 GB and a bandwidth of {bandwidth:,} GB/s" in text
    assert "With 4.5 bits per weight" in text
    assert rf"{billions} \times 2 = {billions * 2:.2f}$ GB are stored" in text
    table = 128_256 * 4096
    assert rf"$128256 \times 4096 \times 2 = {table * 2 / 1e9:.2f}$ GB" in text
    read = billions * 1e9 - table
    full, small = read * 2 / 1e9, read * 4.5 / 8 / 1e9
    assert f"${full:.2f}/{bandwidth} = {full / bandwidth * 1000:.2f}$ ms" in text
    assert f"at most {bandwidth / full:.0f} tokens per second" in text
    times = f"{small / bandwidth * 1000:.2f} ms and {bandwidth / small:.0f} tokens per second"
    assert f"it is {small:.2f} GB, {times}" in text


def test_q50_batching(worked):
    text = worked(50)
    bandwidth, users = 3350, 52
    weights = (8.03e9 - 128_256 * 4096) * 2 / 1e9
    cache = 2 * 32 * 8 * 128 * 2 * 8192 / 1e9
    one, many = weights + cache, weights + users * cache
    assert rf"${weights:.2f} + {cache:.2f} = {one:.2f}$ GB" in text
    assert f"{one / bandwidth * 1000:.1f} ms, {bandwidth / one:.0f} tokens per second" in text
    assert rf"${weights:.2f} + {users} \times {cache:.4f} = {many:.2f}$ GB" in text
    assert f"{many / bandwidth * 1000:.1f} ms: each user gets {bandwidth / many:.0f}" in text
    assert f"{many / one:.1f} times fewer" in text
    assert f"all together {users * bandwidth / many:,.0f}, {users * one / many:.1f} times" in text


def test_q50_speculation(worked):
    text = worked(50)
    rate, drafted = 0.8, 4
    tokens = (1 - rate ** (drafted + 1)) / (1 - rate)
    assert rf"$(1 - {rate}^{{5}})/(1 - {rate}) = {tokens:.2f}$ tokens" in text
    gain = tokens / (1 + drafted * 0.05)
    assert rf"${tokens:.2f}/(1 + {drafted} \times 0.05) = {gain:.1f}$" in text


def test_q50_cache(worked):
    text = worked(50)
    assert "32 layers, 8 key-value heads of size 128" in text
    assert "With 32 key-value heads" in text
    assert "If 72 GB may be used" in text
    per_token = 2 * 32 * 8 * 128 * 2
    assert rf"2 \times 32 \times 8 \times 128 \times 2 = {per_token}$ bytes" in text
    conversation = per_token * 8192 / 1e9
    assert f"8,192 tokens needs {conversation:.2f} GB" in text
    free = 72 - 8.03 * 2
    assert f"$72 - 16.06 = {free:.2f}$ GB are left for {free // conversation:.0f} such" in text
    assert f"it would be {free // (conversation * 32 / 8):.0f}." in text


def test_q50_cost_and_agents(worked):
    text = worked(50)
    assert "USD 3 per GPU-hour and 2,000 tokens per second" in text
    assert "with probability 0.95, ten steps" in text
    millions = 2000 * 3600 / 1e6
    assert f"{millions:.1f} million tokens per hour, USD {3 / millions:.2f} per million" in text
    assert f"20% utilization the same million costs USD {3 / millions / 0.2:.2f}" in text
    assert f"0.95^{{10}} = {0.95**10:.2f}$" in text
