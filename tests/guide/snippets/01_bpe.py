"""Write byte-pair encoding: learn the merges from word counts and encode a new word"""

import random

counts = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
merges = train_bpe(counts, 4)
assert merges == [("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w")]
assert encode("lowest", merges) == ["low", "est"]
assert encode("slowest", merges) == ["s", "low", "est"]


def encode_by_rank(word, merges):  # GPT-2 style: lowest rank first
    rank = {p: i for i, p in enumerate(merges)}
    s = list(word)
    while True:
        found = [(rank[p], p) for p in zip(s, s[1:]) if p in rank]
        if not found:
            return s
        a, b = min(found)[1]
        text = "\0" + "\0".join(s) + "\0"
        while f"\0{a}\0{b}\0" in text:
            text = text.replace(f"\0{a}\0{b}\0", f"\0{a}{b}\0", 1)
        s = text.strip("\0").split("\0")


random.seed(0)
for _ in range(30):
    corpus = {"".join(random.choices("abc", k=random.randint(1, 9))):
              random.randint(1, 9) for _ in range(12)}
    learned = train_bpe(corpus, 15)
    # brute force: each merge is a most frequent pair in the corpus so far
    for i, pair in enumerate(learned):
        seen = Counter()
        for w, c in corpus.items():
            s = encode_by_rank(w, learned[:i])
            for j in range(len(s) - 1):
                seen[s[j], s[j + 1]] += c
        assert seen[pair] == max(seen.values())
    for _ in range(20):
        w = "".join(random.choices("abcd", k=random.randint(0, 12)))
        assert "".join(encode(w, learned)) == w
        if w:
            assert encode(w, learned) == encode_by_rank(w, learned)
assert train_bpe({"a": 3}, 5) == []
