"""Write the generation loop, greedy or sampled"""

torch.manual_seed(0)
W = torch.randn(6, 6)
model = lambda ids: W[ids]  # a bigram model: logits depend on the last token
out = generate(model, torch.tensor([[0], [3]]), 8)
for row in out.tolist():
    for a, b in zip(row, row[1:]):
        assert b == max(range(6), key=lambda j: W[a, j].item())

g = torch.Generator().manual_seed(1)
start = torch.full((20000, 1), 2)
drawn = generate(model, start, 1, temperature=0.7, generator=g)[:, 1]
freq = torch.bincount(drawn, minlength=6) / 20000
assert torch.allclose(freq, torch.softmax(W[2] / 0.7, -1), atol=0.015)
a = generate(model, start[:4], 9, temperature=1, generator=g.manual_seed(5))
b = generate(model, start[:4], 9, temperature=1, generator=g.manual_seed(5))
assert torch.equal(a, b)

chain = torch.full((4, 4), -9.0)
for s, t in ((0, 1), (1, 2), (2, 3), (3, 0)):
    chain[s, t] = 9.0
out = generate(lambda ids: chain[ids], torch.tensor([[0], [2]]), 10, eos=3)
assert out.tolist() == [[0, 1, 2, 3], [2, 3, 3, 3]]  # row 2 is padded, then it stops
