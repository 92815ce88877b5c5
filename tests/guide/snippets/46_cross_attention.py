"""Write the cross-attention of a decoder"""

torch.manual_seed(0)
b, m, n, d = 2, 4, 6, 16
layer = CrossAttention(d, 4)
ref = nn.MultiheadAttention(d, 4, bias=False, batch_first=True)
with torch.no_grad():
    ref.in_proj_weight.copy_(torch.cat([layer.q.weight, layer.kv.weight]))
    ref.out_proj.weight.copy_(layer.out.weight)
x, memory = torch.randn(b, m, d), torch.randn(b, n, d)
mask = torch.arange(n) < torch.tensor([6, 3])[:, None]
k, v = layer.keys_values(memory)
got = layer(x, k, v, mask)
want, w = ref(x, memory, memory, key_padding_mask=~mask)
assert torch.allclose(got, want, atol=1e-5) and w.shape == (b, m, n)
for t in range(m):  # token by token with the same keys and values
    assert torch.allclose(layer(x[:, t:t + 1], k, v, mask), got[:, t:t + 1], atol=1e-5)
short = layer(x[1:], *layer.keys_values(memory[1:, :3]), mask[1:, :3])
assert torch.allclose(short, got[1:], atol=1e-5)
