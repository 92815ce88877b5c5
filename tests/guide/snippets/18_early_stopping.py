"""Write a training loop with early stopping"""

losses = [2.95, 2.60, 2.50, 2.62, 2.80, 2.40]


def run(values, **kw):
    model = {"epoch": 0}

    def step(m):
        m["epoch"] += 1

    return train_with_early_stopping(model, step, lambda m: values[m["epoch"] - 1],
                                     max_epochs=len(values), **kw)


best, loss, at, last = run(losses)
assert (best, loss, at, last) == ({"epoch": 3}, 2.50, 3, 5)
assert run(losses, patience=3)[1:] == (2.40, 6, 6)
assert run([3, 2, 1])[1:] == (1, 3, 3)
assert run([1.0, 0.999, 0.998, 0.5], min_delta=0.01)[1:] == (1.0, 1, 3)
assert run([1.0, float("nan"), float("nan")])[1:] == (1.0, 1, 3)  # NaN is no progress

import random

random.seed(0)
for _ in range(300):  # brute force over the list of losses
    v = [random.random() for _ in range(12)]
    patience = random.randint(1, 4)
    stop = 12
    for e in range(patience, 12):
        if min(v[:e + 1]) == min(v[:e + 1 - patience]):
            stop = e + 1
            break
    got = run(v, patience=patience)
    assert got[3] == stop and got[1] == min(v[:stop])
    assert got[0]["epoch"] == got[2] == v.index(min(v[:stop])) + 1
