"""Write prompt tuning with a soft prompt"""

import torch.nn.functional as F


class Toy(nn.Module):  # one causal attention layer on embeddings
    def __init__(self, d, V):
        super().__init__()
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, V)

    def forward(self, x, mask):
        q, k, v = self.qkv(x).chunk(3, -1)
        m = torch.ones(x.size(1), x.size(1)).tril().bool() & mask[:, None].bool()
        return self.out(F.scaled_dot_product_attention(q, k, v, attn_mask=m))


torch.manual_seed(0)
emb, model = nn.Embedding(30, 8), Toy(8, 30)
pt = PromptTuning(model, emb, 4, torch.tensor([7, 3, 9, 1, 5]))
ids = torch.randint(30, (3, 6))
mask = torch.tensor([[1] * 6, [1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0]])
out = pt(ids, mask)
assert out.shape == (3, 6, 30)
# at the start it is the same as writing these four words in front
hard = torch.cat([torch.tensor([7, 3, 9, 1]).expand(3, 4), ids], 1)
long = torch.cat([torch.ones(3, 4, dtype=torch.long), mask], 1)
assert torch.allclose(out, model(emb(hard), long)[:, 4:], atol=1e-6)
train = [n for n, p in pt.named_parameters() if p.requires_grad]
assert train == ["prompt"] and pt.prompt.numel() == 4 * 8
words = emb.weight.clone()
opt = torch.optim.Adam([pt.prompt], lr=0.1)
first = F.cross_entropy(pt(ids, mask)[:, 0], torch.full((3,), 17)).item()
for _ in range(100):
    opt.zero_grad()
    loss = F.cross_entropy(pt(ids, mask)[:, 0], torch.full((3,), 17))
    loss.backward()
    opt.step()
assert loss < 0.7 * first and torch.equal(words, emb.weight)
