"""Write scaled dot-product attention with a causal mask in PyTorch"""

import torch.nn.functional as F

torch.manual_seed(0)
q, k, v = torch.randn(3, 2, 4, 6, 8).unbind(0)
for causal in (False, True):
    out, w = attention(q, k, v, causal)
    ref = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    assert torch.allclose(out, ref, atol=1e-5)
    assert torch.allclose(w.sum(-1), torch.ones(2, 4, 6), atol=1e-6)

# the last two queries alone give the last two rows (generation with a cache)
full, _ = attention(q, k, v, causal=True)
last, _ = attention(q[..., -2:, :], k, v, causal=True)
assert torch.allclose(full[..., -2:, :], last, atol=1e-5)

# cross-attention with other lengths and another value size
a, b, c = torch.randn(2, 3, 8), torch.randn(2, 7, 8), torch.randn(2, 7, 5)
assert torch.allclose(attention(a, b, c)[0],
                      F.scaled_dot_product_attention(a, b, c), atol=1e-5)

out, w = attention(torch.tensor([[1., 2.]]), torch.tensor([[1., 0], [0, 1], [1, 1]]),
                   torch.tensor([[10., 0], [0, 10], [5, 5]]))
assert torch.allclose(w, torch.tensor([[0.140, 0.284, 0.576]]), atol=1e-3)
assert torch.allclose(out, torch.tensor([[4.28, 5.72]]), atol=1e-2)
scores = 2 * torch.tensor([[1., .5, 0], [.5, 1.5, 1], [2, 1, 3]])
_, w = attention(scores, torch.eye(3, 4)[:, :3] * math.sqrt(3) / 2,
                 torch.zeros(3, 1), causal=True)
assert torch.allclose(w[1], torch.tensor([0.269, 0.731, 0]), atol=1e-3)
assert torch.allclose(w[2], torch.tensor([0.245, 0.090, 0.665]), atol=1e-3)
