"""Write weight interpolation between the base and the fine-tuned model"""

import torch
from torch import nn

torch.manual_seed(0)
base, tuned, other = (nn.Linear(3, 2).state_dict() for _ in range(3))
for name in base:
    assert torch.equal(interpolate(base, tuned, 0.0)[name], base[name])
    assert torch.equal(interpolate(base, tuned, 1.0)[name], tuned[name])
    mid = torch.lerp(base[name], tuned[name], 0.3)
    assert torch.allclose(interpolate(base, tuned, 0.3)[name], mid)
    v = task_vector(base, tuned)
    assert torch.allclose(add_tasks(base, [v], 1.0)[name], tuned[name])
    assert torch.allclose(add_tasks(base, [v], 0.3)[name], mid)
    two = add_tasks(base, [v, task_vector(base, other)], 0.5)[name]
    assert torch.allclose(two, (tuned[name] + other[name]) / 2, atol=1e-6)
model = nn.Linear(3, 2)
# a linear model: the outputs are mixed like the weights
x = torch.randn(5, 3)
model.load_state_dict(interpolate(base, tuned, 0.25))
y = [nn.functional.linear(x, s["weight"], s["bias"]) for s in (base, tuned)]
assert torch.allclose(model(x), 0.75 * y[0] + 0.25 * y[1], atol=1e-6)
dist = lambda s: lambda m: -sum(((p - s[n]) ** 2).sum().item()
                                for n, p in m.state_dict().items())
assert choose(model, base, tuned, dist(base), dist(tuned)) == 0.5
assert choose(model, base, tuned, dist(base), lambda m: 0.0) == 0.0
assert choose(model, base, tuned, lambda m: 0.0, dist(tuned)) == 1.0
