"""Write a DPO training step in PyTorch with a frozen reference model"""

import copy
import math

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Embedding(12, 8), torch.nn.Tanh(), torch.nn.Linear(8, 12))
ids = torch.randint(12, (6, 7))  # three chosen, then three rejected
mask = torch.zeros(6, 7, dtype=torch.bool)
spans = [(3, 7), (3, 5), (2, 6), (3, 6), (3, 7), (2, 3)]
for row, (start, stop) in enumerate(spans):
    mask[row, start:stop] = True


def log_prob(model, row):  # token by token
    logp = model(ids[row]).log_softmax(-1)
    return sum(logp[t - 1, ids[row, t]] for t in range(*spans[row]))


reference = copy.deepcopy(net)
with torch.no_grad():  # a policy that has moved already
    for p in net.parameters():
        p += 0.3 * torch.randn_like(p)
hand = copy.deepcopy(net)
ratio = [log_prob(hand, i) - log_prob(reference, i).detach() for i in range(6)]
want = sum(torch.log(1 + torch.exp(-0.3 * (ratio[i] - ratio[i + 3]))) for i in range(3)) / 3
want.backward()
kept = copy.deepcopy(reference)
loss, chosen, rejected = dpo_step(
    net, reference, torch.optim.SGD(net.parameters(), lr=0.1), ids, mask, beta=0.3)
assert math.isclose(loss, want.item(), rel_tol=1e-5)
assert abs(chosen - sum(ratio[:3]).item() / 3) < 1e-5
assert abs(rejected - sum(ratio[3:]).item() / 3) < 1e-5
for p, q in zip(net.parameters(), hand.parameters()):
    assert torch.allclose(p, q - 0.1 * q.grad, atol=1e-6)
for p, q in zip(reference.parameters(), kept.parameters()):
    assert torch.equal(p, q) and p.grad is None
policy = copy.deepcopy(reference)
opt = torch.optim.Adam(policy.parameters(), lr=0.01)
losses = [dpo_step(policy, reference, opt, ids, mask) for _ in range(60)]
assert abs(losses[0][0] - math.log(2)) < 1e-6 and losses[-1][0] < 0.5
assert losses[-1][1] > losses[-1][2]
same = copy.deepcopy(reference)  # not a copy: the loss stands still, the weights do not
opt = torch.optim.SGD(same.parameters(), lr=0.1)
assert all(abs(dpo_step(same, same, opt, ids, mask)[0] - math.log(2)) < 1e-6 for _ in range(5))
assert not torch.allclose(same[2].weight, reference[2].weight)
