"""Recomputes the numbers printed in the worked example of category 04."""

LAYERS, KV_HEADS, HEAD_DIM, BYTES = 32, 8, 128, 2
TOKENS = 131_072
GIB = 2**30


def text_of(worked) -> str:
    return worked(3).replace("{,}", ",")


def test_q3_cache(worked):
    text = text_of(worked)
    per_token = 2 * LAYERS * KV_HEADS * HEAD_DIM * BYTES
    shape = f"has {LAYERS} layers, {KV_HEADS} key-value heads of dimension {HEAD_DIM},"
    assert f"Llama 3.1 8B {shape} and {8 * BYTES}-bit numbers" in text
    assert rf"$2 \times 32 \times 8 \times 128 \times 2 = {per_token:,}$ bytes" in text
    assert f"which is {per_token / 1024:.0f} KiB" in text
    assert f"{TOKENS:,} tokens needs {per_token * TOKENS / GIB:.1f} GiB" in text
    weights = 8.03e9 * BYTES / GIB
    assert f"8.03 billion parameters at 2 bytes are {weights:.1f} GiB" in text
    assert per_token * TOKENS / GIB > weights
    full = per_token // KV_HEADS * 32
    assert f"With 32 key-value heads it would be {full * TOKENS / GIB:.1f} GiB" in text


def test_q3_computation(worked):
    text = text_of(worked)
    dimension = 4096
    per_position = 4 * LAYERS * dimension
    assert f"With $d = {dimension}$ the attention" in text
    weights = 2 * 75 * 10**8
    embeddings = 128_256 * dimension
    assert round((8.03e9 - embeddings) / 1e9, 1) == 7.5
    assert rf"$4 L d n = {per_position:,} \, n$" in text
    assert rf"$2 \times 7.5 \times 10^9 = {weights // 10**9} \times 10^9$" in text
    assert f"another {embeddings / 1e9:.1f} billion are input embeddings" in text
    assert f"equal at about {round(weights / per_position, -2):,.0f} tokens." in text
    ratio = per_position * TOKENS / weights
    assert f"At n = {TOKENS:,} attention takes {ratio:.1f} times as much" in text


def test_q3_position_interpolation(worked):
    assert "Trained to 8,192 and extended to 32,768, " in worked(3)
    factor = 32_768 / 8_192
    treated_as = 30_000 / factor
    assert f"factor {factor:.0f}: position 30,000 is treated as {treated_as:,.0f}." in worked(3)


def test_q3_budget(worked):
    passages = 8 * 600
    used = 4_500 + 20_000 + passages + 8_000
    assert "window of 128,000 tokens: system prompt and tools 4,500, history 20,000," in worked(3)
    assert "reserve for the answer 8,000." in worked(3)
    assert f"8 passages of 600 tokens {passages:,}" in worked(3)
    assert f"That is {used:,}, and {128_000 - used:,} stay free." in worked(3)
