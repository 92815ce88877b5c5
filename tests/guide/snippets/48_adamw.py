"""Write one step of AdamW"""

import torch

rng = np.random.default_rng(0)
for wd in (0.0, 0.1):
    start = [rng.normal(size=(3, 4)), rng.normal(size=5)]
    ours = [a.copy() for a in start]
    theirs = [torch.tensor(a, requires_grad=True) for a in start]
    opt = AdamW(ours, lr=0.03, weight_decay=wd)
    ref = torch.optim.AdamW(theirs, lr=0.03, weight_decay=wd)
    for _ in range(50):
        grads = [rng.normal(size=a.shape) for a in start]
        opt.step(grads)
        for p, g in zip(theirs, grads):
            p.grad = torch.tensor(g)
        ref.step()
    for a, b in zip(ours, theirs):
        assert np.allclose(a, b.detach().numpy(), atol=1e-10)
w = np.array([1.0, -2.0])  # the first step has size lr, whatever the gradient's scale
AdamW([w], lr=0.1, weight_decay=0).step([np.array([1e-3, 5e4])])
assert np.allclose(w, [0.9, -2.1], atol=1e-5)
w = np.array([2.0])  # decay alone
opt = AdamW([w], lr=0.1, weight_decay=0.1)
opt.step([np.zeros(1)])
assert np.isclose(w[0], 1.98)
for _ in range(99):
    opt.step([np.zeros(1)])
assert abs(w[0] - 0.732) < 1e-3
