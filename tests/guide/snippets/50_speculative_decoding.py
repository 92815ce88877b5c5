"""Write one step of speculative decoding"""

torch.manual_seed(0)
V = 5
P = torch.softmax(torch.randn(V, V) * 1.2, -1)  # two bigram models
Q = torch.softmax(torch.randn(V, V) * 1.2, -1)
target, draft = (lambda ids: P[ids]), (lambda ids: Q[ids])
start = torch.tensor([2])
N = 6000
first, second, lengths = torch.zeros(V), torch.zeros(V, V), []
for _ in range(N):
    out = speculative_step(target, draft, start, k=3)
    lengths.append(len(out) - 1)
    if len(out) < 3:
        out = speculative_step(target, draft, out, k=3)
    first[out[1]] += 1
    second[out[1], out[2]] += 1
assert (first / N - P[2]).abs().max() < 0.025  # exactly the target's distribution
assert (second / N - P[2][:, None] * P).abs().max() < 0.02
# expected length by exact enumeration: 1 + the accepted ones
expect, alive = 1.0, torch.zeros(V)
alive[2] = 1.0
for _ in range(3):
    alive = alive @ torch.minimum(P, Q)  # accepted and now at this token
    expect += alive.sum().item()
assert abs(sum(lengths) / N - expect) < 0.05
assert all(len(speculative_step(target, target, start, 4)) == 6 for _ in range(50))
one = torch.eye(V)  # a draft that is always wrong: only the correction is kept
R = one.roll(1, 1)
assert all(len(speculative_step(lambda i: one[i], lambda i: R[i], start, 4)) == 2
           for _ in range(20))
