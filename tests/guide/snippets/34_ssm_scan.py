"""Write a state space layer as a recurrence and as a convolution"""

torch.manual_seed(0)
n, d, s = 40, 5, 3
x = torch.randn(n, d, dtype=torch.double)
A = torch.rand(d, s, dtype=torch.double) * 0.95
B, C = torch.randn(2, d, s, dtype=torch.double)
y = ssm_scan(x, A, B, C)
assert torch.allclose(y, ssm_convolution(x, A, B, C))
for t in (0, 7, 39):  # the sum over all earlier inputs, written out
    for c in range(d):
        want = sum(C[c, k] * A[c, k] ** (t - j) * B[c, k] * x[j, c]
                   for j in range(t + 1) for k in range(s))
        assert torch.allclose(y[t, c], want)
later = x.clone()
later[20:] += 1  # causal
assert torch.equal(ssm_scan(later, A, B, C)[:20], y[:20])
ema = ssm_scan(x[:, :1], torch.full((1, 1), 0.9).double(),
               torch.full((1, 1), 0.1).double(), torch.ones(1, 1).double())
m = 0.0  # with one state it is an exponential moving average
for t in range(n):
    m = 0.9 * m + 0.1 * x[t, 0]
    assert torch.allclose(ema[t, 0], m)
