"""Write a training loop with gradient accumulation and clipping"""

import copy

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
x, y = torch.randn(32, 6) * 3, torch.randint(0, 3, (32,))
for max_norm in (0.05, 100.0):
    a, b = copy.deepcopy(net), copy.deepcopy(net)
    opt_a = torch.optim.SGD(a.parameters(), lr=0.5)
    opt_b = torch.optim.SGD(b.parameters(), lr=0.5)
    micro = list(zip(x.split(8), y.split(8)))
    got = train_epoch(a, micro, opt_a, 4, max_norm)
    F.cross_entropy(b(x), y).backward()  # one large batch
    ref = torch.nn.utils.clip_grad_norm_(b.parameters(), max_norm)
    opt_b.step()
    assert len(got) == 1 and torch.allclose(got[0], ref, atol=1e-6)
    for p, q in zip(a.parameters(), b.parameters()):
        assert torch.allclose(p, q, atol=1e-6)
    moved = torch.sqrt(sum((p - q).pow(2).sum()
                           for p, q in zip(a.parameters(), net.parameters())))
    assert moved <= 0.5 * max_norm + 1e-5
c = copy.deepcopy(net)
steps = train_epoch(c, micro[:3] * 3, torch.optim.SGD(c.parameters(), lr=0.1), 4)
assert len(steps) == 2 and all(p.grad is None for p in c.parameters())
