"""Recomputes the numbers printed in the worked examples of category 18."""

import math

CHUNKS = {"A": (0.8, 0.6), "B": (0.0, 1.0), "C": (1.0, 0.0)}
QUERY = (0.6, 0.8)
RELEVANT = "B"


def test_q36_hybrid_retrieval(worked):
    text = worked(36)
    stated = [f"{name} = ({x:g}, {y:g})" for name, (x, y) in CHUNKS.items()]
    assert f"embedding is {QUERY}, and" in text
    assert f"unit vectors {stated[0]}, {stated[1]} and {stated[2]}." in text
    assert "fusion with $k = 60$" in text
    assert math.hypot(*QUERY) == 1
    assert all(math.hypot(*vector) == 1 for vector in CHUNKS.values())
    dense = {name: QUERY[0] * x + QUERY[1] * y for name, (x, y) in CHUNKS.items()}
    assert rf"0.6 \times 0.8 + 0.8 \times 0.6 = {dense['A']:.2f}$ for A" in text
    assert f"{dense['B']:.2f} for B and {dense['C']:.2f} for C" in text
    by_dense = sorted(dense, key=dense.get, reverse=True)
    by_words = ["B", "C", "A"]
    assert f"dense order is {', '.join(by_dense)}." in text
    assert f"orders them {', '.join(by_words)}." in text
    fused = {}
    for name in CHUNKS:
        d, w = (60 + order.index(name) + 1 for order in (by_dense, by_words))
        fused[name] = 1 / d + 1 / w
        assert f"{name} $1/{d} + 1/{w} = {fused[name]:.5f}$" in text
    order = sorted(fused, key=fused.get, reverse=True)
    assert f"fused order is {', '.join(order)}." in text
    recalls = [int(ranking[0] == RELEVANT) for ranking in (by_dense, order)]
    assert f"recall at 1 is {recalls[0]}, and that of the hybrid is {recalls[1]}." in text
    before, after = (1 / (ranking.index(RELEVANT) + 1) for ranking in (by_dense, order))
    assert f"rises from {before:g} to {after:g}." in text


def test_q36_prompt_size(worked):
    assert "five chunks of 500 tokens and 300 tokens" in worked(36)
    assert f"make {5 * 500 + 300:,} tokens" in worked(36)
    assert f"10,000 such chunks would be {10_000 * 500:,}." in worked(36)


def test_q40_two_hops_and_coverage(worked):
    text = worked(40)
    triples = [
        ("P1", "contains", "valve"),
        ("P1", "contains", "pump"),
        ("valve", "made by", "Arno"),
        ("pump", "made by", "Belk"),
        ("pump", "made by", "Corin"),
        ("Arno", "located in", "Chile"),
        ("Belk", "located in", "Norway"),
        ("Corin", "located in", "Chile"),
    ]
    assert ", ".join(f"({', '.join(triple)})" for triple in triples) + "." in text

    def step(nodes, relation):
        return [t for h, r, t in triples if r == relation and h in nodes]

    parts = step(["P1"], "contains")
    makers = step(parts, "made by")
    chosen = [m for m in makers if "Chile" in step([m], "located in")]
    assert f"P1 leads to {' and '.join(parts)}." in text
    assert f"lead to {', '.join(makers[:2])} and {makers[2]}." in text
    assert f"{' and '.join(chosen)} remain." in text
    assert f"has {len(chosen)} suppliers out of {len(makers)}" in text
    assert "40 suppliers" in text
    assert "retrieves 5 chunks" in text
    assert f"at most {5 / 40:.1%} of them" in text


def test_q40_transe(worked):
    text = worked(40)
    head, relation = (0.2, 0.5), (0.3, -0.1)
    total = [h + r for h, r in zip(head, relation, strict=True)]
    assert f"head {head} and relation {relation}" in text
    assert f"sum is ({total[0]:.1f}, {total[1]:.1f})" in text
    near, far = math.dist(total, (0.5, 0.4)), math.dist(total, (0.9, 0.1))
    assert f"A tail at (0.5, 0.4) has distance {near:.1f}" in text
    assert "a tail at (0.9, 0.1), whose" in text
    assert rf"\sqrt{{{0.9 - total[0]:.1f}^2 + {total[1] - 0.1:.1f}^2}} = {far:.1f}$" in text
