"""Write ALiBi position biases"""

import torch.nn.functional as F

assert torch.allclose(alibi_slopes(8), 0.5 ** torch.arange(1.0, 9))
assert abs(alibi_slopes(16)[0] - 2 ** -0.5) < 1e-6
b = alibi_bias(4, 8)
assert b.shape == (8, 4, 4)
assert b[0, 3].tolist() == [-1.5, -1.0, -0.5, 0.0]
assert (b[:, 0, 1:] == float("-inf")).all()
torch.manual_seed(0)
q, k, v = torch.randn(3, 2, 8, 10, 4)
out = alibi_attention(q, k, v)
ref = F.scaled_dot_product_attention(q, k, v, attn_mask=alibi_bias(10, 8))
assert torch.allclose(out, ref, atol=1e-5)
s = torch.zeros(10)  # one entry, written out
for j in range(10):
    s[j] = q[1, 3, 9] @ k[1, 3, j] / 2 - (9 - j) * 2.0 ** -4
assert torch.allclose(out[1, 3, 9], s.softmax(0) @ v[1, 3], atol=1e-5)
# only distances count: the last 10 rows of a longer bias are the same
long = alibi_bias(20, 8)
assert torch.equal(long[:, 10:, 10:], alibi_bias(10, 8))
low = alibi_attention(q.bfloat16(), k.bfloat16(), v.bfloat16())
assert low.dtype == torch.bfloat16 and torch.allclose(low.float(), ref, atol=0.05)
