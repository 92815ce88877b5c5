"""Write the forward and backward pass of an embedding layer"""

import torch
import torch.nn.functional as F

emb = Embedding(5, 2)
emb.forward(np.array([[3, 1, 3]]))
g = emb.backward(np.array([[[0.2, -0.1], [0.4, 0.3], [-0.1, 0.5]]]))
assert np.allclose(g, [[0, 0], [0.4, 0.3], [0, 0], [0.1, 0.4], [0, 0]])
rng = np.random.default_rng(1)
emb = Embedding(20, 6, padding_id=0)
ids, up = rng.integers(0, 8, (4, 9)), rng.standard_normal((4, 9, 6))
W = torch.tensor(emb.weight, requires_grad=True)
out = F.embedding(torch.tensor(ids), W, padding_idx=0)
assert np.allclose(emb.forward(ids), out.detach().numpy())
(out * torch.tensor(up)).sum().backward()
got = emb.backward(up)
assert np.allclose(got, W.grad.numpy())
assert not got[8:].any() and not got[0].any()
emb.padding_id = None  # equals the linear layer on one-hot rows: X^T G
one_hot = np.eye(20)[ids.reshape(-1)]
assert np.allclose(emb.backward(up), one_hot.T @ up.reshape(-1, 6))
assert np.allclose(emb.forward(ids).reshape(-1, 6), one_hot @ emb.weight)
wrong = np.zeros((20, 6))
wrong[ids] += up  # keeps only one of the repeated ids
assert not np.allclose(wrong, emb.backward(up))
