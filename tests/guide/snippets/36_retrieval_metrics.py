"""Write recall@k, MRR and nDCG for a retriever"""

import itertools

assert recall_at_k(["A", "B", "C"], {"B"}, 1) == 0
assert recall_at_k(["B", "A", "C"], {"B"}, 1) == 1
assert recall_at_k(["a", "x", "b", "c"], {"a", "b", "c", "d"}, 3) == 0.5
assert reciprocal_rank(["A", "B", "C"], {"B"}) == 0.5
assert reciprocal_rank(["A"], {"z"}) == 0
gains = {"a": 3, "b": 2, "c": 1}
want = (2 + 3 / math.log2(3) + 0 + 1 / math.log2(5)) / (3 + 2 / math.log2(3) + 0.5)
assert math.isclose(ndcg_at_k(["b", "a", "x", "c"], gains, 4), want)
best = max(ndcg_at_k(list(p), gains, 3) for p in itertools.permutations("abcx"))
assert math.isclose(best, 1) and math.isclose(ndcg_at_k(list("abc"), gains, 3), 1)
for p in itertools.permutations("abcx"):
    for k in (1, 2, 3, 4):
        top = max(sum(gains.get(d, 0) / math.log2(i + 2) for i, d in enumerate(q[:k]))
                  for q in itertools.permutations("abcx"))
        dcg = sum(gains.get(d, 0) / math.log2(i + 2) for i, d in enumerate(p[:k]))
        assert math.isclose(ndcg_at_k(list(p), gains, k), dcg / top)
out = evaluate(lambda q: {"1": list("xab"), "2": list("bxy")}[q],
               [("1", {"a"}), ("2", {"b", "y"})], k=2)
assert out == {"recall": 0.75, "mrr": 0.75}
