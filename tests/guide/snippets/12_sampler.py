"""Write one sampler with temperature, top-k, top-p and min-p"""

import numpy as np

torch.manual_seed(0)
p = torch.tensor([[.42, .21, .14, .09, .06, .04, .02, .01, .01]], dtype=torch.double)
perm = torch.randperm(9)
shuffled = p[:, perm].log()


def kept(**kw):  # back in the order of p
    out = torch.empty_like(p)
    out[:, perm] = sample_token(shuffled, **kw)[1]
    return out


assert np.allclose(kept(top_k=3)[0, :3], [0.545, 0.273, 0.182], atol=1e-3)
assert (kept(top_k=3) > 0).sum() == 3 and (kept(top_p=0.9) > 0).sum() == 5
assert (kept(min_p=0.2) > 0).sum() == 4 and (kept(min_p=0.5) > 0).sum() == 2
assert (kept(top_p=0.0) > 0).sum() == 1 and (kept(top_k=50) > 0).sum() == 9
assert torch.allclose(kept(), p)
sure = torch.tensor([[.93, .03, .02, .01, .01]]).log()
assert (sample_token(sure, top_p=0.9)[1] > 0).sum() == 1


def brute(x, t, k, top_p, min_p):
    q = np.exp(x / t - (x / t).max())
    q /= q.sum()
    if k:
        q[np.argsort(-q)[k:]] = 0
        q /= q.sum()
    total = 0.0
    for i in np.argsort(-q):
        if total >= top_p:
            q[i] = 0
        else:
            total += q[i]
    q[q / q.max() < min_p] = 0
    return q / q.sum()


for _ in range(50):
    x = torch.randn(3, 20, dtype=torch.double)
    args = dict(temperature=0.8, top_k=9, top_p=0.85, min_p=0.1)
    ids, got = sample_token(x, **args)
    for r in range(3):
        assert np.allclose(got[r], brute(x[r].numpy(), 0.8, 9, 0.85, 0.1))
        assert got[r, ids[r, 0]] > 0
assert torch.equal(sample_token(x, temperature=0)[0][:, 0], x.argmax(-1))
ids = sample_token(p.log().repeat(20000, 1))[0]
freq = torch.bincount(ids[:, 0], minlength=9) / 20000
assert torch.allclose(freq.double(), p[0], atol=0.015)
