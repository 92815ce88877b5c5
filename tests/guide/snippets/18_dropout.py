"""Write inverted dropout, forward and backward"""

drop = Dropout(0.25, seed=0)
x = np.full((400, 500), 3.0)
y = drop.forward(x)
assert set(np.unique(y)) == {0.0, 4.0}
assert abs((y == 0).mean() - 0.25) < 0.005 and abs(y.mean() - 3) < 0.02
g = np.random.default_rng(1).normal(size=x.shape)
assert np.array_equal(drop.backward(g) != 0, y != 0)
assert np.allclose(drop.backward(g), np.where(y > 0, g / 0.75, 0))
assert not np.array_equal(drop.forward(x), y)  # a new mask each time
drop.training = False
assert np.array_equal(drop.forward(x), x) and np.array_equal(drop.backward(g), g)

import torch

torch.manual_seed(0)  # the reference has the same two values and the same rate
ref = torch.nn.functional.dropout(torch.from_numpy(x), 0.25)
assert set(ref.unique().tolist()) == {0.0, 4.0}
assert abs((ref == 0).double().mean().item() - (y == 0).mean()) < 0.01
