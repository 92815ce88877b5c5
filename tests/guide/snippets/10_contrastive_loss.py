"""Write the contrastive loss that trains sentence embeddings"""

import math

torch.manual_seed(0)
b, d = 5, 8
q, p, h = torch.randn(3, b, d)
cos = lambda x, y: F.cosine_similarity(x, y, dim=0).item()
for neg in (None, h):
    want = 0.0
    for i in range(b):
        pool = list(p) + ([] if neg is None else list(neg))
        e = [math.exp(cos(q[i], x) / 0.05) for x in pool]
        want -= math.log(e[i] / sum(e)) / b
    assert abs(info_nce(q, p, neg) - want) < 1e-4
assert abs(info_nce(torch.ones(b, d), torch.ones(b, d)) - math.log(b)) < 1e-6
assert info_nce(q, p, h) > info_nce(q, p)  # more negatives, harder task
enc = torch.nn.Linear(20, 8)
opt = torch.optim.Adam(enc.parameters(), lr=0.01)
topic = torch.eye(20)
loss = [train_step(enc, opt, topic + 0.1 * torch.randn(20, 20),
                   topic + 0.1 * torch.randn(20, 20)) for _ in range(150)]
assert loss[-1] < 0.2 * loss[0]
x = F.normalize(enc(topic + 0.1 * torch.randn(20, 20)), dim=-1)
y = F.normalize(enc(topic + 0.1 * torch.randn(20, 20)), dim=-1)
assert ((x @ y.T).argmax(-1) == torch.arange(20)).float().mean() > 0.9
