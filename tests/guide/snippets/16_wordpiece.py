"""Write WordPiece encoding, greedy longest match first"""

import random
import re

vocab = {"un", "runn", "want", "##want", "##ed", "##ing", "wa", "low"}
assert wordpiece("unwanted", vocab) == ["un", "##want", "##ed"]
assert wordpiece("running", vocab) == ["runn", "##ing"]
assert wordpiece("unwantedX", vocab) == ["[UNK]"]
assert wordpiece("wanted", vocab) == ["want", "##ed"]
assert wordpiece("x" * 101, {"x", "##x"}) == ["[UNK]"]


def by_regex(word, vocab):  # alternation ordered by length is longest match first
    first = sorted((v for v in vocab if v[:2] != "##"), key=len, reverse=True)
    inner = sorted((v[2:] for v in vocab if v[:2] == "##"), key=len, reverse=True)
    out, pos = [], 0
    while pos < len(word):
        m = re.compile("|".join(inner if pos else first)).match(word, pos)
        if not m:
            return ["[UNK]"]
        out.append(("##" if pos else "") + m.group())
        pos = m.end()
    return out


random.seed(0)
known = 0
for _ in range(400):
    make = lambda: "".join(random.choices("ab", k=random.randint(1, 3)))
    vocab = {make() for _ in range(5)} | {"##" + make() for _ in range(5)}
    word = "".join(random.choices("ab", k=8))
    got = wordpiece(word, vocab)
    assert got == by_regex(word, vocab)
    if got != ["[UNK]"]:
        known += 1
        assert "".join(p.removeprefix("##") for p in got) == word
assert 50 < known < 400
