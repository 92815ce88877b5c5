"""Write the pseudo-perplexity of a masked language model"""

import math

torch.manual_seed(0)
V, MASK = 15, 14
W = torch.randn(V, V)


def toy(x):  # each position sees the mean of all other inputs
    e = W[x]
    return (e.sum(1, keepdim=True) - e) / 3 + 0.5 * e


ids = torch.randint(14, (9,))
want = 0.0
for i in range(9):
    x = ids.clone()
    x[i] = MASK
    want -= math.log(torch.softmax(toy(x[None])[0, i], -1)[ids[i]].item()) / 9
for size in (1, 4, 9, 50):
    got = pseudo_perplexity(toy, ids, MASK, size)
    assert abs(got - math.exp(want)) < 1e-4
p = [0.60, 0.10, 0.50, 0.25]  # the four hidden words of the cat sentence


def fixed(x):
    out = torch.full((len(x), 4, 6), 1e-9)
    for r in range(len(x)):
        i = (x[r] == 5).nonzero().item()
        out[r, i, i] = p[i]
        out[r, i, 4] = 1 - p[i]
    return out.log()


assert abs(pseudo_perplexity(fixed, torch.arange(4), 5) - 3.40) < 0.01
uniform = lambda x: torch.zeros(*x.shape, V)
assert abs(pseudo_perplexity(uniform, ids, MASK) - V) < 1e-4
