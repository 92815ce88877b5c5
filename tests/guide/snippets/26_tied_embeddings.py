"""Write the gradient of a tied input and output embedding"""

import torch
import torch.nn.functional as F

E = np.array([[0.1, 0.2], [0.5, -0.3], [0, 0.4], [-0.2, 0.1], [0.3, 0.3]])
p = softmax(np.array([[2.0, 1]]) @ E.T)
assert np.allclose(p, [[0.182, 0.246, 0.182, 0.090, 0.300]], atol=6e-4)
up = np.array([[0.2, -0.1], [0.4, 0.3], [-0.1, 0.5]])
g = tied_gradient(E, np.array([3, 1, 3]), up, np.array([[2.0, 1]]), np.array([4]))
assert np.allclose(g[3], [0.281, 0.490], atol=1e-3)
assert np.allclose(g[4], [-1.4, -0.7], atol=1e-3)
assert np.allclose(g[0], [0.364, 0.182], atol=1e-3)
torch.manual_seed(0)
W = torch.randn(12, 5, dtype=torch.double, requires_grad=True)
M = torch.randn(5, 5, dtype=torch.double)
ids, tgt = torch.randint(12, (7,)), torch.randint(12, (7,))
x = F.embedding(ids, W)
x.retain_grad()
h = torch.tanh(x @ M)
F.cross_entropy(h @ W.T, tgt).backward()
got = tied_gradient(W.detach().numpy(), ids.numpy(), x.grad.numpy(),
                    h.detach().numpy(), tgt.numpy())
assert np.allclose(got, W.grad.numpy())
