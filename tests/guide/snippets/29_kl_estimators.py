"""Write KL estimators from sampled tokens, as in RLHF"""

import torch.nn.functional as F

torch.manual_seed(0)
z = torch.randn(50, dtype=torch.double)
z_ref = z + 0.3 * torch.randn(50, dtype=torch.double)
kl = exact_kl(z, z_ref)
ref = F.kl_div(z_ref.log_softmax(-1), z.log_softmax(-1), reduction="sum",
               log_target=True)
assert torch.allclose(kl, ref) and kl > 0
p, q = z.log_softmax(-1), z_ref.log_softmax(-1)
k1, k2, k3 = kl_estimates(p, q)
w = p.exp()  # expectations over the policy, exactly
assert torch.allclose((w * k1).sum(), kl) and torch.allclose((w * k3).sum(), kl)
assert abs((w * k2).sum() / kl - 1) < 0.2  # close, not equal
assert (k3 >= 0).all() and (k1 < 0).any()
var = lambda k: (w * (k - (w * k).sum()) ** 2).sum()
assert var(k3) < 0.3 * var(k1) and var(k2) < 0.3 * var(k1)
ids = torch.multinomial(w, 100000, replacement=True)
assert all(abs(k[ids].mean() / kl - 1) < 0.2 for k in (k1, k3))
assert exact_kl(z, z) == 0
