"""Write cosine similarity search over embeddings in NumPy"""

import torch
import torch.nn.functional as F

table = np.array([[0.8, 0.6], [0.6, 0.8], [0.8, -0.6]])  # cat, dog, car
ids, sims = VectorIndex(table * [[3.0], [0.1], [7.0]]).search(table[:1], top=3)
assert ids.tolist() == [[0, 1, 2]] and np.allclose(sims, [[1.0, 0.96, 0.28]])
rng = np.random.default_rng(0)
x, q = rng.normal(size=(200, 16)), rng.normal(size=(7, 16))
ids, sims = VectorIndex(x).search(q, top=10)
want = F.cosine_similarity(torch.tensor(q)[:, None], torch.tensor(x)[None], dim=-1)
value, index = want.topk(10, dim=1)
assert np.array_equal(ids, index.numpy()) and np.allclose(sims, value.numpy())
# on unit vectors the order is that of Euclidean distance
u = normalize(x)
near = np.argsort(((u - normalize(q)[0]) ** 2).sum(1))[:10]
assert np.array_equal(near, ids[0])
