"""Write RMSNorm in PyTorch and say how it differs from LayerNorm"""

import torch.nn.functional as F

torch.manual_seed(0)
norm = RMSNorm(16)
with torch.no_grad():
    norm.weight.normal_()
x = torch.randn(2, 5, 16) * 4 + 1
assert torch.allclose(norm(x), F.rms_norm(x, (16,), norm.weight, 1e-6), atol=1e-5)
for row, out in zip(x.reshape(-1, 16), norm(x).reshape(-1, 16)):
    r = (sum(float(a) ** 2 for a in row) / 16) ** 0.5
    assert torch.allclose(out, norm.weight * row / r, atol=1e-4)
plain = RMSNorm(16)
assert torch.allclose(plain(3 * x), plain(x), atol=1e-4)  # scale does not matter
assert not torch.allclose(plain(x + 3), plain(x), atol=1e-2)  # a shift does
centered = x - x.mean(-1, keepdim=True)  # on centered input it is LayerNorm
assert torch.allclose(plain(centered), F.layer_norm(x, (16,)), atol=1e-4)
half = plain.to(torch.bfloat16)(1000 * x.to(torch.bfloat16))
assert half.dtype == torch.bfloat16 and half.isfinite().all()
assert torch.allclose(half.float().pow(2).mean(-1), torch.ones(2, 5), atol=0.02)
