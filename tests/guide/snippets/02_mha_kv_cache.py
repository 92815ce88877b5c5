"""Write multi-head attention with a KV cache in PyTorch"""

torch.manual_seed(0)
layer = CachedAttention(32, 4).eval()
ref = nn.MultiheadAttention(32, 4, bias=False, batch_first=True)
x = torch.randn(2, 9, 32)
with torch.no_grad():
    ref.in_proj_weight.copy_(layer.qkv.weight)
    ref.out_proj.weight.copy_(layer.out.weight)
    mask = torch.ones(9, 9, dtype=torch.bool).triu(1)
    full = ref(x, x, x, attn_mask=mask)[0]
    assert torch.allclose(layer(x)[0], full, atol=1e-5)
    # prefill of 4 tokens, a chunk of 2, then one token at a time
    y, cache = layer(x[:, :4])
    parts = [y]
    for lo, hi in ((4, 6), (6, 7), (7, 8), (8, 9)):
        y, cache = layer(x[:, lo:hi], cache)
        parts.append(y)
    assert torch.allclose(torch.cat(parts, dim=1), full, atol=1e-5)
    assert cache[0].shape == cache[1].shape == (2, 4, 9, 8)
