"""Write KL divergence from logits, numerically stable"""

import torch
import torch.nn.functional as F

p, q = np.log([[0.7, 0.2, 0.1]]), np.log([[0.5, 0.3, 0.2]])
assert abs(kl_divergence(p, q)[0] - 0.0851) < 1e-4
assert abs(kl_divergence(q, p)[0] - 0.0920) < 1e-4
modes = np.log([[0.49, 0.02, 0.49]])
for cand, fwd, rev in (([[.98, .01, .01]], 1.581, 0.633), ([[1., 1, 1]], 0.321, 0.681)):
    assert abs(kl_divergence(modes, np.log(cand))[0] - fwd) < 1e-3
    assert abs(kl_divergence(np.log(cand), modes)[0] - rev) < 1e-3

rng = np.random.default_rng(0)
a, b = rng.normal(size=(2, 8, 20)) * 200  # probabilities that underflow
ta, tb = (torch.log_softmax(torch.tensor(x), -1) for x in (a, b))
ref = F.kl_div(tb, ta, reduction="none", log_target=True).sum(-1).numpy()
assert np.isfinite(ref).all() and np.allclose(kl_divergence(a, b), ref)
assert (kl_divergence(a, b) >= 0).all() and np.allclose(kl_divergence(a, a + 5), 0)
assert np.allclose(js_divergence(a, b), js_divergence(b, a))
assert (js_divergence(a, b) <= np.log(2) + 1e-12).all()
x, y = rng.dirichlet(np.ones(5), 2)
m = (x + y) / 2
js = 0.5 * (x * np.log(x / m)).sum() + 0.5 * (y * np.log(y / m)).sum()
assert np.isclose(js_divergence(np.log(x)[None], np.log(y)[None])[0], js)
