"""Write a seq2seq decoder step with Bahdanau attention"""

torch.manual_seed(0)
att = BahdanauAttention(6, 5, 4)
s, H = torch.randn(3, 6), torch.randn(3, 7, 5)
mask = torch.arange(7) < torch.tensor([7, 4, 1])[:, None]
c, w = att(s, H, mask)
for b, n in enumerate((7, 4, 1)):  # the formula, one source position at a time
    q = att.query.weight @ s[b]
    e = [att.v.weight[0] @ torch.tanh(q + att.key.weight @ H[b, i]) for i in range(n)]
    a = torch.stack(e).exp() / sum(x.exp() for x in e)
    assert torch.allclose(w[b, :n], a, atol=1e-5) and (w[b, n:] == 0).all()
    assert torch.allclose(c[b], sum(a[i] * H[b, i] for i in range(n)), atol=1e-5)
# scores 0, 1, 3 over states (1, 0), (0, 1), (1, 1)
weights = torch.tensor([0.0, 1, 3]).softmax(0)
states = torch.tensor([[1.0, 0], [0, 1], [1, 1]])
assert torch.allclose(weights @ states, torch.tensor([0.886, 0.958]), atol=1e-3)
step = DecoderStep(11, 3, 6, 5)
logits, new = step(torch.tensor([1, 2, 3]), s, H, mask)
assert logits.shape == (3, 11) and new.shape == (3, 6)
one, _ = step(torch.tensor([2]), s[1:2], H[1:2, :4], mask[1:2, :4])  # no padding
assert torch.allclose(one, logits[1:2], atol=1e-5)
