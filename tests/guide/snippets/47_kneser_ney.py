"""Write interpolated Kneser-Ney smoothing for a bigram model"""

import random

text = ("san francisco is far . san francisco is big . san francisco is old . "
        "glasses are new . my glasses broke . her glasses fell .").split()
kn = KneserNey(text)
vocab = set(text)
for prev in vocab | {"zebra"}:
    assert abs(sum(kn.prob(w, prev) for w in vocab) - 1) < 1e-12
# equally frequent words, but "francisco" follows only "san"
assert text.count("francisco") == text.count("glasses") == 3
assert kn.continuation("glasses") == 3 * kn.continuation("francisco")
assert kn.prob("glasses", "are") > kn.prob("francisco", "are")
assert kn.prob("francisco", "san") > 0.7
random.seed(0)
toks = random.choices("abcdef", weights=[9, 6, 4, 2, 1, 1], k=400)
kn = KneserNey(toks, 0.5)
types = {(toks[i], toks[i + 1]) for i in range(399)}
for a in "abcdef":
    for b in "abcdef":  # the definition, counted by brute force
        n_ab = sum(toks[i] == a and toks[i + 1] == b for i in range(399))
        n_a = sum(toks[i] == a for i in range(399))
        lam = 0.5 * sum(x == a for x, _ in types) / n_a
        cont = sum(y == b for _, y in types) / len(types)
        assert abs(kn.prob(b, a) - (max(n_ab - 0.5, 0) / n_a + lam * cont)) < 1e-12
