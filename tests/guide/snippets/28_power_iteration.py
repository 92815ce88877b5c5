"""Write power iteration for the largest eigenvalues"""

value, v = power_iteration(np.array([[20.0, 16], [16, 20]]) / 3)
assert np.isclose(value, 12) and np.allclose(np.abs(v), 0.70711, atol=1e-4)
rng = np.random.default_rng(1)
Q, _ = np.linalg.qr(rng.normal(size=(6, 6)))
lam = np.array([9.0, 5, 3, 1.5, 0.5, 0.1])
A = Q @ np.diag(lam) @ Q.T
ref, V = np.linalg.eigh(A)
for i, (value, v) in enumerate(top_k(A, 4)):
    assert np.isclose(value, ref[::-1][i], rtol=1e-6)
    assert np.isclose(abs(v @ V[:, ::-1][:, i]), 1, atol=1e-6)
    assert np.isclose(np.linalg.norm(v), 1)
X = np.array([[1.0, 2], [2, 4], [3, 6]])  # on a line: rank 1
X -= X.mean(axis=0)
((value, v),) = top_k(X.T @ X / 2, 2)
assert np.isclose(value, 5) and np.allclose(np.abs(v), np.array([1, 2]) / 5**0.5)
assert len(top_k(Q[:, :3] @ np.diag(lam[:3]) @ Q[:, :3].T, 6)) == 3
assert top_k(np.zeros((3, 3)), 2) == []
neg, _ = power_iteration(-A)  # sign of a negative eigenvalue
assert np.isclose(neg, -9)
e = []  # the error in direction shrinks by lambda_2 / lambda_1 per step
for n in (12, 13, 14):
    _, v = power_iteration(A, steps=n, tolerance=0)
    e.append(np.sqrt(1 - (v @ Q[:, 0]) ** 2))
assert np.isclose(e[2] / e[1], 5 / 9, rtol=0.05)
