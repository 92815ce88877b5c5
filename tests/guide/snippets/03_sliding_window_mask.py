"""Write sliding-window attention with its mask"""

import torch.nn.functional as F

m = sliding_window_mask(5, 3).int().tolist()
assert m == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0],
             [0, 1, 1, 1, 0], [0, 0, 1, 1, 1]]
assert torch.equal(sliding_window_mask(6, 6), torch.ones(6, 6).tril().bool())
torch.manual_seed(0)
q, k, v = torch.randn(3, 2, 4, 12, 8)
out = window_attention(q, k, v, 5)
ref = F.scaled_dot_product_attention(q, k, v, attn_mask=sliding_window_mask(12, 5))
assert torch.allclose(out, ref, atol=1e-5)
for t in range(12):  # each token alone over a cache of the last 5
    lo = max(0, t - 4)
    one = F.scaled_dot_product_attention(q[..., t:t + 1, :], k[..., lo:t + 1, :],
                                         v[..., lo:t + 1, :])
    assert torch.allclose(out[..., t:t + 1, :], one, atol=1e-5)
# two layers reach 2 * (window - 1) tokens back, and no further
x = torch.randn(1, 12, 8, requires_grad=True)
h = window_attention(x, x, x, 3)
h = window_attention(h, h, h, 3)
g, = torch.autograd.grad(h[0, 11].sum(), x)
assert (g[0, :7] == 0).all() and (g[0, 7:] != 0).any(dim=-1).all()
