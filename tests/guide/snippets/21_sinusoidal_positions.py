"""Write sinusoidal positional encodings"""

import math

t = sinusoidal_positions(3, 4)
assert np.allclose(t, [[0, 1, 0, 1], [.841, .540, .010, 1], [.909, -.416, .020, 1]],
                   atol=1e-3)
t = sinusoidal_positions(50, 16)
for p in range(50):
    for i in range(16):
        angle = p / 10000 ** (2 * (i // 2) / 16)
        assert abs(t[p, i] - (math.cos if i % 2 else math.sin)(angle)) < 1e-12
gram = t @ t.T  # depends on the offset only
for offset in range(10):
    assert np.allclose(np.diag(gram, offset), gram[0, offset])
assert abs(sinusoidal_positions(7, 4)[5:7].prod(axis=0).sum() - 1.540) < 1e-3
# a shift by one is a fixed linear map, the same at every position
M, *_ = np.linalg.lstsq(t[:-1], t[1:], rcond=None)
assert np.allclose(t[:-1] @ M, t[1:], atol=1e-6)
