"""Write the Viterbi algorithm for a hidden Markov model"""

import itertools

rng = np.random.default_rng(0)
for trial in range(20):
    S, V, n = 3, 4, int(rng.integers(1, 7))
    start = rng.dirichlet(np.ones(S))
    trans, emit = rng.dirichlet(np.ones(S), S), rng.dirichlet(np.ones(V), S)
    obs = rng.integers(0, V, n)
    best = max(itertools.product(range(S), repeat=n), key=lambda p: start[p[0]]
               * np.prod([trans[a, b] for a, b in zip(p, p[1:])])
               * np.prod([emit[s, o] for s, o in zip(p, obs)]))
    path, lp = viterbi(np.log(start), np.log(trans), np.log(emit), obs)
    assert tuple(path) == best
    prob = start[path[0]] * np.prod([emit[s, o] for s, o in zip(path, obs)])
    prob *= np.prod([trans[a, b] for a, b in zip(path, path[1:])])
    assert np.isclose(lp, np.log(prob))
# the classic health example: normal, cold, dizzy
start, trans = np.array([0.6, 0.4]), np.array([[0.7, 0.3], [0.4, 0.6]])
emit = np.array([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]])
path, lp = viterbi(np.log(start), np.log(trans), np.log(emit), [0, 1, 2])
assert path == [0, 0, 1] and np.isclose(np.exp(lp), 0.01512)
long = viterbi(np.log(start), np.log(trans), np.log(emit), [0, 1, 2] * 2000)
assert np.isfinite(long[1]) and len(long[0]) == 6000
