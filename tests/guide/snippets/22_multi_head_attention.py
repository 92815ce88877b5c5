"""Write multi-head attention in PyTorch"""

torch.manual_seed(0)
mha = MultiHeadAttention(32, 4)
ref = nn.MultiheadAttention(32, 4, bias=False, batch_first=True)
with torch.no_grad():
    ref.in_proj_weight.copy_(mha.qkv.weight)
    ref.out_proj.weight.copy_(mha.out.weight)
x = torch.randn(2, 7, 32)
mask = torch.ones(7, 7, dtype=torch.bool).triu(1)
assert torch.allclose(mha(x), ref(x, x, x, attn_mask=mask)[0], atol=1e-5)
assert torch.allclose(mha(x, causal=False), ref(x, x, x)[0], atol=1e-5)

y = x.clone()
y[:, 4:] += 1.0  # a later token must not change earlier outputs
assert torch.allclose(mha(x)[:, :4], mha(y)[:, :4], atol=1e-6)
assert not torch.allclose(mha(x)[:, 4:], mha(y)[:, 4:], atol=1e-3)
big = sum(p.numel() for p in MultiHeadAttention(512, 8).parameters())
assert big == sum(p.numel() for p in MultiHeadAttention(512, 1).parameters()) == 1048576
