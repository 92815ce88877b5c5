"""Write perplexity over a long text with sliding windows"""

torch.manual_seed(0)
ids = torch.randint(0, 9, (1, 61))
W = torch.randn(9, 9)
bigram = lambda x: W[x]  # context of one token: windows change nothing
logp = W.log_softmax(-1)
nll = [-logp[a, b].item() for a, b in zip(ids[0, :-1].tolist(), ids[0, 1:].tolist())]
for window, stride in ((61, 60), (200, 50), (16, 8), (16, 15), (7, 1), (10, 3)):
    got = perplexity(bigram, ids, window, stride)
    assert abs(got - math.exp(sum(nll) / 60)) < 1e-4, (window, stride)


def cumulative(x):  # a model that uses all of its context
    return W[x].cumsum(1) / 3


window, stride = 16, 5
nll, scored = [], 1
for begin in range(0, 61, stride):  # brute force: one target at a time
    for t in range(scored, min(begin + window, 61)):
        logits = cumulative(ids[:, begin:t])[0, -1]
        nll.append(-logits.log_softmax(-1)[ids[0, t]].item())
    scored = max(scored, min(begin + window, 61))
assert len(nll) == 60
assert abs(perplexity(cumulative, ids, window, stride) - math.exp(sum(nll) / 60)) < 1e-3
uniform = lambda x: torch.zeros(1, x.size(1), 50)
assert abs(perplexity(uniform, torch.randint(0, 50, (1, 33)), 8, 4) - 50) < 1e-3
probs = torch.tensor([[.5, .5, 1e-9, 1e-9], [.25, .25, .25, .25], [.3, .3, .3, .1]])
fixed = lambda x: probs.log()[None, :x.size(1)].expand(1, -1, -1)
three = lambda x: F.pad(fixed(x), (0, 0, 0, 1))
assert abs(perplexity(three, torch.tensor([[0, 0, 1, 3]])) - 4.31) < 0.02
