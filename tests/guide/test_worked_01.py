"""Recomputes the numbers printed in the worked examples of category 01."""

import itertools
from collections import Counter

WORDS = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
MERGES = [("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w")]


def merge(pieces, pair):
    merged = []
    for piece in pieces:
        if merged and (merged[-1], piece) == pair:
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def pair_counts(merges):
    counts = Counter()
    for word, count in WORDS.items():
        pieces = list(word)
        for pair in merges:
            pieces = merge(pieces, pair)
        for pair in itertools.pairwise(pieces):
            counts[pair] += count
    return counts


def encode(word):
    pieces = list(word)
    for pair in MERGES:
        pieces = merge(pieces, pair)
    return pieces


def test_q1_each_merge_is_the_most_frequent_pair_with_the_printed_count(worked):
    for step, pair in enumerate(MERGES):
        counts = pair_counts(MERGES[:step])
        assert counts[pair] == max(counts.values())
        line = next(li for li in worked(1).splitlines() if li.startswith(f"- Merge {step + 1}:"))
        assert f'"{pair[0]} {pair[1]}"' in line
        assert f"{counts[pair]} times" in line
        assert f'New token: "{"".join(pair)}"' in line


def test_q1_unseen_word(worked):
    assert f'"{encode("lowest")[0]}" and "{encode("lowest")[1]}"' in worked(1)
    assert f"become {len(encode('lowest'))} tokens" in worked(1)


def test_q16_pieces_and_bytes(worked):
    text = worked(16)
    assert '"slowest" becomes ' + ", ".join(f'"{p}"' for p in encode("slowest")) in text
    assert f"{len(encode('slowest'))} tokens" in text
    assert f"{len('naïve')} characters but {len('naïve'.encode())} bytes" in text
    assert f"{len('🦙')} character" in text.replace("one character", "1 character")
    assert f"{len('🦙'.encode())} bytes" in text
