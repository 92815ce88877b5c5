"""Write the training loss and the sampling loop of a diffusion model"""

torch.manual_seed(0)
x = torch.full((20000, 1), 3.0)  # many single steps against the jump to t = 199
for t in range(200):
    x = (1 - beta[t]).sqrt() * x + beta[t].sqrt() * torch.randn_like(x)
assert abs(x.mean() - 3 * alpha_bar[199].sqrt()) < 0.03
assert abs(x.var() - (1 - alpha_bar[199])) < 0.03
assert alpha_bar[-1] < 1e-4  # at the end hardly anything is left
# for Gaussian data N(mu, s^2) the best noise prediction is known in closed form
mu, s = torch.tensor([2.0, -1.0]), torch.tensor([0.5, 0.2])


def exact(x_t, t):
    a = alpha_bar[t][:, None]
    return (1 - a).sqrt() * (x_t - a.sqrt() * mu) / (a * s ** 2 + 1 - a)


x0 = mu + s * torch.randn(20000, 2)
best = diffusion_loss(exact, x0)
assert best < diffusion_loss(lambda x, t: torch.zeros_like(x), x0) - 0.3
assert best < diffusion_loss(lambda x, t: 0.9 * exact(x, t), x0)
out = generate(exact, (4000, 2))  # and sampling with it gives that Gaussian back
assert torch.allclose(out.mean(0), mu, atol=0.04)
assert torch.allclose(out.std(0), s, atol=0.03)
