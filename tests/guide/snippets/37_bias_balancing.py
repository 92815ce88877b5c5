"""Write expert load balancing with a bias instead of an auxiliary loss"""

torch.manual_seed(0)
N, d, T = 8, 16, 512
router = BalancedRouter(torch.randn(N, d) * 0.3, 2, rate=0.01)
skew = torch.randn(d)  # inputs that favor some experts
x = torch.randn(T, d) + skew
idx, w = router.route(x)
assert torch.allclose(w.sum(-1), torch.ones(T))
a = torch.sigmoid(x @ router.centroids.T)
for t in range(5):  # with zero bias it is plain top-2
    order = sorted(range(N), key=lambda i: -a[t, i].item())[:2]
    assert idx[t].tolist() == order
    s = a[t, order[0]] + a[t, order[1]]
    assert torch.allclose(w[t], torch.stack([a[t, order[0]], a[t, order[1]]]) / s)
half = BalancedRouter(router.centroids.bfloat16(), 2)
half.bias += 0.6
for _ in range(10):  # in bfloat16 0.6 + 0.001 would stay 0.6
    half.update(torch.tensor([[0, 1], [0, 1]]))
assert half.bias.dtype == torch.float32
assert torch.allclose(half.bias - 0.6, torch.tensor([-0.01] * 2 + [0.01] * 6), atol=1e-6)
h_idx, h_w = half.route(x.bfloat16())
assert h_idx.shape == h_w.shape == (T, 2) and h_w.dtype == torch.bfloat16
before = torch.bincount(idx.flatten(), minlength=N)
for _ in range(400):
    x = torch.randn(T, d) + skew
    idx, w = router.route(x)
    router.update(idx)
after = torch.bincount(idx.flatten(), minlength=N)
mean = T * 2 / N
assert before.max() > 1.8 * mean and after.max() < 1.3 * mean
a = torch.sigmoid(x @ router.centroids.T)
assert torch.allclose(w, a.gather(1, idx) / a.gather(1, idx).sum(-1, keepdim=True))
b = router.bias.clone()
router.update(torch.tensor([[0, 1], [0, 2], [0, 3], [0, 1]]))
sign = torch.tensor([-1.0, -1, 0, 0, 1, 1, 1, 1])  # loads 4 2 1 1 0 0 0 0, mean 1
assert torch.allclose(router.bias - b, 0.01 * sign)
