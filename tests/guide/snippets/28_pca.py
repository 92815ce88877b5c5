"""Write PCA with the SVD in NumPy"""

X = np.array([[8.0, 7], [2, 1], [6, 3], [4, 5]])
p = PCA(1).fit(X)
assert np.allclose(p.variance, [12]) and np.allclose(p.ratio, [0.9])
assert np.allclose(np.abs(p.components), 0.7071, atol=1e-4)
assert np.allclose(np.abs(p.transform(X)[[0, 2], 0]), [4.2426, 0], atol=1e-4)
assert np.isclose(((p.inverse(p.transform(X)) - X) ** 2).sum(), 4)
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 7)) @ rng.normal(size=(7, 7)) + 5
lam, V = np.linalg.eigh(np.cov(X.T))
lam, V = lam[::-1], V[:, ::-1]
p = PCA(3).fit(X)
assert np.allclose(p.variance, lam[:3]) and np.allclose(p.ratio, lam[:3] / lam.sum())
for c, v in zip(p.components, V.T):
    assert np.isclose(abs(c @ v), 1)
Z = p.transform(X)
assert np.allclose(np.cov(Z.T), np.diag(lam[:3]))  # uncorrelated components
err = ((p.inverse(Z) - X) ** 2).sum()
assert np.isclose(err, 59 * lam[3:].sum())
for _ in range(20):  # no other projection does better
    B, _ = np.linalg.qr(rng.normal(size=(7, 3)))
    C = X - X.mean(0)
    assert ((C @ B @ B.T - C) ** 2).sum() >= err
assert np.allclose(PCA(7).fit(X).inverse(PCA(7).fit(X).transform(X)), X)
