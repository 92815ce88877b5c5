"""Write an LSTM from scratch in PyTorch"""

torch.manual_seed(0)
ours, ref = LSTM(5, 7), nn.LSTM(5, 7, batch_first=True)
with torch.no_grad():
    ref.weight_ih_l0.copy_(ours.x.weight)
    ref.bias_ih_l0.copy_(ours.x.bias)
    ref.weight_hh_l0.copy_(ours.h.weight)
    ref.bias_hh_l0.copy_(ours.h.bias)
x = torch.randn(3, 9, 5)
y, (h, c) = ours(x)
want, (hn, cn) = ref(x)
assert torch.allclose(y, want, atol=1e-6)
assert torch.allclose(h, hn[0], atol=1e-6) and torch.allclose(c, cn[0], atol=1e-6)
with torch.no_grad():  # forget gate open, input gate shut: the cell is kept
    for lin in (ours.x, ours.h):
        lin.weight.zero_()
        lin.bias.zero_()
    ours.x.bias[:7] = -50  # i
    ours.x.bias[7:14] = 50  # f
start = torch.randn(3, 7)
_, kept = ours.cell(x[:, 0], torch.zeros(3, 7), start)
assert torch.allclose(kept, start)
assert sum(p.numel() for p in ours.parameters()) == 4 * (7 * (5 + 7) + 2 * 7)
