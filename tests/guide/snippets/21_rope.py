"""Write rotary position embeddings (RoPE)"""

torch.manual_seed(0)
cos, sin = rope_table(64, 8)
q, k = torch.randn(2, 1, 1, 1, 8).unbind(0)


def score(m, n):
    return (apply_rope(q, cos, sin, m) * apply_rope(k, cos, sin, n)).sum()


for shift in (1, 7, 40):  # only the offset counts
    assert torch.allclose(score(3, 1), score(3 + shift, 1 + shift), atol=1e-5)
assert not torch.allclose(score(3, 1), score(4, 1), atol=1e-3)

x = torch.randn(2, 3, 10, 8)
y = apply_rope(x, cos, sin)
assert torch.allclose(y.norm(dim=-1), x.norm(dim=-1), atol=1e-5)
assert torch.allclose(y[:, :, 0], x[:, :, 0])  # position 0 is not rotated
z = torch.view_as_complex(x.reshape(2, 3, 10, 4, 2))  # same thing in complex numbers
freq = torch.tensor([10000.0 ** (-2 * i / 8) for i in range(4)])
turn = torch.polar(torch.ones(10, 4), torch.arange(10)[:, None] * freq)
assert torch.allclose(torch.view_as_real(z * turn).flatten(-2), y, atol=1e-5)
assert torch.allclose(apply_rope(x[:, :, 6:], cos, sin, start=6), y[:, :, 6:])
half = apply_rope(x.bfloat16(), cos, sin)  # turned in 32 bits, then cast down
assert half.dtype == torch.bfloat16
assert torch.equal(half, apply_rope(x.bfloat16().float(), cos, sin).bfloat16())

a = torch.arange(20.0)[:, None] * 0.5  # one pair with theta = 0.5
one = torch.tensor([[[[1.0, 0.0]]]])
for m, n in ((3, 1), (12, 10)):
    d = (apply_rope(one, a.cos(), a.sin(), m) * apply_rope(one, a.cos(), a.sin(), n))
    assert abs(d.sum().item() - 0.540) < 1e-3
