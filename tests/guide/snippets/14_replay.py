"""Write a data mix with replay of old examples"""

from collections import Counter

rng = random.Random(0)
new, old = [("new", i) for i in range(950)], [("old", i) for i in range(40)]
batches = list(replay_batches(new, old, 20, old_share=0.05, rng=rng))
assert len(batches) == 50 and all(len(b) == 20 for b in batches)
assert all(sum(kind == "old" for kind, _ in b) == 1 for b in batches)
seen = Counter(x for b in batches for x in b if x[0] == "new")
assert len(seen) == 950 and set(seen.values()) == {1}
assert {b.index(x) for b in batches for x in b if x[0] == "old"} != {19}
# 10,000 new ones at a share of 5% of old: 526 old ones
total = Counter(k for b in replay_batches([("new", i) for i in range(10000)], old, 20,
                                          0.05, rng) for k, _ in b)
assert abs(total["old"] - 10000 * 0.05 / 0.95) < 2
hits = Counter()
for _ in range(20000):
    buf = reservoir(range(10), 3, rng)
    assert len(set(buf)) == 3
    hits.update(buf)
assert all(abs(hits[i] / 20000 - 0.3) < 0.015 for i in range(10))
assert reservoir(range(2), 5, rng) == [0, 1]
