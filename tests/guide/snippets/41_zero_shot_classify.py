"""Write zero-shot classification by the likelihood of the label words"""

V, POS, NEG, REVIEW, NA = 10, 3, 4, 7, 8
p = {REVIEW: (0.030, 0.024), NA: (0.040, 0.010)}


def toy(ids):  # next-word probabilities after the text token
    out = torch.full((len(ids), V), 0.05)
    for row, i in zip(out, ids.tolist()):
        if i in p:
            row[POS], row[NEG] = p[i]
            row[0] += 1 - row.sum()
    return out.log()


names = {"positive": torch.tensor([POS]), "negative": torch.tensor([NEG])}
text, na = torch.tensor([1, REVIEW]), torch.tensor([1, NA])
raw = classify(toy, text, names)
assert abs(raw["positive"] - 0.556) < 1e-3
cal = classify(toy, text, names, na)
assert abs(cal["positive"] - 0.238) < 1e-3 and abs(cal["negative"] - 0.762) < 1e-3
torch.manual_seed(0)
W = torch.randn(V, V)  # bigram model: labels of several tokens, token by token
model = lambda ids: W[ids]
prompt = torch.tensor([2, 5, 9])
labels = {"a": [1], "b": [6, 0, 2], "c": [4, 4]}
labels = {name: torch.tensor(ids) for name, ids in labels.items()}
joint = {}
for name, ids in labels.items():
    prob, prev = 1.0, 9
    for t in ids.tolist():
        prob *= torch.softmax(W[prev], 0)[t].item()
        prev = t
    joint[name] = prob
    assert abs(label_log_prob(model, prompt, ids).exp() - prob) < 1e-6
for name, q in classify(model, prompt, labels).items():
    assert abs(q - joint[name] / sum(joint.values())) < 1e-5
