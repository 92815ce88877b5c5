"""Write grouped-query attention with a KV cache in PyTorch"""

import math

torch.manual_seed(0)
for kv in (1, 2, 8):
    layer = GroupedQueryAttention(32, 8, kv).eval()
    x = torch.randn(2, 6, 32)
    with torch.no_grad():
        full, cache = layer(x)
        assert cache[0].shape == (2, kv, 6, 4)
        # brute force: head by head, position by position
        q = layer.wq(x).view(2, 6, 8, 4)
        k, v = layer.wk(x).view(2, 6, kv, 4), layer.wv(x).view(2, 6, kv, 4)
        y = torch.zeros(2, 6, 8, 4)
        for b in range(2):
            for t in range(6):
                for h in range(8):
                    j = h // (8 // kv)
                    s = [float(q[b, t, h] @ k[b, u, j]) / 2 for u in range(t + 1)]
                    e = [math.exp(a) for a in s]
                    for u in range(t + 1):
                        y[b, t, h] += e[u] / sum(e) * v[b, u, j]
        assert torch.allclose(full, layer.wo(y.reshape(2, 6, 32)), atol=1e-5)
        out, cache, parts = None, None, []
        for lo, hi in ((0, 3), (3, 4), (4, 6)):
            out, cache = layer(x[:, lo:hi], cache)
            parts.append(out)
        assert torch.allclose(torch.cat(parts, 1), full, atol=1e-5)
