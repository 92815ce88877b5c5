"""Write the distillation loss with temperature"""

import numpy as np

teacher = torch.tensor([[5.0, 3, 1]])
student = torch.tensor([[4.0, 1, 2]], requires_grad=True)
y = torch.tensor([0])
assert abs(distillation_loss(student, teacher, y).item() - 0.300) < 1e-3
assert abs(distillation_loss(student, teacher, y, alpha=1.0).item() - 0.170) < 1e-3
soft = distillation_loss(student, teacher, y, alpha=0.0)
assert abs(soft.item() - 0.356) < 1e-3
soft.backward()
assert np.allclose(student.grad[0, 1:], [-0.21, 0.28], atol=5e-3)

torch.manual_seed(0)
s, t, y = torch.randn(6, 9) * 3, torch.randn(6, 9) * 3, torch.randint(0, 9, (6,))
for T in (1.0, 2.0, 4.0):
    p = torch.softmax(t / T, -1).double().numpy()
    q = torch.softmax(s / T, -1).double().numpy()
    kl = (p * np.log(p / q)).sum(1).mean()
    ce = -np.log(torch.softmax(s, -1).double().numpy()[np.arange(6), y]).mean()
    got = distillation_loss(s, t, y, T=T, alpha=0.4).item()
    assert abs(got - (0.4 * ce + 0.6 * T * T * kl)) < 1e-4
x = torch.tensor(3.0, requires_grad=True)
distillation_loss(s.requires_grad_(), t * x, y).backward()
assert x.grad is None
assert abs(distillation_loss(t, t, y, alpha=0.0).item()) < 1e-6
