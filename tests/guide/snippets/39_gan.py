"""Write one training step of a GAN"""

from torch import nn

torch.manual_seed(0)
x = torch.randn(50)
assert torch.allclose(bce(x, 1.0), -torch.sigmoid(x).log().mean(), atol=1e-5)
assert torch.allclose(bce(x, 0.0), -(1 - torch.sigmoid(x)).log().mean(), atol=1e-5)
G = nn.Linear(4, 1)
D = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
og = torch.optim.Adam(G.parameters(), 0.02, betas=(0.5, 0.999))
od = torch.optim.Adam(D.parameters(), 0.02, betas=(0.5, 0.999))
first = G(torch.randn(2000, 4)).mean().item()
means = []
for step in range(600):
    gan_step(G, D, og, od, 4 + 0.5 * torch.randn(128, 1), 4)
    if step >= 300:
        means.append(G(torch.randn(500, 4)).mean().item())
assert abs(first) < 1 and abs(sum(means) / len(means) - 4) < 0.7
# each half moves its own network only
w = [p.detach().clone() for p in D.parameters()]
od0 = torch.optim.SGD(D.parameters(), lr=0.0)
og0 = torch.optim.SGD(G.parameters(), lr=0.1)
g = [p.detach().clone() for p in G.parameters()]
gan_step(G, D, og0, od0, 4 + 0.5 * torch.randn(64, 1), 4)
assert all(torch.equal(a, b) for a, b in zip(w, D.parameters()))
assert not all(torch.equal(a, b) for a, b in zip(g, G.parameters()))
