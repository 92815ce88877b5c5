"""Write mean pooling for sentence embeddings"""

torch.manual_seed(0)
hidden = torch.randn(3, 6, 8)
mask = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0]])
got = mean_pool(hidden, mask)
for i, n in enumerate((6, 3, 1)):  # without padding, one sentence at a time
    assert torch.allclose(got[i], hidden[i, :n].mean(0), atol=1e-6)
noisy = torch.where(mask[..., None].bool(), hidden, torch.full_like(hidden, 1e4))
assert torch.allclose(mean_pool(noisy, mask), got, atol=1e-6)
table = torch.randn(50, 8)
encoder = lambda ids, m: table[ids]
ids = torch.randint(50, (3, 6))
emb = sentence_embeddings(encoder, ids, mask)
assert torch.allclose(emb.norm(dim=-1), torch.ones(3), atol=1e-6)
for i in range(3):
    for j in range(3):
        a = table[ids[i]][mask[i] == 1].mean(0)
        b = table[ids[j]][mask[j] == 1].mean(0)
        want = F.cosine_similarity(a, b, dim=0)
        assert abs(similarity(emb, emb)[i, j] - want) < 1e-6
assert torch.isfinite(mean_pool(hidden, torch.zeros(3, 6, dtype=torch.long))).all()
