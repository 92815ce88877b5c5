"""Write an in-batch contrastive loss (InfoNCE) in PyTorch, symmetric and with duplicates masked"""

import math

torch.manual_seed(0)
n, d = 6, 8
x, y = torch.randn(n, d), torch.randn(n, d)
meaning = torch.tensor([0, 1, 0, 2, 3, 1])
cos = [[F.cosine_similarity(p, q, dim=0).item() for q in y] for p in x]
for group in (None, meaning):
    want = 0.0
    for i in range(n):  # each pair among its row and among its column
        others = [j for j in range(n) if j == i or group is None or group[i] != group[j]]
        row = sum(math.exp(cos[i][j] / 0.1) for j in others)
        column = sum(math.exp(cos[j][i] / 0.1) for j in others)
        want += (math.log(row) + math.log(column) - 2 * cos[i][i] / 0.1) / (2 * n)
    assert abs(in_batch_loss(x, y, group, 0.1) - want) < 1e-4
assert in_batch_loss(x, y, meaning) < in_batch_loss(x, y)  # fewer negatives
assert torch.equal(in_batch_loss(x, y, torch.arange(n)), in_batch_loss(x, y))
assert torch.allclose(in_batch_loss(x, y, meaning), in_batch_loss(y, x, meaning))
assert torch.allclose(in_batch_loss(3 * x, 0.1 * y), in_batch_loss(x, y), atol=1e-5)
assert abs(in_batch_loss(torch.ones(n, d), torch.ones(n, d)) - math.log(n)) < 1e-5
# the same sentence twice: unmasked it is pushed away, masked it has no gradient at all
a = torch.randn(2, d).requires_grad_()
twice = torch.zeros(2, dtype=torch.long)
in_batch_loss(a, y[:1].expand(2, d), twice).backward()
assert not a.grad.any() and twice.tolist() == [0, 0]
leaf = x.clone().requires_grad_()
in_batch_loss(leaf, y, meaning).backward()
assert leaf.grad.isfinite().all() and leaf.grad.any()
