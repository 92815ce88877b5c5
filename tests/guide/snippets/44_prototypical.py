"""Write few-shot classification with prototypical networks"""

import math

torch.manual_seed(0)
S, y = torch.randn(6, 4), torch.tensor([0, 1, 2, 2, 1, 0])
P = prototypes(S, y, 3)
for c in range(3):
    assert torch.allclose(P[c], S[y == c].mean(0))
assert torch.allclose(prototypes(S.double(), y, 3), P.double())
assert prototypes(S.bfloat16(), y, 3).dtype == torch.bfloat16
Q = torch.randn(5, 4)
lp = classify(Q, P)
for i in range(5):
    dist = [sum((Q[i, k] - P[c, k]).item() ** 2 for k in range(4)) for c in range(3)]
    z = sum(math.exp(-x) for x in dist)
    for c in range(3):
        assert abs(lp[i, c].exp() - math.exp(-dist[c]) / z) < 1e-5
assert torch.equal(lp.argmax(-1), torch.cdist(Q, P).argmin(-1))
ident = lambda x: x
want = torch.nn.functional.cross_entropy(-(torch.cdist(Q, P) ** 2), y[:5])
assert torch.allclose(episode_loss(ident, S, y, Q, y[:5], 3), want, atol=1e-5)


def task(num_classes, K, Q):
    """fresh classes each time; the last 8 of 16 features are noise"""
    means = torch.cat([2 * torch.randn(num_classes, 8), torch.zeros(num_classes, 8)], 1)
    out = []
    for n in (K, Q):
        yy = torch.arange(num_classes).repeat_interleave(n)
        x = means[yy] + torch.randn(len(yy), 16)
        x[:, 8:] *= 5
        out += [x, yy]
    return out


enc = torch.nn.Linear(16, 8)
opt = torch.optim.Adam(enc.parameters(), lr=0.01)
for step in range(300):
    loss = episode_loss(enc, *task(3, 3, 5), 3)
    opt.zero_grad()
    loss.backward()
    opt.step()
hit = raw = 0
with torch.no_grad():
    for _ in range(100):  # classes never seen before
        s, sy, q, qy = task(3, 2, 10)
        hit += (classify(enc(q), prototypes(enc(s), sy, 3)).argmax(-1) == qy).sum()
        raw += (classify(q, prototypes(s, sy, 3)).argmax(-1) == qy).sum()
assert hit > 0.85 * 3000 and hit > raw + 300
