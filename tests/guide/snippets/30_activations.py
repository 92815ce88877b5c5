"""Write ReLU, GELU and SiLU with their backward passes"""

import torch.nn.functional as F

torch.manual_seed(0)
z = 3 * torch.randn(1000, dtype=torch.double)
z[0] = 0.0
up = torch.randn_like(z)
for ours, back, ref in ((relu, relu_backward, F.relu), (gelu, gelu_backward, F.gelu),
                        (silu, silu_backward, F.silu)):
    x = z.clone().requires_grad_()
    y = ref(x)
    y.backward(up)
    assert torch.allclose(ours(z), y) and torch.allclose(back(z, up), x.grad)
    eps = 1e-6  # central differences, away from the kink
    far = z.abs() > 1e-3
    num = (ours(z + eps) - ours(z - eps)) / (2 * eps)
    assert torch.allclose(back(z, torch.ones_like(z))[far], num[far], atol=1e-6)
x = torch.tensor([-2, -0.5, 0, 0.5, 2])
one = torch.ones(5)
assert relu_backward(x, one).tolist() == [0, 0, 0, 1, 1]
want = torch.tensor([-0.085, 0.133, 0.5, 0.867, 1.085])
assert torch.allclose(gelu_backward(x, one), want, atol=1e-3)
want = torch.tensor([-0.091, 0.260, 0.5, 0.740, 1.091])
assert torch.allclose(silu_backward(x, one), want, atol=1e-3)
