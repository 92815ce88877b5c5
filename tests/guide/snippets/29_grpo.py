"""Write the GRPO loss for reinforcement learning of a language model"""

torch.manual_seed(0)
r = torch.tensor([[1.0, 0, 0, 1], [1, 1, 1, 1]])
adv = group_advantages(r)
assert torch.allclose(adv[0], torch.tensor([0.866, -0.866, -0.866, 0.866]), atol=1e-3)
assert (adv[1] == 0).all()  # all right: nothing to learn
assert torch.equal(group_advantages(r.long()), adv)  # integer rewards
b, n = 5, 7
lp, old, ref = torch.randn(3, b, n, dtype=torch.double) * 0.3 - 1
a = torch.randn(b, dtype=torch.double)
mask = (torch.arange(n) < torch.tensor([7, 5, 3, 1, 6])[:, None]).double()
total = 0.0
for i in range(b):  # one token at a time
    s = 0.0
    for t in range(int(mask[i].sum())):
        rho = torch.exp(lp[i, t] - old[i, t]).item()
        A = a[i].item()
        g = min(rho * A, max(0.8, min(1.2, rho)) * A)
        d = (ref[i, t] - lp[i, t]).item()
        s += g - 0.04 * (torch.e ** d - 1 - d)
    total += s / mask[i].sum().item()
assert abs(grpo_loss(lp, old, ref, a, mask) + total / b) < 1e-9
none = mask.clone()
none[3] = 0  # an answer without a token to learn from adds 0
rest = [i for i in range(b) if i != 3]
want = grpo_loss(lp[rest], old[rest], ref[rest], a[rest], mask[rest]) * 4 / 5
assert torch.allclose(grpo_loss(lp, old, ref, a, none), want)
x = old.clone().requires_grad_()  # at ratio 1 and beta 0: the policy gradient
grpo_loss(x, old, ref, a, mask, beta=0.0).backward()
want = -(a[:, None] * mask / mask.sum(1, keepdim=True)) / b
assert torch.allclose(x.grad, want)
y = (old + 1.0).requires_grad_()  # ratio e: clipped where the advantage is positive
grpo_loss(y, old, ref, a, mask, beta=0.0).backward()
assert (y.grad[a > 0] == 0).all() and (y.grad[a < 0][mask[a < 0] > 0] != 0).all()
