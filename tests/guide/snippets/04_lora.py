"""Write a LoRA linear layer with merging"""

torch.manual_seed(0)
base = nn.Linear(24, 10)
w0 = base.weight.clone()
layer = LoRALinear(base, rank=4, alpha=8)
x = torch.randn(5, 3, 24)
assert torch.equal(layer(x), base(x))  # B = 0: the model starts unchanged
trained = [p for p in layer.parameters() if p.requires_grad]
assert sum(p.numel() for p in trained) == 4 * (24 + 10)

opt = torch.optim.Adam(trained, lr=0.05)
target = torch.randn(5, 3, 10)
first = F.mse_loss(layer(x), target).item()
for _ in range(100):
    opt.zero_grad()
    loss = F.mse_loss(layer(x), target)
    loss.backward()
    opt.step()
assert loss.item() < first / 2 and torch.equal(base.weight, w0)
dense = w0 + 8 / 4 * (layer.B @ layer.A)
assert torch.allclose(layer(x), F.linear(x, dense, base.bias), atol=1e-5)
assert torch.allclose(layer(x), layer.merge()(x), atol=1e-5)
assert torch.linalg.matrix_rank(layer.merge().weight - w0, atol=1e-4) == 4
big = LoRALinear(nn.Linear(4096, 4096, bias=False), rank=16)
assert big.A.numel() + big.B.numel() == 131072
