"""Write Unigram tokenization with dynamic programming"""

import itertools
import random


def brute(text, lp):
    best = (-math.inf, None)
    for cuts in itertools.product([0, 1], repeat=len(text) - 1):
        parts, last = [], 0
        for k, c in enumerate(cuts, 1):
            if c:
                parts.append(text[last:k])
                last = k
        parts.append(text[last:])
        if all(p in lp for p in parts):
            best = max(best, (sum(lp[p] for p in parts), parts))
    return best


lp = {p: math.log(q) for p, q in {"h": .05, "u": .1, "g": .1, "hu": .1, "ug": .2,
                                  "hug": .15, "s": .05, "gs": .05}.items()}
pieces, score = segment("hugs", lp)
assert pieces == ["hug", "s"] and math.isclose(score, math.log(.15 * .05))
random.seed(0)
for _ in range(60):
    vocab = set("abc") | {"".join(random.choices("abc", k=random.randint(2, 4)))
                          for _ in range(12)}
    lp = {p: math.log(random.random()) for p in vocab}
    text = "".join(random.choices("abc", k=random.randint(1, 10)))
    pieces, score = segment(text, lp)
    assert "".join(pieces) == text
    assert math.isclose(score, sum(lp[p] for p in pieces))
    assert math.isclose(score, brute(text, lp)[0])
try:
    segment("az", lp)
    raise SystemExit("no error")
except ValueError:
    pass
assert segment("", lp) == ([], 0.0)
