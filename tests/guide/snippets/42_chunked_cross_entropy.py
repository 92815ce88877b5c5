"""Write a cross-entropy that never holds all logits in memory"""

torch.manual_seed(0)
n, d, V = 50, 8, 300
h, W = torch.randn(n, d, requires_grad=True), torch.randn(V, d, requires_grad=True)
y = torch.randint(V, (n,))
y[::7] = -100
want = F.cross_entropy(h @ W.T, y, ignore_index=-100)
gh, gw = torch.autograd.grad(want, (h, W))
for size in (1, 16, 50, 64):
    got = chunked_cross_entropy(h, W, y, size)
    a, b = torch.autograd.grad(got, (h, W))
    assert torch.allclose(got, want, atol=1e-5)
    assert torch.allclose(a, gh, atol=1e-6) and torch.allclose(b, gw, atol=1e-6)
saved = []
with torch.autograd.graph.saved_tensors_hooks(
        lambda t: (saved.append(t.numel()), t)[1], lambda t: t):
    chunked_cross_entropy(h, W, y, 10)
assert max(saved) < n * V  # no tensor of the size of all logits is kept
assert 8192 * 128256 * 4 == 4202692608  # 4.2 GB for the full logits of Llama 3
