"""Write a softmax with temperature, including temperature 0"""

import torch.nn.functional as F

z = torch.tensor([4.0, 3, 2, 0])
table = {0.5: ([0.867, 0.117, 0.016, 0.000], 0.640),
         1.0: ([0.657, 0.242, 0.089, 0.012], 1.280),
         2.0: ([0.474, 0.287, 0.174, 0.064], 1.721)}
for T, (p, bits) in table.items():
    got = temperature_softmax(z, T)
    assert torch.allclose(got, torch.tensor(p), atol=6e-4)
    assert abs(-(got * got.log2()).sum() - bits) < 1e-3
torch.manual_seed(0)
x = torch.randn(5, 50) * 4
for T in (0.1, 0.7, 1.0, 3.0):
    assert torch.allclose(temperature_softmax(x, T), F.softmax(x / T, -1), atol=1e-6)
zero = temperature_softmax(x, 0)
assert torch.allclose(temperature_softmax(x, 1e-4), zero, atol=1e-6)
assert torch.equal(temperature_softmax(x, 1e-60), zero)  # 0 in 32 bits
assert torch.equal(zero, F.one_hot(x.argmax(-1), 50).float())
assert torch.allclose(temperature_softmax(x, 1e6), torch.full_like(x, 0.02), atol=1e-5)
assert temperature_softmax(torch.tensor([1000.0, 0]), 0.01).isfinite().all()
assert torch.equal(sample(x, 0), x.argmax(-1, keepdim=True))
many = sample(z.expand(20000, 4), 2.0)
freq = torch.bincount(many.flatten(), minlength=4) / 20000
assert torch.allclose(freq, temperature_softmax(z, 2.0), atol=0.015)
