"""Write Luong attention for a recurrent decoder"""

torch.manual_seed(0)
att = LuongAttention(6, 5)
s, H = torch.randn(3, 6), torch.randn(3, 7, 5)
mask = torch.arange(7) < torch.tensor([7, 4, 1])[:, None]
out, w = att(s, H, mask)
for b, n in enumerate((7, 4, 1)):
    e = [(s[b] @ att.W.weight @ H[b, i]).exp() for i in range(n)]
    a = [x / sum(e) for x in e]
    assert torch.allclose(w[b, :n], torch.stack(a), atol=1e-5)
    c = sum(a[i] * H[b, i] for i in range(n))
    want = torch.tanh(att.combine.weight @ torch.cat([c, s[b]]) + att.combine.bias)
    assert torch.allclose(out[b], want, atol=1e-5)
assert (w[~mask] == 0).all()
plain = LuongAttention(5, 5)  # with W = I it is the dot score
with torch.no_grad():
    plain.W.weight.copy_(torch.eye(5))
q = torch.randn(3, 5)
_, w = plain(q, H, mask)
ref = torch.nn.functional.scaled_dot_product_attention(
    q[:, None], H, torch.eye(7).expand(3, 7, 7), attn_mask=mask[:, None], scale=1.0)
assert torch.allclose(w, ref[:, 0], atol=1e-5)
