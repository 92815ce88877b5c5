"""Write backpropagation for a two-layer network in NumPy"""

import torch
import torch.nn.functional as F

rng = np.random.default_rng(0)
x, y = rng.normal(size=(12, 5)), rng.integers(0, 3, 12)
params = [rng.normal(size=s) for s in ((5, 8), 8, (8, 3), 3)]
loss, grads = loss_and_grads(x, y, *params)
W1, b1, W2, b2 = t = [torch.tensor(p, requires_grad=True) for p in params]
ref = F.cross_entropy(F.relu(torch.tensor(x) @ W1 + b1) @ W2 + b2, torch.tensor(y))
ref.backward()
assert np.isclose(loss, ref.item())
for g, p in zip(grads, t):
    assert np.allclose(g, p.grad.numpy())
for p, g in zip(params, grads):  # finite differences on a few entries
    for i in rng.integers(0, p.size, 5):
        old = p.flat[i]
        p.flat[i] = old + 1e-5
        up = loss_and_grads(x, y, *params)[0]
        p.flat[i] = old - 1e-5
        down = loss_and_grads(x, y, *params)[0]
        p.flat[i] = old
        assert abs((up - down) / 2e-5 - g.flat[i]) < 1e-6
for _ in range(400):  # it learns
    last, grads = loss_and_grads(x, y, *params)
    for p, g in zip(params, grads):
        p -= 0.3 * g
assert last < 0.05 < loss
