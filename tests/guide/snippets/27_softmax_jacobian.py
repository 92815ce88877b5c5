"""Write the Jacobian of the softmax and its backward pass"""

import torch

p = softmax(np.array([2.0, 1, 0]))
J = softmax_jacobian(p)
want = [[.2227, -.1628, -.0599], [-.1628, .1848, -.0220], [-.0599, -.0220, .0819]]
assert np.allclose(J, want, atol=1e-4)
g = np.array([1.0, 0, -1])
assert np.allclose(softmax_backward(p, g), [0.283, -0.141, -0.142], atol=1e-3)
assert softmax_jacobian(softmax(np.array([20.0, 10, 0]))).max() < 6e-5  # saturated

rng = np.random.default_rng(0)
x, g = rng.normal(size=9), rng.normal(size=9)
p, J = softmax(x), softmax_jacobian(softmax(x))
auto = torch.autograd.functional.jacobian(lambda t: t.softmax(-1), torch.tensor(x))
assert np.allclose(J, auto.numpy())
assert np.allclose(J, J.T) and np.allclose(J.sum(axis=1), 0)
assert np.allclose(J.T @ g, softmax_backward(p, g))
eps = 1e-6
num = np.stack([(softmax(x + eps * e) - softmax(x - eps * e)) / (2 * eps)
                for e in np.eye(9)], axis=1)
assert np.allclose(J, num, atol=1e-8)
t = torch.randn(4, 6, 5, dtype=torch.double, requires_grad=True)  # a batch of rows
y = t.softmax(-1)
go = torch.randn_like(y)
y.backward(go)
assert np.allclose(softmax_backward(y.detach().numpy(), go.numpy()), t.grad.numpy())
