"""Write cross-entropy with label smoothing"""

import torch.nn.functional as F

torch.manual_seed(0)
x, y = torch.randn(12, 9) * 2, torch.randint(9, (12,))
for eps in (0.0, 0.1, 0.5):
    want = F.cross_entropy(x, y, label_smoothing=eps)
    assert torch.allclose(smoothed_cross_entropy(x, y, eps), want, atol=1e-5)
    soft = (1 - eps) * F.one_hot(y, 9) + eps / 9  # explicit soft targets
    want = -(soft * x.log_softmax(-1)).sum(-1).mean()
    assert torch.allclose(smoothed_cross_entropy(x, y, eps), want, atol=1e-5)
y[3], y[7] = -100, -100
want = F.cross_entropy(x, y, label_smoothing=0.1)
assert torch.allclose(smoothed_cross_entropy(x, y), want, atol=1e-5)
z = x.clone().requires_grad_()  # the gradient: probabilities minus soft targets
y2 = y.clamp(min=0)
smoothed_cross_entropy(z, y2, 0.1).backward()
soft = 0.9 * F.one_hot(y2, 9) + 0.1 / 9
assert torch.allclose(z.grad, (x.softmax(-1) - soft) / 12, atol=1e-6)
