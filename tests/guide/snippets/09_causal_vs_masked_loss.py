"""Write the causal and the masked language modeling loss"""

torch.manual_seed(0)
b, n, V, PAD = 3, 7, 11, 0
logits, ids = torch.randn(b, n, V), torch.randint(1, V, (b, n))
ids[1, 5:], ids[2, 3:] = PAD, PAD
lp = logits.log_softmax(-1)
terms = [-lp[i, t, ids[i, t + 1]] for i in range(b) for t in range(n - 1)
         if ids[i, t + 1] != PAD]
assert torch.allclose(causal_lm_loss(logits, ids, PAD), sum(terms) / len(terms))
assert len(terms) == 6 + 4 + 2
labels = torch.full((b, n), -100)
for i, t in ((0, 0), (0, 6), (1, 2), (2, 1)):
    labels[i, t] = ids[i, t]
want = -(lp[0, 0, ids[0, 0]] + lp[0, 6, ids[0, 6]] + lp[1, 2, ids[1, 2]]
         + lp[2, 1, ids[2, 1]]) / 4
assert torch.allclose(masked_lm_loss(logits, labels), want)
assert attention_mask(4, True).sum() == 10 and attention_mask(4, False).sum() == 16
# the sentence of four tokens: 0.05, 0.02, 0.20, 0.25 -> 2.476 per token
p = torch.tensor([0.05, 0.02, 0.20, 0.25])
two = torch.stack([1 - p, p], -1).log()[None]  # token 1 is the right one
two = torch.cat([two, torch.zeros(1, 1, 2)], 1)
loss = causal_lm_loss(two, torch.ones(1, 5, dtype=torch.long), pad_id=-1)
assert abs(loss - 2.476) < 1e-3 and abs(loss.exp() - 11.89) < 0.01
# without the shift a model that copies its input looks perfect
copy = 50 * F.one_hot(ids, V).float()
unshifted = F.cross_entropy(copy.view(-1, V), ids.view(-1), ignore_index=PAD)
assert unshifted < 1e-6 < causal_lm_loss(copy, ids, PAD)
