"""Write the contrastive loss of CLIP"""

import math

torch.manual_seed(0)
b, d = 6, 8
I, T = torch.randn(b, d), torch.randn(b, d)
s = torch.tensor(math.log(10.0))
cos = [[F.cosine_similarity(I[i], T[j], dim=0).item() for j in range(b)]
       for i in range(b)]
want = 0.0
for i in range(b):  # each pair among its row and among its column
    row = sum(math.exp(10 * cos[i][j]) for j in range(b))
    col = sum(math.exp(10 * cos[j][i]) for j in range(b))
    want += -math.log(math.exp(10 * cos[i][i]) / row) / (2 * b)
    want += -math.log(math.exp(10 * cos[i][i]) / col) / (2 * b)
assert abs(clip_loss(I, T, s) - want) < 1e-4
assert torch.allclose(clip_loss(I, T, s), clip_loss(T, I, s))
assert torch.allclose(clip_loss(5 * I, 0.1 * T, s), clip_loss(I, T, s), atol=1e-5)
assert clip_loss(I, I, torch.tensor(math.log(100.0))) < 1e-3
flat = clip_loss(torch.ones(b, d), torch.ones(b, d), s)
assert abs(flat - math.log(b)) < 1e-5  # cannot tell them apart
c = torch.tensor([0.28, 0.26, 0.23])  # cosines of cat, fox, dog
texts = torch.stack([c, (1 - c ** 2).sqrt()], dim=-1)
p = zero_shot(torch.tensor([3.0, 0]), texts)
assert torch.allclose(p, torch.tensor([0.876, 0.118, 0.006]), atol=1e-3)
