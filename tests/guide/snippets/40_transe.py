"""Write TransE, an embedding model for knowledge graphs"""

torch.manual_seed(0)
m = TransE(3, 1, 2)
with torch.no_grad():  # unit vectors, checked by hand
    m.entity.weight.copy_(torch.tensor([[1.0, 0], [0, 2.0], [0.6, 0.8]]))
    m.relation.weight.copy_(torch.tensor([[-0.4, 0.8]]))
i = torch.tensor([0, 0])
got = m.score(i, i, torch.tensor([2, 1]))
assert torch.allclose(got, torch.tensor([0.0, -0.4 ** 0.5]), atol=1e-6)
# without the normalization: a distance of 0.5
h, r = torch.tensor([0.2, 0.5]), torch.tensor([0.3, -0.1])
assert abs((h + r - torch.tensor([0.9, 0.1])).norm() - 0.5) < 1e-6
n = 20  # relation 0: next on a line, relation 1: two further
triples = [(a, 0, a + 1) for a in range(n - 1)]
triples += [(a, 1, a + 2) for a in range(n - 2)]
h, r, t = torch.tensor(triples).T
m = TransE(n, 2, 16)
opt = torch.optim.Adam(m.parameters(), lr=0.02)
for _ in range(600):
    opt.zero_grad()
    m.loss(h, r, t).backward()
    opt.step()
with torch.no_grad():
    ranks = []
    for a, rel, b in triples:
        s = m.score(torch.full((n,), a), torch.full((n,), rel), torch.arange(n))
        ranks.append((s > s[b]).sum().item() + 1)
assert sum(x <= 3 for x in ranks) / len(ranks) > 0.8  # hits at 3
