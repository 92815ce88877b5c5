"""Write T5's span corruption"""

random.seed(0)


def restore(source, target):
    spans, name = {}, None
    for t in target:
        if t.startswith("<extra_id_"):
            name = t
            spans[name] = []
        else:
            spans[name].append(t)
    out = []
    for t in source:
        out += spans[t] if t in spans else [t]
    return out


for trial in range(300):
    n = random.randint(2, 200)
    toks = [f"w{i}" for i in range(n)]
    src, tgt = span_corruption(toks)
    assert restore(src, tgt) == toks  # nothing is lost
    sent = [t for t in src if t.startswith("<extra")]
    assert sent == [f"<extra_id_{i}>" for i in range(len(sent))]
    in_target = [t for t in tgt if t.startswith("<extra")]
    assert in_target == sent + [f"<extra_id_{len(sent)}>"]
    noise = len(tgt) - len(sent) - 1
    assert noise == min(max(round(n * 0.15), 1), n - 1)
src, tgt = span_corruption([f"w{i}" for i in range(200)])
assert len(src) == 170 + 10 and len(tgt) == 30 + 11  # 30 tokens hidden in 10 spans
for _ in range(200):
    s, t = span_corruption([f"w{i}" for i in range(200)], rng=random)
    assert not any(a.startswith("<") and b.startswith("<") for a, b in zip(s, s[1:]))
