"""Recomputes the numbers printed in the worked example of category 19."""

WORDS, SIZE, HEAD = 100_000, 1024, 2_000
CLUSTERS = [(18_000, 256, 0.15), (80_000, 64, 0.05)]


def head_cost():
    return (HEAD + len(CLUSTERS)) * SIZE


def cluster_costs():
    return [SIZE * small + small * words for words, small, _ in CLUSTERS]


def expected_cost():
    shares = [share for _, _, share in CLUSTERS]
    return head_cost() + sum(
        cost * share for cost, share in zip(cluster_costs(), shares, strict=True)
    )


def test_q42_costs_of_full_and_adaptive_softmax(worked):
    text = worked(42)
    assert sum(words for words, _, _ in CLUSTERS) + HEAD == WORDS
    assert f"vocabulary of {WORDS:,} words and $d = {SIZE}$" in text
    assert f"the {HEAD:,} most frequent words and {len(CLUSTERS)} cluster entries" in text
    sizes = [f"has {words:,} words at size {small}" for words, small, _ in CLUSTERS]
    assert f"cluster 1 {sizes[0]}, cluster 2 {sizes[1]}." in text
    assert "cover 80%, 15% and 5% of" in text
    assert f"{0.80 + sum(share for _, _, share in CLUSTERS):.2f}" == "1.00"
    assert rf"{WORDS} \times {SIZE} = {WORDS * SIZE / 1e6:.1f}$ million" in text
    assert rf"{HEAD + len(CLUSTERS)} \times {SIZE} = {head_cost() / 1e6:.2f}$ million" in text
    for (words, small, share), cost in zip(CLUSTERS, cluster_costs(), strict=True):
        product = rf"{SIZE} \times {small} + {small} \times {words}"
        assert f"{product} = {cost / 1e6:.2f}$ million, in {share:.0%}" in text
    first, second = (cost / 1e6 for cost in cluster_costs())
    total = rf"{head_cost() / 1e6:.2f} + 0.15 \times {first:.2f} + 0.05 \times {second:.2f}"
    ratio = WORDS * SIZE / expected_cost()
    assert f"{total} = {expected_cost() / 1e6:.2f}$ million, {ratio:.1f} times less." in text
    weights = head_cost() + sum(cluster_costs())
    assert f"from {WORDS * SIZE / 1e6:.1f} to {weights / 1e6:.1f} million" in text
    assert f"million, {WORDS * SIZE / weights:.1f} times less." in text


def test_q42_share_in_an_lstm(worked):
    text = worked(42)
    lstm = 2 * 4 * (SIZE * SIZE + SIZE * SIZE)
    full = WORDS * SIZE
    assert f"size {SIZE} with {lstm / 1e6:.1f} million" in text
    assert f"softmax was {full / (full + lstm):.1%} of the work" in text
    gain = (full + lstm) / (expected_cost() + lstm)
    assert f"becomes {gain:.1f} times cheaper" in text


def test_q42_share_in_llama_3_8b(worked):
    text = worked(42)
    words, size, layers, inner, key_value = 128_256, 4096, 32, 14_336, 1024
    output = words * size
    layer = 2 * size * size + 2 * size * key_value + 3 * size * inner
    used = output + layers * layer
    assert f"{words:,} entries at $d = {size}$ make {output / 1e6:.0f} million" in text
    assert f"out of {used / 1e6:,.0f} million" in text
    assert f"That is {output / used:.1%}" in text
    assert f"only {used / (used - output):.3f} times" in text
    assert "logits of 8,192 tokens in 32 bits" in text
    gigabytes = 8192 * words * 4 / 1e9
    assert rf"8192 \times {words} \times 4 = {gigabytes:.2f}$ GB" in text
