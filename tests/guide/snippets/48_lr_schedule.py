"""Write a learning-rate schedule with linear warmup and cosine decay"""

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

lr = [learning_rate(s, 3e-4, 3e-5, 100, 1000) for s in range(1001)]
assert math.isclose(lr[0], 3e-6) and math.isclose(lr[49], 1.5e-4)
assert math.isclose(lr[99], 3e-4) and math.isclose(lr[100], 3e-4)  # the pieces meet
assert math.isclose(lr[550], 1.65e-4) and math.isclose(lr[1000], 3e-5)
assert all(a < b for a, b in zip(lr[:99], lr[1:100]))
assert all(a > b for a, b in zip(lr[100:], lr[101:]))
assert math.isclose(learning_rate(5000, 3e-4, 3e-5, 100, 1000), 3e-5)
assert learning_rate(0, 1.0, 0.0, 0, 10) == 1.0  # no warmup
assert learning_rate(10, 1.0, 0.2, 10, 10) == 1.0  # nothing but warmup


def optimizer_of(*rates):
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": r} for r in rates]
    return torch.optim.SGD(groups)


ours = optimizer_of(3e-4, 1e-2)  # each group keeps its own maximum
scheduler = as_scheduler(ours, 100, 1000)
theirs = optimizer_of(3e-4)  # PyTorch's own pieces, put one behind the other
warmup = LinearLR(theirs, start_factor=0.01, total_iters=99)
decay = CosineAnnealingLR(theirs, 900, eta_min=3e-5)
reference = SequentialLR(theirs, [warmup, decay], milestones=[100])
for s in range(1000):
    small, large = (group["lr"] for group in ours.param_groups)
    assert math.isclose(small, lr[s], rel_tol=1e-9)
    assert math.isclose(large, lr[s] * 1e-2 / 3e-4, rel_tol=1e-9)
    assert math.isclose(theirs.param_groups[0]["lr"], lr[s], rel_tol=1e-6), s
    for step in (ours, scheduler, theirs, reference):
        step.step()
