"""Write cross-entropy from logits together with its gradient"""

import torch
import torch.nn.functional as F

loss, grad = cross_entropy(np.array([[2.0, 1, 0, -1]]), np.array([0]))
assert abs(loss - 0.440) < 1e-3
assert np.allclose(grad, [[-0.356, 0.237, 0.087, 0.032]], atol=1e-3)
loss, grad = cross_entropy(np.array([[2.0, 1, 0, -1]]), np.array([1]))
assert abs(loss - 1.440) < 1e-3
assert np.allclose(grad, [[0.644, -0.763, 0.087, 0.032]], atol=1e-3)

rng = np.random.default_rng(0)
x, y = rng.normal(size=(6, 11)) * 50, rng.integers(0, 11, 6)
t = torch.tensor(x, requires_grad=True)
ref = F.cross_entropy(t, torch.tensor(y))
ref.backward()
loss, grad = cross_entropy(x, y)
assert np.isclose(loss, ref.item()) and np.allclose(grad, t.grad.numpy())
assert np.allclose(grad.sum(axis=1), 0)

x = rng.normal(size=(3, 5))  # finite differences
y = np.array([4, 0, 2])
_, grad = cross_entropy(x, y)
for i in range(3):
    for j in range(5):
        d = np.zeros_like(x)
        d[i, j] = 1e-5
        num = (cross_entropy(x + d, y)[0] - cross_entropy(x - d, y)[0]) / 2e-5
        assert abs(num - grad[i, j]) < 1e-8
assert np.isclose(cross_entropy(np.zeros((2, 32000)), np.array([5, 7]))[0],
                  np.log(32000))
