"""Write min-p sampling"""

import math

p = torch.tensor([[0.60, 0.25, 0.10, 0.05], [0.28, 0.26, 0.24, 0.22]])
kept = min_p_filter(p.log(), 0.2).isfinite()
assert kept.tolist() == [[True, True, False, False], [True] * 4]
torch.manual_seed(0)
x = torch.randn(40, 100) * 3
for m in (0.01, 0.1, 0.5, 1.0):
    out = min_p_filter(x, m)
    for row, got in zip(x, out):  # in logits: a gap of at most -ln(min_p)
        want = [v >= row.max() + math.log(m) - 1e-6 for v in row]
        assert got.isfinite().tolist() == want
    assert out.isfinite().any(-1).all()  # the best token always stays
assert (min_p_filter(x, 1.0).isfinite().sum(-1) == 1).all()
assert torch.equal(sample(x, min_p=1.0), x.argmax(-1, keepdim=True))
draws = sample(p[:1].log().expand(20000, 4), min_p=0.2).flatten()
freq = torch.bincount(draws, minlength=4) / 20000
assert torch.allclose(freq, torch.tensor([60 / 85, 25 / 85, 0, 0]), atol=0.015)
