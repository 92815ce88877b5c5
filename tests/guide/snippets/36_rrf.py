"""Write reciprocal rank fusion for hybrid search"""

import random

dense, bm25 = ["A", "B", "C"], ["B", "C", "A"]
fused = reciprocal_rank_fusion([dense, bm25])
assert [d for d, _ in fused] == ["B", "A", "C"]
assert [round(s, 5) for _, s in fused] == [0.03252, 0.03227, 0.03200]
assert reciprocal_rank_fusion([["x", "y"], ["y"]])[0][0] == "y"
assert reciprocal_rank_fusion([]) == []
random.seed(0)
docs = list(range(30))
for trial in range(20):
    rankings = [random.sample(docs, random.randint(1, 30)) for _ in range(3)]
    got = dict(reciprocal_rank_fusion(rankings, k=10))
    for d in docs:  # the sum over the lists, position looked up by brute force
        want = sum(1 / (10 + r.index(d) + 1) for r in rankings if d in r)
        assert abs(got.get(d, 0) - want) < 1e-12
    values = [s for _, s in reciprocal_rank_fusion(rankings, k=10)]
    assert values == sorted(values, reverse=True)
