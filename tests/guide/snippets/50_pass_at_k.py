"""Write pass@k with an unbiased estimator and a confidence interval"""

import itertools

for n in range(1, 8):
    for c in range(n + 1):
        for k in range(1, n + 1):  # all subsets of size k
            ok = [1] * c + [0] * (n - c)
            subsets = list(itertools.combinations(ok, k))
            want = sum(any(s) for s in subsets) / len(subsets)
            assert math.isclose(pass_at_k(n, c, k), want)
assert math.isclose(pass_at_k(10, 3, 1), 0.3)
# the plug-in 1 - (1 - c/n)^k is biased low
assert 1 - (1 - 0.3) ** 5 < pass_at_k(10, 3, 5)
rng = random.Random(1)
p, est, naive = 0.2, 0.0, 0.0
for _ in range(20000):
    c = sum(rng.random() < p for _ in range(8))
    est += pass_at_k(8, c, 4) / 20000
    naive += (1 - (1 - c / 8) ** 4) / 20000
true = 1 - 0.8 ** 4
assert abs(est - true) < 0.01 and naive < true - 0.03
res = [(10, rng.randint(0, 10)) for _ in range(100)]
low, high = bootstrap_interval(res, 1, 1000)
m = mean_pass_at_k(res, 1)
se = (sum((c / 10 - m) ** 2 for _, c in res) / 100) ** 0.5 / 10
assert low < m < high and abs((high - low) / (2 * 1.96 * se) - 1) < 0.15
