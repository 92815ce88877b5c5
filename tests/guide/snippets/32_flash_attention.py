"""Write the FlashAttention forward pass in plain PyTorch"""

import torch.nn.functional as F

torch.manual_seed(0)
for n, block in ((64, 16), (50, 16), (7, 64), (33, 1)):
    q, k, v = 3 * torch.randn(n, 8), 3 * torch.randn(n, 8), torch.randn(n, 8)
    for causal in (False, True):
        ref = F.scaled_dot_product_attention(q[None], k[None], v[None],
                                             is_causal=causal)
        got = flash_attention(q, k, v, block, causal)
        assert torch.allclose(got, ref[0], atol=1e-5)
big = flash_attention(100 * q, 100 * k, v, 4)  # no overflow
assert big.isfinite().all()
