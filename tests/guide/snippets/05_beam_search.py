"""Write beam search with a length penalty"""

import itertools
import math

# 0 bos, 1 eos, 2 nice, 3 good, 4 day, 5 morning, 6 other
table = {(0,): {2: .5, 3: .4, 6: .1}, (0, 2): {4: .4, 5: .3, 6: .3},
         (0, 3): {5: .9, 6: .1}, (0, 6): {6: 1.0}}


def toy(ids):
    out = torch.full((ids.size(0), 7), float("-inf"))
    for row, seq in zip(out, ids.tolist()):
        for tok, p in table.get(tuple(seq), {1: 1.0}).items():
            row[tok] = math.log(p)
    return out


score, seq = beam_search(toy, 0, 1, beam_width=1, alpha=0)
assert seq == [0, 2, 4, 1] and abs(score - math.log(0.20)) < 1e-5
score, seq = beam_search(toy, 0, 1, beam_width=2, alpha=0)
assert seq == [0, 3, 5, 1] and abs(score - math.log(0.36)) < 1e-5

torch.manual_seed(0)
for trial in range(10):  # a beam as wide as the tree is exhaustive search
    W = torch.randn(4, 4).log_softmax(-1)
    fn = lambda ids: W[ids[:, -1]]
    steps = 4
    best = (-1e9, None)
    for n in range(steps):
        for mid in itertools.product([0, 2, 3], repeat=n):
            s = [0, *mid, 1]
            v = sum(W[a, b].item() for a, b in zip(s, s[1:])) / (len(s) - 1) ** 0.6
            best = max(best, (v, s))
    got = beam_search(fn, 0, 1, beam_width=500, max_len=steps)
    assert got[1] == best[1] and abs(got[0] - best[0]) < 1e-4
    greedy = [0]  # width 1 with no early eos equals greedy decoding
    V = W.clone()
    V[:, 1] = float("-inf")
    for _ in range(6):
        greedy.append(V[greedy[-1]].argmax().item())
    assert beam_search(lambda i: V[i[:, -1]], 0, 1, 1, max_len=6)[1] == greedy
