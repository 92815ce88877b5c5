"""Write the reward model and its preference loss for RLHF"""

import math

torch.manual_seed(0)
a, b = torch.randn(9), torch.randn(9)
want = -sum(math.log(1 / (1 + math.exp(-(x - y)))) for x, y in zip(a, b)) / 9
assert abs(preference_loss(a, b) - want) < 1e-5
two = torch.stack([a, b], -1)  # a softmax over the pair
ce = F.cross_entropy(two, torch.zeros(9, dtype=torch.long))
assert torch.allclose(preference_loss(a, b), ce, atol=1e-6)
assert torch.allclose(preference_loss(a + 7, b + 7), preference_loss(a, b), atol=1e-5)
assert abs(preference_loss(a, a) - math.log(2)) < 1e-6
assert preference_loss(torch.tensor([1e4]), torch.tensor([-1e4])).isfinite()
emb = nn.Embedding(20, 6)
rm = RewardModel(emb, 6)
ids = torch.randint(20, (3, 5))
r = rm(ids, torch.tensor([5, 2, 1]))
for i, n in enumerate((5, 2, 1)):
    assert torch.allclose(r[i], rm.head.weight[0] @ emb.weight[ids[i, n - 1]])
true = torch.randn(20)  # token 'quality' recovered from preferences
x, y = torch.randint(20, (2, 4000, 1))
swap = torch.rand(4000, 1) > torch.sigmoid(3 * (true[x] - true[y]))
win, lose = torch.where(swap, y, x), torch.where(swap, x, y)
opt, one = torch.optim.Adam(rm.parameters(), lr=0.05), torch.ones(4000).long()
for _ in range(150):
    opt.zero_grad()
    preference_loss(rm(win, one), rm(lose, one)).backward()
    opt.step()
learned = rm(torch.arange(20)[:, None], torch.ones(20).long()).detach()
assert torch.corrcoef(torch.stack([learned, true]))[0, 1] > 0.95
lp, ref = torch.tensor([[-1.0, -2]]), torch.tensor([[-1.5, -2.5]])
assert torch.allclose(ppo_reward(torch.tensor([2.0]), lp, ref), torch.tensor([1.9]))
