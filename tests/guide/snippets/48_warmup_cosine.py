"""Write a training step with warmup, cosine decay, accumulation and clipping"""

from torch import nn

lr = [learning_rate(s, 3e-4, 100, 1000) for s in range(1001)]
assert math.isclose(lr[0], 3e-6) and math.isclose(max(lr), 3e-4)
assert math.isclose(lr[99], 3e-4) and math.isclose(lr[100], 3e-4)
assert math.isclose(lr[550], 3e-4 * 0.55) and math.isclose(lr[1000], 3e-5)
assert all(a <= b for a, b in zip(lr[:100], lr[1:100]))
assert all(a >= b for a, b in zip(lr[100:], lr[101:]))
assert math.isclose(learning_rate(5000, 3e-4, 100, 1000), 3e-5)
torch.manual_seed(0)
p = nn.Parameter(torch.zeros(1))  # PyTorch's own cosine after warmup
opt = torch.optim.SGD([p], lr=3e-4)
ref = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 900, eta_min=3e-5)
for s in range(100, 1000):
    assert math.isclose(opt.param_groups[0]["lr"], lr[s], rel_tol=1e-6)
    opt.step()
    ref.step()
a, b = nn.Linear(4, 2), nn.Linear(4, 2)
b.load_state_dict(a.state_dict())
X, Y = torch.randn(12, 4), torch.randn(12, 2)
mse = lambda m, d: ((m(d[0]) - d[1]) ** 2).mean()
sch = dict(peak=0.1, warmup=1, total=10)
oa, ob = (torch.optim.SGD(m.parameters(), lr=0.0) for m in (a, b))
norm = train_step(a, oa, mse, list(zip(X.split(4), Y.split(4))), 0, sch, clip=0.01)
mse(b, (X, Y)).backward()  # one big batch, clipped by hand
g = torch.cat([q.grad.flatten() for q in b.parameters()])
assert math.isclose(norm, g.norm().item(), rel_tol=1e-5)
for q, w in zip(b.parameters(), a.parameters()):
    want = q - 0.1 * q.grad * 0.01 / g.norm()
    assert torch.allclose(w, want, atol=1e-6)
