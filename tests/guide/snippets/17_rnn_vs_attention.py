"""Write an RNN layer and a self-attention layer and compare the path between tokens"""

import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
n, d = 60, 16
W = [torch.randn(d, d) / d ** 0.5 * 0.7 for _ in range(5)]
x = torch.randn(n, d)
ref = nn.RNN(d, d, bias=False)
with torch.no_grad():
    ref.weight_ih_l0.copy_(W[0].T)
    ref.weight_hh_l0.copy_(W[1].T)
assert torch.allclose(rnn(x, W[0], W[1]), ref(x)[0], atol=1e-5)
q, k, v = (x @ w for w in W[2:])
want = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0]
assert torch.allclose(self_attention(x, *W[2:]), want, atol=1e-5)
by_rnn = gradient_to_first(lambda z: rnn(z, W[0], W[1]), x)
by_attention = gradient_to_first(lambda z: self_attention(z, *W[2:]), x)
assert by_rnn < 1e-6 and by_attention > 1e-4  # 59 steps against one
short = [gradient_to_first(lambda z: rnn(z, W[0], W[1]), x[:m]) for m in (2, 10, 30)]
assert short[0] > short[1] > short[2] > by_rnn
