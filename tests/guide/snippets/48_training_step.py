"""Write a training step in PyTorch with gradient accumulation, gradient clipping and a scheduler step"""

import copy
import math

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Embedding(11, 8), torch.nn.Tanh(), torch.nn.Linear(8, 11))
ids, targets = torch.randint(11, (6, 5)), torch.randint(11, (6, 5))
for row, length in enumerate((5, 5, 4, 1, 2, 1)):  # unequal texts, padded
    targets[row, length:] = -100
micro = list(zip(ids.split(2), targets.split(2)))
for max_norm in (0.05, 100.0):
    a, b = copy.deepcopy(net), copy.deepcopy(net)
    opt_a, opt_b = (torch.optim.SGD(m.parameters(), lr=0.5) for m in (a, b))
    halving = torch.optim.lr_scheduler.ExponentialLR(opt_a, 0.5)
    for step in range(3):
        assert math.isclose(opt_a.param_groups[0]["lr"], 0.5 ** (step + 1))
        loss, norm = train_step(a, opt_a, halving, micro, max_norm)
        opt_b.param_groups[0]["lr"] = 0.5 ** (step + 1)
        opt_b.zero_grad()
        logp = b(ids).log_softmax(-1)  # one large batch, token by token, clipped by hand
        real = [(i, j) for i in range(6) for j in range(5) if targets[i, j] >= 0]
        mean = -sum(logp[i, j, targets[i, j]] for i, j in real) / len(real)
        mean.backward()
        total = torch.cat([p.grad.flatten() for p in b.parameters()]).norm()
        assert math.isclose(loss, mean.item(), rel_tol=1e-5)
        assert math.isclose(norm, total.item(), rel_tol=1e-5)
        assert (norm > max_norm) == (max_norm < 1)
        for p in b.parameters():
            p.grad *= min(1.0, max_norm / total.item())
        opt_b.step()
        for p, q in zip(a.parameters(), b.parameters()):
            assert torch.allclose(p, q, atol=1e-5)
means = [F.cross_entropy(a(x).flatten(0, 1), y.flatten()).item() for x, y in micro]
whole = F.cross_entropy(a(ids).flatten(0, 1), targets.flatten()).item()
assert abs(sum(means) / 3 - whole) > 1e-3  # a mean of means is another number
