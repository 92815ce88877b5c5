"""Write BM25 ranking from scratch"""

import random

docs = [d.split() for d in ("general page about every error", "error e-4012 pump seal",
                            "how to clean the pump", "the the the the error")]
bm = BM25(docs)
assert bm.search("error e-4012".split())[0][1] == 1
assert bm.score(["zebra"], 0) == 0

random.seed(0)
docs = [random.choices("abcdefgh", weights=[20, 9, 5, 3, 2, 2, 1, 1],
                       k=random.randint(3, 30)) for _ in range(40)]
bm = BM25(docs, k1=1.2, b=0.6)
avg = sum(map(len, docs)) / 40
for i, d in enumerate(docs):  # the formula, term by term
    want = 0.0
    for t in ["a", "d", "h", "x"]:
        n_t = sum(t in e for e in docs)
        f = d.count(t)
        idf = math.log((40 - n_t + 0.5) / (n_t + 0.5) + 1)
        want += idf * f * 2.2 / (f + 1.2 * (1 - 0.6 + 0.6 * len(d) / avg))
    assert abs(bm.score(["a", "d", "h", "x"], i) - want) < 1e-12
got = [i for _, i in bm.search(["d", "g"], top=40)]
assert got == sorted(range(40), key=lambda i: -bm.score(["d", "g"], i))
flat = BM25([["q"] * f + ["z"] * (100 - f) for f in (1, 2, 50, 51)] + [["z"] * 100])
s = [flat.score(["q"], i) for i in range(4)]
assert s[1] - s[0] > 10 * (s[3] - s[2]) > 0  # repetition saturates
