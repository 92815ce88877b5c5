"""Write BLEU for machine translation"""

import random

ref = "the cat is on the mat".split()
assert math.isclose(corpus_bleu([ref], [ref]), 1)
assert corpus_bleu(["the the the the the the the".split()], [ref]) == 0
assert ngrams("the the the".split(), 1) & ngrams(ref, 1) == Counter({("the",): 2})
# unigrams 5/6, bigrams 3/5, trigrams 1/4; length 6 of 6
hyp = "the cat sat on the mat".split()
assert math.isclose(corpus_bleu([hyp], [ref], 3), (5 / 6 * 3 / 5 * 1 / 4) ** (1 / 3))
short = corpus_bleu([ref[:5]], [ref])
assert math.isclose(short, math.exp(1 - 6 / 5))
assert math.isclose(corpus_bleu([ref + ["now"]], [ref]),
                    (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** 0.25)
random.seed(0)
H = [random.choices("abc", k=random.randint(6, 12)) for _ in range(20)]
R = [random.choices("abc", k=random.randint(6, 12)) for _ in range(20)]
logs = 0.0
for n in (1, 2, 3, 4):  # clipping by crossing out matched n-grams
    hit = total = 0
    for h, r in zip(H, R):
        pool = [tuple(r[i:i + n]) for i in range(len(r) - n + 1)]
        for i in range(len(h) - n + 1):
            total += 1
            if tuple(h[i:i + n]) in pool:
                pool.remove(tuple(h[i:i + n]))
                hit += 1
    logs += math.log(hit / total) / 4
a, b = sum(map(len, H)), sum(map(len, R))
want = math.exp(logs) * (1 if a > b else math.exp(1 - b / a))
assert math.isclose(corpus_bleu(H, R), want)
