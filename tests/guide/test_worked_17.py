"""Recomputes the numbers printed in the worked examples of category 17."""

import math
from itertools import pairwise

import pytest

# Widths that Mixtral 8x7B and Llama 3.1 8B share.
LAYERS, WIDTH, FFN, KV_HEADS, HEAD = 32, 4096, 14336, 8, 128
EXPERT = 3 * WIDTH * FFN
ATTENTION = 2 * WIDTH * WIDTH + 2 * WIDTH * KV_HEADS * HEAD


def softmax(logits):
    weights = [math.exp(x) for x in logits]
    return [w / sum(weights) for w in weights]


def scientific(value, digits):
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"


def test_q20_parameters_and_compute_of_gpt3(worked):
    text = worked(20)
    layers = 12 * 96 * 12288**2
    embeddings = (50257 + 2048) * 12288
    assert rf"12 \times 96 \times 12288^2 = {layers / 1e9:.1f}$ billion" in text
    total = (layers + embeddings) / 1e9
    assert f"add {embeddings / 1e9:.1f} billion, together {total:.1f} billion" in text
    compute = 6 * 175e9 * 300e9
    assert f"= {scientific(compute, 2)}$" in text
    assert f"{compute:.2e}".replace("e+", "e") == "3.15e23"
    assert f"300 / 175 = {300 / 175:.1f}$" in text
    assert f"would be {20 * 175 / 1000:.1f} trillion tokens" in text


def test_q20_comparison_of_results(worked):
    text = worked(20)
    old, new = 100 - 43.9, 100 - 86.4
    assert f"$100 - 43.9 = {old:.1f}$" in text
    assert f"$100 - 86.4 = {new:.1f}$ percent, a factor of {old / new:.1f}" in text
    assert f"2,048 to 32,768 tokens, a factor of {32768 // 2048}." in text


def test_q33_tokens_of_audio_and_video(worked):
    text = worked(33)
    assert rf"3600 \times 32 = {3600 * 32}$" in text
    seconds = 1048576 / 300
    assert f"1048576 / 300 = {seconds:.0f}$ seconds" in text
    assert f"about {seconds / 60:.0f} minutes" in text
    slow = 1048576 / 100
    assert f"holds {slow:,.0f} seconds, about {slow / 3600:.1f} hours" in text


def test_q33_sampling_shares(worked):
    text = worked(33)
    pools = [800, 100, 25]
    plain = [f"{n / sum(pools):.3f}" for n in pools]
    roots = [math.sqrt(n) for n in pools]
    tempered = [f"{r / sum(roots):.3f}" for r in roots]
    assert "shares {}, {} and {}.".format(*plain) in text
    assert "shares {}, {} and {}.".format(*tempered) in text
    assert rf"\sqrt{{800}} = {roots[0]:.1f}$, {roots[1]:.0f} and {roots[2]:.0f}" in text
    ratio = (roots[2] / sum(roots)) / (pools[2] / sum(pools))
    assert f"{tempered[2]} / {plain[2]} = {ratio:.1f}$" in text


def test_q34_contrastive_classification(worked):
    text = worked(34)
    logits = [100 * s for s in (0.28, 0.26, 0.23)]
    assert "logits are {:.0f}, {:.0f} and {:.0f}".format(*logits) in text
    for gap in (2, 5):
        assert f"$e^{{-{gap}}} = {math.exp(-gap):.3f}$" in text
    assert "{:.3f}, {:.3f} and {:.3f}. No cat".format(*softmax(logits)) in text


def test_q34_pretraining_against_fine_tuning(worked):
    text = worked(34)
    pretraining, tuning = 6 * 7e9 * 2e12, 6 * 7e9 * 3 * 10e6
    assert f"= {scientific(pretraining, 1)}$" in text
    assert f"= {scientific(tuning, 2)}$" in text
    assert f"{pretraining / tuning:,.0f} times less" in text


def test_q37_routing_balance_and_capacity(worked):
    text = worked(37)
    assert "2.0, 1.0, 0.5 and -0.5" in text
    a, b = softmax([2.0, 1.0])
    assert f"= {a:.3f}$ and {b:.3f}" in text
    assert f"= {a * 3.0 - b * 1.0:.3f}$" in text
    f, p = (0.5, 0.25, 0.125, 0.125), (0.4, 0.3, 0.2, 0.1)
    total = sum(x * y for x, y in zip(f, p, strict=True))
    assert rf"$4 \times {total:.4f} = {4 * total:.2f}$" in text
    assert 4 * sum(0.25 * 0.25 for _ in range(4)) == 1
    assert rf"1.25 \times 2 \times 1024 / 8 = {1.25 * 2 * 1024 / 8:.0f}$ slots" in text


def test_q37_mixtral(worked):
    text = worked(37)
    assert rf"3 \times 4096 \times 14336 = {EXPERT}$" in text
    experts = LAYERS * 8 * EXPERT
    norms = (2 * LAYERS + 1) * WIDTH
    rest = LAYERS * (ATTENTION + 8 * WIDTH) + norms + 2 * 32000 * WIDTH
    chosen = LAYERS * 2 * EXPERT
    total, active = experts + rest, chosen + rest
    assert f"{experts / 1e9:.2f} billion. Attention" in text
    assert f"add {rest / 1e9:.2f} billion: {total / 1e9:.1f} billion in total" in text
    assert f"{chosen / 1e9:.2f} + {rest / 1e9:.2f} = {active / 1e9:.1f} billion" in text
    assert f"take {2 * total / 1e9:.1f} GB" in text
    assert f"only {2 * active / 1e9:.1f} GB" in text


@pytest.mark.parametrize(("tokens", "phrase"), [(1, "one token"), (4, "4"), (16, "16")])
def test_q37_experts_touched_by_a_batch(worked, tokens, phrase):
    touched = 8 * (1 - (1 - 2 / 8) ** tokens)
    assert f"{touched:.2f} for {phrase}" in worked(37)


def test_q47_bigrams_and_smoothing(worked):
    text = worked(47)
    words = "the cat sat . the cat ran . the dog sat .".split()
    assert " ".join(words) in text
    pairs = list(pairwise(words))
    size = len(set(words))
    assert f"with {size} word types" in text

    def probability(word, before, added=0):
        context = sum(first == before for first, _ in pairs)
        return (pairs.count((before, word)) + added) / (context + added * size)

    assert f"= 2/3 = {probability('cat', 'the'):.3f}$" in text
    assert f"= 1/1 = {probability('sat', 'dog'):.0f}$" in text
    assert probability("ran", "dog") == 0
    assert f"(0 + 1)/(1 + 6) = {probability('ran', 'dog', 1):.3f}$" in text
    assert f"(1 + 1)/(1 + 6) = {probability('sat', 'dog', 1):.3f}$" in text
    assert f'"dog cat" gets {probability("cat", "dog", 1):.3f} as well' in text


def test_q47_vectors_and_table_size(worked):
    text = worked(47)
    dog = (0.9, 0.1)
    outputs = ((2.0, 0), (1.8, 0), (-1.0, 0))
    logits = [dog[0] * x + dog[1] * y for x, y in outputs]
    assert "logits {:.2f}, {:.2f} and {:.2f}".format(*logits) in text
    assert "is {:.3f}, {:.3f} and {:.3f}.".format(*softmax(logits)) in text
    possible = 50000**5
    assert f"= {scientific(possible, 3)}$" in text
    assert f"a share of {10**12 / possible:.1e}." in text


def test_q49_parameters_of_llama(worked):
    text = worked(49)
    assert f"together {ATTENTION:,}." in text
    assert rf"3 \times 4096 \times 14336 = {EXPERT}$" in text
    norms = 2 * WIDTH
    layer = ATTENTION + EXPERT + norms
    assert rf"$2 \times 4096 = {norms}$, a layer has {layer:,} weights" in text
    assert f"32 layers {LAYERS * layer:,}." in text
    embeddings = 2 * 128256 * WIDTH
    total = LAYERS * layer + embeddings + WIDTH
    assert rf"2 \times 128256 \times 4096 = {embeddings}$" in text
    assert f"the total is {total:,}," in text
    assert f"16 bits: {2 * total / 1e9:.2f} GB; in 4 bits about {total / 2e9:.2f} GB" in text


def test_q49_training_and_cache(worked):
    text = worked(49)
    parameters = 8_030_261_248
    assert f"= {scientific(6 * parameters * 15e12, 1)}$" in text
    assert f"with {15e12 / parameters:,.0f} tokens per parameter" in text
    cache = 2 * LAYERS * KV_HEADS * HEAD * 2
    assert rf"2 \times 32 \times 8 \times 128 \times 2 = {cache}$ bytes" in text
    assert f"8,192 tokens take {8192 * cache / 1e9:.2f} GB" in text
