"""Write LayerNorm with its backward pass in NumPy"""

import torch
import torch.nn.functional as F

rng = np.random.default_rng(0)
x = rng.normal(3, 5, size=(2, 4, 16))
gamma, beta, dy = rng.normal(size=16), rng.normal(size=16), rng.normal(size=x.shape)
t, g, b = (torch.tensor(a, requires_grad=True) for a in (x, gamma, beta))
ref = F.layer_norm(t, (16,), g, b)
ref.backward(torch.tensor(dy))
y, x_hat = layer_norm(x, gamma, beta)
assert np.allclose(y, ref.detach().numpy())
dx, dgamma, dbeta = layer_norm_backward(dy, x, x_hat, gamma)
assert np.allclose(dx, t.grad.numpy())
assert np.allclose(dgamma, g.grad.numpy()) and np.allclose(dbeta, b.grad.numpy())
assert np.allclose(x_hat.mean(-1), 0) and np.allclose(x_hat.std(-1), 1, atol=1e-5)
assert np.allclose(layer_norm(x + 7, gamma, beta)[0], y)
