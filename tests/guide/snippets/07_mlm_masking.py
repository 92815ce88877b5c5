"""Write BERT's masking with the 80/10/10 rule"""

import torch.nn.functional as F

torch.manual_seed(0)
V, MASK, CLS, SEP, PAD = 5000, 103, 101, 102, 0
ids = torch.randint(200, V, (200, 500))
ids[:, 0], ids[:, 400], ids[:, 401:] = CLS, SEP, PAD
before = ids.clone()
x, y = mask_tokens(ids, MASK, V, [CLS, SEP, PAD])
assert torch.equal(ids, before)  # the input is not changed
sel = y != -100
assert torch.equal(y[sel], ids[sel]) and torch.equal(x[~sel], ids[~sel])
assert not sel[:, 0].any() and not sel[:, 400:].any()
real = 200 * 399
assert abs(sel.sum() / real - 0.15) < 0.005
masked, same = (x == MASK) & sel, (x == ids) & sel
other = sel & ~masked & ~same
n = sel.sum()
assert abs(masked.sum() / n - 0.8) < 0.015
assert abs(same.sum() / n - 0.1) < 0.01 and abs(other.sum() / n - 0.1) < 0.01
x2, y2 = mask_tokens(ids, MASK, V, [CLS, SEP, PAD])
assert not torch.equal(y, y2)  # dynamic: a new mask each time
logits = torch.randn(4, 500, 50)  # the loss is the mean over the selected ones
lab = torch.where(sel[:4], y[:4] % 50, y[:4])
loss = F.cross_entropy(logits.reshape(-1, 50), lab.reshape(-1))
lp = logits.log_softmax(-1)
want = -torch.stack([lp[i, j, lab[i, j]] for i, j in sel[:4].nonzero()]).mean()
assert torch.allclose(loss, want, atol=1e-5)
