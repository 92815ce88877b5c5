"""Write single-head scaled dot-product attention in NumPy with an optional causal mask"""

import torch
import torch.nn.functional as F

rng = np.random.default_rng(0)
Q, K, V = rng.normal(size=(6, 8)), rng.normal(size=(6, 8)), rng.normal(size=(6, 5))
for causal in (False, True):
    out, w = attention(Q, K, V, causal)
    ref = F.scaled_dot_product_attention(*map(torch.tensor, (Q, K, V)), is_causal=causal)
    assert out.shape == (6, 5) and np.allclose(out, ref.numpy())
    assert np.allclose(w.sum(axis=1), 1) and np.allclose(w @ V, out)
    assert np.all(np.triu(w, 1) == 0) == causal

# cross-attention, and the last two queries of a longer sequence
A = rng.normal(size=(3, 8))
ref = F.scaled_dot_product_attention(*map(torch.tensor, (A, K, V)))
assert np.allclose(attention(A, K, V)[0], ref.numpy())
for got, whole in zip(attention(Q[-2:], K, V, True), attention(Q, K, V, True)):
    assert np.allclose(got, whole[-2:])

# the worked example, and scores that would overflow
out, w = attention(np.array([[1.0, 2]]), np.array([[1.0, 0], [0, 1], [1, 1]]),
                   np.array([[10.0, 0], [0, 10], [5, 5]]))
assert np.allclose(w, [[0.140, 0.284, 0.576]], atol=1e-3)
assert np.allclose(out, [[4.28, 5.72]], atol=1e-2)
assert np.isfinite(attention(1e3 * Q, 1e3 * K, V, True)[0]).all()
e = np.exp(Q @ K.T)
assert not np.allclose((e / e.sum(axis=-1)).sum(axis=1), 1)  # without keepdims
