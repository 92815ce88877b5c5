"""Write a tokenizer with byte fallback, so that nothing is unknown"""

import random

tok = ByteFallbackTokenizer(["es", "est", "lo", "low", *"lowesnrtid"])
pieces = lambda s: [tok.bytes_of[i].decode() for i in tok.encode(s)]
assert pieces("lowest") == ["low", "est"] and pieces("slowest") == ["s", "low", "est"]
llama = "\N{LLAMA}"
assert tok.encode(llama) == list(llama.encode()) and len(tok.encode(llama)) == 4
assert len(tok.encode("na\u00efve")) == 6  # five characters, six bytes
assert tok.decode(tok.encode(llama)[:2]) == "\ufffd"  # cut inside a character
try:
    tok.encode("\ud800")  # not valid Unicode
    raise SystemExit("no error")
except UnicodeEncodeError:
    pass

random.seed(0)
for _ in range(300):
    text = "".join(chr(random.choice([*range(32, 127), 0x20AC, 0x4E2D, 0x1F600, 0xE9]))
                   for _ in range(random.randint(0, 30)))
    ids = tok.encode(text)
    assert tok.decode(ids) == text
    known = [i for i in ids if i >= 256]
    lost = [c for c in text if c not in tok.id_of]
    assert len(ids) == len(known) + sum(len(c.encode()) for c in lost)
