"""Write a prefix cache for LLM serving"""

import random

calls = []


def compute_for(tokens):
    def compute(a, b):
        calls.append((a, b))
        return tuple(tokens[:b])  # depends on everything before, like keys and values
    return compute


c = PrefixCache(block=4)
system = list(range(10))
a, b = system + [50, 51, 52, 53], system + [60, 61, 62]
assert c.lookup(a) == [] and c.insert(a, compute_for(a)) == 3
assert len(c.lookup(b)) == 2 and c.insert(b, compute_for(b)) == 1
assert c.lookup(a)[-1] == tuple(a[:12]) and c.lookup(b)[2] == tuple(b[:12])
assert c.lookup([99] + a) == []  # a shift by one token loses everything
assert c.insert(a, compute_for(a)) == 0 and len(calls) == 4
random.seed(0)
c, seen = PrefixCache(3, 10 ** 9), []
for _ in range(300):
    t = [random.randint(0, 1) for _ in range(random.randint(0, 14))]
    want = 0  # the longest common prefix with any earlier text, in full blocks
    for s in seen:
        n = 0
        while n < min(len(s), len(t)) and s[n] == t[n]:
            n += 1
        want = max(want, min(n // 3, len(t) // 3))
    got = c.lookup(t)
    assert got == [tuple(t[:3 * i + 3]) for i in range(want)]
    c.insert(t, compute_for(t))
    seen.append(t)
small = PrefixCache(block=2, capacity=3)
for t in ([1, 2, 3, 4], [1, 2, 5, 6], [1, 2, 7, 8]):
    small.insert(t, compute_for(t))
assert len(small.store) == 3 and (1, 2) in small.store  # the shared start survives
assert (1, 2, 3, 4) not in small.store
