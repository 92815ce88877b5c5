"""Write logistic regression from scratch and compare it with naive Bayes"""

import torch
import torch.nn.functional as F

rng = np.random.default_rng(0)
X, y = rng.poisson(1.0, (60, 5)).astype(float), rng.integers(0, 3, 60)
model = LogisticRegression().fit(X, y, lr=0.3, l2=0.01, steps=50)
W = torch.zeros(5, 3, dtype=torch.double, requires_grad=True)
b = torch.zeros(3, dtype=torch.double, requires_grad=True)
tx, ty = torch.tensor(X), torch.tensor(y)
for _ in range(50):  # the same steps with autograd
    loss = F.cross_entropy(tx @ W + b, ty) + 0.005 * (W ** 2).sum()
    gw, gb = torch.autograd.grad(loss, (W, b))
    with torch.no_grad():
        W -= 0.3 * gw
        b -= 0.3 * gb
assert np.allclose(model.W, W.detach().numpy()) and np.allclose(model.b, b.detach())
assert np.allclose(model.predict_proba(X), (tx @ W + b).softmax(-1).detach().numpy())
# a word that always comes twice: naive Bayes counts it twice, this model does not
X = np.array([[1.0, 0], [1, 0], [0, 1], [1, 1], [0, 1], [0, 1]])
y = np.array([1, 1, 0, 1, 0, 1])
once = LogisticRegression().fit(X, y, l2=0, steps=20000)
twice = LogisticRegression().fit(np.c_[X, X[:, 0]], y, l2=0, steps=20000)
p1 = once.predict_proba(X)
p2 = twice.predict_proba(np.c_[X, X[:, 0]])
assert np.allclose(p1, p2, atol=0.02)
