"""Write a numerical gradient check"""

import torch

rng = np.random.default_rng(0)
A = rng.normal(size=(4, 4))
x = rng.normal(size=4)
f = lambda v: v @ A @ v
assert check(f, lambda v: (A + A.T) @ v, x)
assert not check(f, lambda v: 2 * A @ v, x)  # the classic mistake is caught
X, y = rng.normal(size=(6, 3)), rng.integers(0, 5, 6)
W = rng.normal(size=(3, 5))


def loss(W):
    z = X @ W
    return (np.log(np.exp(z).sum(1)) - z[range(6), y]).mean()


def grad(W):
    e = np.exp(X @ W)
    return X.T @ (e / e.sum(1, keepdims=True) - np.eye(5)[y]) / 6


before = W.copy()
assert check(loss, grad, W) and np.array_equal(W, before)
t = torch.tensor(W, requires_grad=True)
torch.nn.functional.cross_entropy(torch.tensor(X) @ t, torch.tensor(y)).backward()
assert relative_error(numerical_gradient(loss, W), t.grad.numpy()) < 1e-7
cube = lambda v: (v ** 3).sum()  # the error falls with eps^2
e1 = numerical_gradient(cube, x, 1e-2) - 3 * x ** 2
e2 = numerical_gradient(cube, x, 1e-3) - 3 * x ** 2
assert np.allclose(e1 / e2, 100, rtol=1e-2)
