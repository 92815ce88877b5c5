"""Write fill-in-the-middle training data for a causal model"""

rng = random.Random(0)
fim = 0
for trial in range(4000):
    toks = [f"t{i}" for i in range(rng.randint(1, 15))]
    out = to_fim(toks, 0.5, rng)
    assert out[-1] == EOS
    if out[0] != PRE:
        assert out[:-1] == toks
        continue
    fim += 1
    a, b = out.index(SUF), out.index(MID)
    pre, suf, mid = out[1:a], out[a + 1:b], out[b + 1:-1]
    assert pre + mid + suf == toks and pre and mid and suf
    assert len(out) == len(toks) + 4
assert abs(fim / 4000 - 0.5 * 13 / 15) < 0.03
assert to_fim(list("abc"), rate=0.0) == list("abc") + [EOS]
seen = {tuple(to_fim(list("abcd"), 1.0, rng)) for _ in range(500)}
assert len(seen) == 3  # cuts (1,2), (1,3), (2,3)
code = "def add ( a , b ) : return a + b".split()
asked = []
gen = lambda prompt: asked.append(prompt) or ["return"]
assert infill(gen, code[:8], code[9:]) == code
assert asked[0] == [PRE] + code[:8] + [SUF] + code[9:] + [MID]
