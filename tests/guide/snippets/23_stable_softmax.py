"""Write a softmax for attention scores that does not overflow"""

import torch

rng = np.random.default_rng(0)
x = rng.normal(size=(5, 7)) * 300
for axis in (0, 1):
    t = torch.from_numpy(x)
    assert np.allclose(softmax(x, axis), torch.softmax(t, axis).numpy())
    assert np.allclose(log_softmax(x, axis), torch.log_softmax(t, axis).numpy())
assert np.allclose(softmax([1, 2, 3]), [0.090, 0.245, 0.665], atol=1e-3)
assert np.allclose(softmax([1001, 1002, 1003]), softmax([1, 2, 3]))
assert np.allclose(softmax([10, 20, 30]), [0, 0, 1], atol=1e-4)
assert np.array_equal(softmax([0.0, -np.inf, 0.0]), [0.5, 0, 0.5])
assert np.allclose(log_softmax([0, 1000]), [-1000, 0])
q, k = rng.normal(size=(4, 8)), rng.normal(size=(6, 8))
ref = torch.softmax(torch.from_numpy(q) @ torch.from_numpy(k).T / 8 ** 0.5, -1)
assert np.allclose(attention_weights(q, k), ref.numpy())
