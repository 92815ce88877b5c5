"""Write an adaptive softmax with a head and tail clusters"""

torch.manual_seed(0)
d, cutoffs = 32, [10, 30, 90]
ours = AdaptiveSoftmax(d, cutoffs)
ref = nn.AdaptiveLogSoftmaxWithLoss(d, 90, cutoffs[:-1], div_value=4.0)
with torch.no_grad():
    ours.head.weight.copy_(ref.head.weight)
    for a, b in zip(ours.tails, ref.tail):
        a[0].weight.copy_(b[0].weight)
        a[1].weight.copy_(b[1].weight)
h, t = torch.randn(300, d, requires_grad=True), torch.randint(90, (300,))
got, want = ours(h, t), ref(h, t)
assert torch.allclose(got, want.output, atol=1e-5)
g1, = torch.autograd.grad(-got.mean(), h)
g2, = torch.autograd.grad(want.loss, h)
assert torch.allclose(g1, g2, atol=1e-6)
every = torch.arange(90)  # a normalized distribution over the whole vocabulary
total = ours(h[:1].expand(90, d), every).exp().sum()
assert abs(total - 1) < 1e-5
assert torch.allclose(ours(h[:4], torch.tensor([0, 1, 9, 5])),
                      ref.log_prob(h[:4])[range(4), [0, 1, 9, 5]], atol=1e-5)
