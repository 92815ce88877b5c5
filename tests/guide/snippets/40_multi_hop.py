"""Write a multi-hop query over the triples of a knowledge graph"""

import random
import numpy as np

T = [("P1", "contains", "valve"), ("P1", "contains", "pump"),
     ("valve", "made by", "Arno"), ("pump", "made by", "Belk"),
     ("pump", "made by", "Corin"), ("Arno", "located in", "Chile"),
     ("Belk", "located in", "Norway"), ("Corin", "located in", "Chile")]
g = Graph(T)
paths = g.follow("P1", ["contains", "made by", "located in"])
assert sorted(p[4] for p in paths if p[-1] == "Chile") == ["Arno", "Corin"]
assert sorted({p[-1] for p in g.follow("P1", ["contains", "made by"])}) == [
    "Arno", "Belk", "Corin"]
assert g.follow("P9", ["contains"]) == [] == g.follow("P1", ["made by"])
assert g.shortest_path("P1", "Norway") == ["P1", "contains", "pump", "made by", "Belk",
                                           "located in", "Norway"]
assert g.shortest_path("P1", "Norway", max_hops=2) is None
assert g.shortest_path("Chile", "P1") is None
random.seed(0)
n = 12
rand = {(random.randrange(n), random.choice("rs"), random.randrange(n))
        for _ in range(30)}
g = Graph(sorted(rand))
A = {r: np.zeros((n, n), int) for r in "rs"}
for h, r, t in rand:
    A[r][h, t] = 1
for a in range(n):  # numbers of paths from products of adjacency matrices
    for rel in ("r", "rs", "ssr"):
        M = np.eye(n, dtype=int)
        for r in rel:
            M = M @ A[r]
        ends = [p[-1] for p in g.follow(a, rel)]
        assert [ends.count(b) for b in range(n)] == M[a].tolist()
    step, reach = ((A["r"] + A["s"]) > 0).astype(int), np.eye(n, dtype=int)[a]
    dist = {a: 0}
    for hop in (1, 2, 3):
        reach = ((reach @ step) > 0).astype(int)
        for b in np.flatnonzero(reach):
            dist.setdefault(int(b), hop)
    for b in range(n):
        p = g.shortest_path(a, b)
        assert (p is None) == (b not in dist)
        if p:
            assert len(p) // 2 == dist[b]
            assert all(tuple(p[i:i + 3]) in rand for i in range(0, len(p) - 1, 2))
