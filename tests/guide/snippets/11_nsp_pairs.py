"""Write the training pairs for next sentence prediction"""

a, b = "the storm closed the airport .".split(), "all flights were canceled .".split()
tokens, segments = encode(a, b)
assert len(tokens) == len(segments) == 14 and segments == [0] * 8 + [1] * 6
assert " ".join(tokens) == ("[CLS] the storm closed the airport . [SEP] "
                            "all flights were canceled . [SEP]")
random.seed(0)
docs = [[f"d{d}s{s}" for s in range(20)] for d in range(100)]
pairs = nsp_pairs(docs)
assert len(pairs) == 100 * 19
assert 0.46 < sum(y for *_, y in pairs) / len(pairs) < 0.54
for a, b, y in pairs:
    (da, sa), (db, sb) = (x[1:].split("s") for x in (a, b))
    assert (da == db and int(sb) == int(sa) + 1) if y == 0 else da != db
for a, b, y in sop_pairs(docs):
    (da, sa), (db, sb) = (x[1:].split("s") for x in (a, b))
    assert da == db and int(sb) - int(sa) == (1 if y == 0 else -1)
import torch
import torch.nn.functional as F
loss = F.cross_entropy(torch.tensor([[2.0, 0.5]] * 2), torch.tensor([0, 1]),
                       reduction="none")
assert torch.allclose(loss, torch.tensor([0.201, 1.701]), atol=1e-3)
