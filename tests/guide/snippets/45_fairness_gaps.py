"""Write the fairness metrics demographic parity and equal opportunity"""

def group(n_qualified, hits, false_alarms, n=100):
    t = np.array([1] * n_qualified + [0] * (n - n_qualified))
    p = np.array([1] * hits + [0] * (n_qualified - hits) + [1] * false_alarms
                 + [0] * (n - n_qualified - false_alarms))
    return t, p


(ta, pa), (tb, pb) = group(60, 45, 5), group(60, 27, 3)
t, p = np.r_[ta, tb], np.r_[pa, pb]
g = np.array(["A"] * 100 + ["B"] * 100)
order = np.random.default_rng(0).permutation(200)
r = group_rates(t[order], p[order], g[order])
d = gaps(r, "A", "B")
assert np.isclose(d["demographic parity"], 0.20)
assert np.isclose(d["equal opportunity"], 0.30)
assert np.isclose(d["four-fifths ratio"], 0.60)
assert np.isclose(r["A"]["precision"], 0.90) and np.isclose(r["B"]["precision"], 0.90)
assert np.isclose(r["A"]["false positive"], 5 / 40)
for name in "AB":  # brute force counts
    rows = [(a, b) for a, b, c in zip(t, p, g) if c == name]
    tp = sum(a and b for a, b in rows) / sum(a for a, _ in rows)
    assert np.isclose(r[name]["true positive"], tp)
