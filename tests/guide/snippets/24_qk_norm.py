"""Write attention with QK normalization"""

torch.manual_seed(0)
layer = QKNormAttention(16, 4)
with torch.no_grad():
    layer.q_norm.weight.uniform_(0.5, 1.5)
x = torch.randn(2, 6, 16)
y = layer(x)
W = layer.qkv.weight
rms = lambda a, w: w * a / (a.pow(2).mean() + torch.finfo(a.dtype).eps) ** 0.5
for b in range(2):  # one head and position at a time
    for t in range(6):
        heads = []
        for h in range(4):
            s = slice(4 * h, 4 * h + 4)
            q = rms(W[:16][s] @ x[b, t], layer.q_norm.weight)
            e = [(q @ rms(W[16:32][s] @ x[b, j], layer.k_norm.weight) / 2).exp()
                 for j in range(t + 1)]
            v = [W[32:][s] @ x[b, j] for j in range(t + 1)]
            heads.append(sum(e[j] * v[j] for j in range(t + 1)) / sum(e))
        assert torch.allclose(y[b, t], layer.out(torch.cat(heads)), atol=1e-5)
plain = QKNormAttention(16, 4)  # gain 1: scores stay within +- sqrt(d_head)
with torch.no_grad():
    plain.qkv.weight *= 1000
q, k, _ = plain.qkv(x).view(2, 6, 3, 4, 4).unbind(2)
s = (plain.q_norm(q).transpose(1, 2) @ plain.k_norm(k).permute(0, 2, 3, 1)) / 2
assert s.abs().max() <= 2 + 1e-4
raw = (q.transpose(1, 2) @ k.permute(0, 2, 3, 1)) / 2
assert raw.abs().max() > 1e4
