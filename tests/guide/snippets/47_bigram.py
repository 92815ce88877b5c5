"""Write a bigram language model with smoothing and its perplexity"""

import numpy as np

train = [s.split() for s in ("the cat sat", "the cat ran", "the dog sat")]
m = Bigram(train)
V = len(m.vocab)
assert V == 7  # the cat sat ran dog </s> <unk>
assert math.isclose(m.prob("cat", "the"), (2 + 1) / (3 + V))
assert math.isclose(m.prob("ran", "dog"), (0 + 1) / (1 + V))  # unseen, not zero
for prev in ("<s>", "the", "dog", "zebra"):
    assert math.isclose(sum(m.prob(w, prev) for w in m.vocab), 1)
raw = Bigram(train, alpha=1e-12)
assert math.isclose(raw.prob("cat", "the"), 2 / 3, rel_tol=1e-6)
assert math.isclose(raw.prob("sat", "dog"), 1, rel_tol=1e-6)
words = sorted(m.vocab | {"<s>"})  # a count matrix in numpy
ix = {w: i for i, w in enumerate(words)}
C = np.zeros((len(words), len(words)))
for s in train:
    for a, b in zip(["<s>"] + s, s + ["</s>"]):
        C[ix[a], ix[b]] += 1
C += 1.0
C[:, ix["<s>"]] = 0
P = C / C.sum(1, keepdims=True)
test = [["the", "dog", "ran"], ["the", "zebra", "sat"]]
logs = []
for s in test:
    s = [w if w in ix else "<unk>" for w in s]
    logs += [np.log(P[ix[a], ix[b]]) for a, b in zip(["<s>"] + s, s + ["</s>"])]
assert len(logs) == 8
assert math.isclose(m.perplexity(test), float(np.exp(-np.mean(logs))))
assert m.perplexity(train) < m.perplexity(test) < V + 3
uniform = Bigram(train, alpha=1e9)
assert math.isclose(uniform.perplexity(test), V, rel_tol=1e-6)
