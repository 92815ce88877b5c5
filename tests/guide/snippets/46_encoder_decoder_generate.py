"""Write greedy generation with an encoder-decoder model"""

from torch import nn

torch.manual_seed(0)
V, d, BOS, EOS = 12, 16, 0, 1


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(V, d)
        self.pos = nn.Embedding(32, d)
        self.net = nn.Transformer(d, 2, 1, 1, 32, dropout=0.0, batch_first=True)
        self.net.encoder.use_nested_tensor = False  # a prototype, and it warns
        self.out = nn.Linear(d, V)

    def embed(self, ids):
        return self.emb(ids) + self.pos(torch.arange(ids.size(1)))

    def encode(self, s, mask):
        return self.net.encoder(self.embed(s), src_key_padding_mask=~mask)

    def decode(self, t, memory, mask):
        causal = torch.ones(t.size(1), t.size(1), dtype=torch.bool).triu(1)
        h = self.net.decoder(self.embed(t), memory, tgt_mask=causal,
                             memory_key_padding_mask=~mask)
        return self.out(h)


m = Model()
opt = torch.optim.Adam(m.parameters(), lr=3e-3)
src = torch.randint(2, V, (64, 4))
tgt = torch.cat([src.flip(1), torch.full((64, 1), EOS)], 1)  # learn to reverse
full = torch.ones(64, 4, dtype=torch.bool)
inp = teacher_forcing(tgt, BOS)
assert (inp[:, 0] == BOS).all() and torch.equal(inp[:, 1:], tgt[:, :-1])
for _ in range(250):
    opt.zero_grad()
    logits = m.decode(inp, m.encode(src, full), full)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), tgt.flatten())
    loss.backward()
    opt.step()
m.eval()
calls = []
enc = lambda s, k: calls.append(1) or m.encode(s, k)
out = greedy_generate(enc, m.decode, src, full, BOS, EOS, 10)
assert len(calls) == 1
assert (out[:, :5] == tgt).all(1).float().mean() > 0.95
for i in range(5):  # one at a time, by a plain loop
    ids, mem = [BOS], m.encode(src[i:i + 1], full[:1])
    while len(ids) < 11 and (len(ids) == 1 or ids[-1] != EOS):
        ids.append(m.decode(torch.tensor([ids]), mem, full[:1])[0, -1].argmax().item())
    assert out[i, :len(ids) - 1].tolist() == ids[1:]
    assert (out[i, len(ids) - 1:] == EOS).all()
