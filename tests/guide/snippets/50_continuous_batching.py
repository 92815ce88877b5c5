"""Write a scheduler with continuous batching"""

import random

random.seed(0)
EOS = 0
log = []


def model(seq):  # next token of one sequence, deterministic
    return (7 * sum(seq) + len(seq)) % 11


def step(batch):
    log.append([len(s) for s in batch])
    return [model(s) for s in batch]


reqs = [Request([random.randint(1, 9) for _ in range(random.randint(1, 5))],
                random.randint(1, 12)) for _ in range(30)]
want = []
for r in reqs:  # each request alone
    out = []
    while len(out) < r.max_new and EOS not in out:
        out.append(model(r.prompt + out))
    want.append(out)
done = list(serve(reqs, step, EOS, cache_tokens=40))
assert len(done) == 30 and [r.output for r in reqs] == want
assert all(sum(lengths) <= 40 for lengths in log)
steps = len(log)
static = 0  # batches of four that wait for their slowest member
for i in range(0, 30, 4):
    static += max(len(o) for o in want[i:i + 4])
assert steps < static
alone = list(serve([Request([1], 3)], step, EOS, 4))
assert len(alone[0].output) <= 3
try:
    list(serve([Request([1] * 9, 3)], step, EOS, 10))
    raise SystemExit("no error")
except ValueError:
    pass
