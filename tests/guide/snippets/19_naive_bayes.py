"""Write a naive Bayes text classifier with smoothing"""

vocab = ["great", "fun", "slow", "boring"]
vec = lambda s: np.array([s.split().count(w) for w in vocab], dtype=float)
texts = ["great fun", "great", "fun slow", "boring slow", "boring"]
X, y = np.stack([vec(s) for s in texts]), np.array([1, 1, 1, 0, 0])
nb = NaiveBayes().fit(X, y)
new = np.stack([vec("great slow"), vec("great great slow")])
assert np.allclose(nb.predict_proba(new)[:, 1], [0.731, 0.864], atol=1e-3)
assert np.isclose(np.exp(nb.log_joint(new[:1])).sum(), 0.0608, atol=1e-4)
rng = np.random.default_rng(0)
X, y = rng.poisson(1.0, (80, 6)).astype(float), rng.integers(0, 3, 80)
p = NaiveBayes().fit(X, y).predict_proba(X[:5])
for x, got in zip(X[:5], p):  # plain products of probabilities
    joint = []
    for c in range(3):
        words = X[y == c].sum(0) + 1
        joint.append((y == c).mean() * np.prod((words / words.sum()) ** x))
    assert np.allclose(got, np.array(joint) / sum(joint))
