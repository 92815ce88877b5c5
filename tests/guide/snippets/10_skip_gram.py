"""Write skip-gram with negative sampling (word2vec) in NumPy"""

import torch
import torch.nn.functional as F

assert skip_gram_pairs([5, 6, 7], 1) == [(5, 6), (6, 5), (6, 7), (7, 6)]
rng = np.random.default_rng(0)
A, B = rng.normal(size=(9, 4)), rng.normal(size=(9, 4))
neg = np.array([3, 3, 7, 2])  # a repeated negative
ta, tb = (torch.tensor(m, requires_grad=True) for m in (A, B))
ref = -F.logsigmoid(tb[5] @ ta[1])
ref = ref - F.logsigmoid(-tb[torch.tensor(neg)] @ ta[1]).sum()
assert abs(loss(A, B, 1, 5, neg) - ref.item()) < 1e-12
ref.backward()
A1, B1 = A.copy(), B.copy()
sgd_step(A1, B1, 1, 5, neg, lr=0.1)
assert np.allclose(A - A1, 0.1 * ta.grad.numpy())
assert np.allclose(B - B1, 0.1 * tb.grad.numpy())
p = noise_distribution(np.array([16.0, 1.0]))
assert np.allclose(p, [8 / 9, 1 / 9])
# two topics that never mix end up apart
ids = np.concatenate([rng.integers(0, 3, 6) + 3 * (t % 2) for t in range(60)])
V, d = 6, 8
W_in, W_out = rng.uniform(-0.5 / d, 0.5 / d, (V, d)), np.zeros((V, d))
q = noise_distribution(np.bincount(ids, minlength=V).astype(float))
blocks = [ids[i:i + 6].tolist() for i in range(0, len(ids), 6)]
for _ in range(20):
    for block in blocks:
        for c, o in skip_gram_pairs(block):
            sgd_step(W_in, W_out, c, o, rng.choice(V, size=3, p=q))
u = W_in / np.linalg.norm(W_in, axis=1, keepdims=True)
cos = u @ u.T
same = np.mean([cos[i, j] for i in range(6) for j in range(6)
                if i != j and i // 3 == j // 3])
diff = np.mean([cos[i, j] for i in range(6) for j in range(6) if i // 3 != j // 3])
assert same > diff + 0.5
