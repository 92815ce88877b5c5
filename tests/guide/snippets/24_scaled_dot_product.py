"""Write the scaled dot product and show why it is divided by the square root of d"""

import torch.nn.functional as F

q = torch.tensor([[2.0, 1, 0, 1]])
k = torch.tensor([[1.0, 1, 1, 0], [2, 2, 2, 0]])
assert torch.allclose(scaled_dot_product(q, k), torch.tensor([[1.5, 3.0]]))
assert torch.allclose(cosine_scores(q, k), torch.tensor([[0.7071, 0.7071]]), atol=1e-4)
torch.manual_seed(0)
for d in (4, 64, 1024):
    raw, scaled = why_the_square_root(d)
    assert abs(raw / d ** 0.5 - 1) < 0.03 and abs(scaled - 1) < 0.03
q, k, v = torch.randn(2, 3, 5, 8), torch.randn(2, 3, 7, 8), torch.randn(2, 3, 7, 8)
s = scaled_dot_product(q, k)
ref = F.scaled_dot_product_attention(q, k, v)
assert torch.allclose(s.softmax(-1) @ v, ref, atol=1e-5)
for i in range(5):
    for j in range(7):
        want = sum(float(a) * float(b) for a, b in zip(q[1, 2, i], k[1, 2, j]))
        assert abs(s[1, 2, i, j] - want / 8 ** 0.5) < 1e-5
ref = F.cosine_similarity(q.unsqueeze(-2), k.unsqueeze(-3), dim=-1)
assert torch.allclose(cosine_scores(q, k), ref, atol=1e-5)
