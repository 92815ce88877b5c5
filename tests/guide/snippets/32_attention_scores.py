"""Write the attention scores step by step with a causal and a padding mask"""

import torch.nn.functional as F

torch.manual_seed(0)
x, Wq, Wk = torch.randn(3, 6, 8), torch.randn(8, 4), torch.randn(8, 4)
lengths = torch.tensor([6, 4, 1])
for causal in (True, False):
    w = attention_weights(x, Wq, Wk, lengths, causal)
    assert w.isfinite().all() and torch.allclose(w.sum(-1), torch.ones(3, 6))
    for b, n in enumerate((6, 4, 1)):  # the sentence alone, without padding
        v = torch.randn(1, n, 8)
        s = x[b:b + 1, :n]
        ref = F.scaled_dot_product_attention(s @ Wq, s @ Wk, v, is_causal=causal)
        assert torch.allclose(w[b:b + 1, :n, :n] @ v, ref, atol=1e-5)
        assert (w[b, :, n:] == 0).all()
        if causal:
            assert (w[b].triu(1) == 0).all()
# the table of raw products, halved: rows 2 and 3 of the weights
S = torch.tensor([[2.0, 1, 0], [1, 3, 2], [4, 2, 6]])
w = attention_weights(torch.eye(3)[None], S @ torch.eye(3, 4), torch.eye(3, 4),
                      torch.tensor([3]))[0]
want = torch.tensor([[1, 0, 0], [0.269, 0.731, 0], [0.245, 0.090, 0.665]])
assert torch.allclose(w, want, atol=1e-3)
