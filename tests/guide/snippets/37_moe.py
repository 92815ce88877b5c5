"""Write a mixture-of-experts layer with top-k routing and a load-balancing loss"""

torch.manual_seed(0)
moe = MoE(8, 16, 4, top_k=2)
x = torch.randn(2, 5, 8)
y, aux = moe(x)
for b in range(2):
    for t in range(5):  # token by token, all experts computed
        h = moe.router(x[b, t])
        chosen = sorted(range(4), key=lambda i: -h[i].item())[:2]
        z = sum(h[i].exp() for i in chosen)
        want = sum(h[i].exp() / z * moe.experts[i](x[b, t]) for i in chosen)
        assert torch.allclose(y[b, t], want, atol=1e-5)
h = torch.tensor([2.0, 1.0, 0.5, -0.5])
g = h.topk(2).values.softmax(-1)
assert abs(g[0] - 0.731) < 1e-3 and abs(g[0] * 3 - g[1] - 1.924) < 1e-3
# f = (.5, .25, .125, .125), P = (.4, .3, .2, .1) gives 1.25
index = torch.tensor([0] * 4 + [1] * 2 + [2, 3])[:, None]
logits = torch.tensor([0.4, 0.3, 0.2, 0.1]).log().expand(8, 4)
assert abs(load_balance_loss(logits, index) - 1.25) < 1e-6
even = torch.arange(8)[:, None] % 4
assert abs(load_balance_loss(torch.zeros(8, 4), even) - 1) < 1e-6
one = torch.zeros(8, 4)
one[:, 2] = 50
assert abs(load_balance_loss(one, one.argmax(-1, keepdim=True)) - 4) < 1e-4
(y.sum() + 0.01 * aux).backward()
assert moe.router.weight.grad.abs().sum() > 0
single = MoE(8, 16, 4, top_k=1)  # a softmax over one logit: nothing to learn from
single(x)[0].sum().backward()
assert single.router.weight.grad.abs().sum() == 0
full = MoE(8, 16, 3, top_k=3)  # k = N: a softmax mixture of all experts
w = full.router(x).softmax(-1)
want = sum(w[..., i:i + 1] * full.experts[i](x) for i in range(3))
assert torch.allclose(full(x)[0], want, atol=1e-5)
