"""Write an adapter layer and freeze the rest of the model"""

import torch

torch.manual_seed(0)
d = 16
base = nn.Sequential(nn.Linear(d, 64), nn.GELU(), nn.Linear(64, d))
x = torch.randn(3, 5, d)
before = base(x).detach()
layer = WithAdapter(base, d, 4)
assert torch.equal(layer(x), before)  # nothing changes at the start
assert len(trainable(layer)) == 4
assert sum(p.numel() for p in trainable(layer)) == 2 * d * 4 + 4 + d
frozen = [p.detach().clone() for p in base.parameters()]
opt = torch.optim.Adam(trainable(layer), lr=0.01)
target = before + torch.tanh(before)
first = ((layer(x) - target) ** 2).mean().item()
for _ in range(300):
    opt.zero_grad()
    loss = ((layer(x) - target) ** 2).mean()
    loss.backward()
    opt.step()
assert loss < 0.5 * first
assert all(torch.equal(a, b) for a, b in zip(frozen, base.parameters()))
assert all(p.grad is None for p in base.parameters())
a = layer.adapter  # the formula in numpy, with the exact GELU
h = before.numpy()
z = h @ a.down.weight.detach().numpy().T + a.down.bias.detach().numpy()
cdf = 0.5 * (1 + torch.erf(torch.tensor(z) / 2 ** 0.5)).numpy()
want = h + (z * cdf) @ a.up.weight.detach().numpy().T + a.up.bias.detach().numpy()
assert torch.allclose(layer(x), torch.tensor(want), atol=1e-5)
assert 32 * 2 * (2 * 4096 * 64 + 64 + 4096) == 33820672
