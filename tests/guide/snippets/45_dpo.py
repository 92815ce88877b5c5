"""Write the DPO loss"""

import math

torch.manual_seed(0)
logits, ids = torch.randn(3, 6, 10), torch.randint(10, (3, 6))
mask = torch.zeros(3, 6, dtype=torch.bool)
mask[0, 3:], mask[1, 2:5], mask[2, 5:] = True, True, True
got = sequence_log_prob(logits, ids, mask)
for i, span in enumerate((range(3, 6), range(2, 5), range(5, 6))):
    want = sum(F.log_softmax(logits[i, t - 1], -1)[ids[i, t]] for t in span)
    assert torch.allclose(got[i], want, atol=1e-5)
c, r, rc, rr = torch.randn(4, 8, dtype=torch.double)
loss, acc = dpo_loss(c, r, rc, rr, beta=0.3)
terms = [math.log(1 + math.exp(-0.3 * ((c[i] - rc[i]) - (r[i] - rr[i])).item()))
         for i in range(8)]
assert abs(loss - sum(terms) / 8) < 1e-9
assert abs(acc - sum(t < math.log(2) for t in terms) / 8) < 1e-6
start, _ = dpo_loss(rc, rr, rc, rr)  # policy = reference
assert abs(start - math.log(2)) < 1e-9
a = c.clone().requires_grad_()
b = r.clone().requires_grad_()
dpo_loss(a, b, rc, rr)[0].backward()
assert (a.grad < 0).all() and (b.grad > 0).all()  # chosen up, rejected down
assert torch.allclose(a.grad, -b.grad)
