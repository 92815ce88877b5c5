"""Write a data sampler that mixes modalities with temperature weights"""

from collections import Counter
from itertools import islice

sizes = {"text": 800, "image": 100, "audio": 25}
w1, w2 = mixture_weights(sizes, 1.0), mixture_weights(sizes, 2.0)
assert [round(w1[k], 3) for k in sizes] == [0.865, 0.108, 0.027]
assert [round(w2[k], 3) for k in sizes] == [0.653, 0.231, 0.116]
assert abs(w2["audio"] / w1["audio"] - 4.27) < 0.01
flat = mixture_weights(sizes, 1e9)
assert all(abs(v - 1 / 3) < 1e-6 for v in flat.values())
data = {k: [(k, i) for i in range(n)] for k, n in sizes.items()}
got = list(islice(mixed_stream(data, w2), 20000))
count = Counter(n for n, _ in got)
assert all(abs(count[k] / 20000 - w2[k]) < 0.015 for k in sizes)
for k in sizes:  # within a source every example comes once per epoch
    seq = [x for n, x in got if n == k]
    for e in range(len(seq) // sizes[k]):
        assert len(set(seq[e * sizes[k]:(e + 1) * sizes[k]])) == sizes[k]
    reps = Counter(seq).values()
    assert len(reps) == sizes[k] and max(reps) - min(reps) <= 1
assert data["audio"][0] == ("audio", 0)  # the sources are not reordered
