"""Byte-pair encoding small enough to read: trains merges on a text, replays them on another.

Byte-level as in GPT-2: the start alphabet is the 256 byte values, so no text is ever unknown.
Merges never cross the border of a word, and a word owns the space before it.

    low low low low low lower lower newest (6 times) widest (3 times), one word apiece:
    e+s 9 times, es+t 9, l+o 7, lo+w 7 ... and "lowest" becomes low | est, although never seen.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Words, numbers, marks and white space, as in GPT-2's encoder (Radford et al. 2019), without its
# English contractions. Together the alternatives cover every character.
WORD = re.compile(r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+|.", re.DOTALL)

Pair = tuple[int, int]


@dataclass(frozen=True)
class Merge:
    """Two neighboring tokens that became one: their ids, the new id, and how often they stood
    together when they were merged."""

    pair: Pair
    id: int
    count: int


@dataclass(frozen=True)
class Trained:
    """Merges in the order they were learned, and the bytes of every token by id."""

    merges: tuple[Merge, ...]
    pieces: tuple[bytes, ...]

    def encode(self, text: str, steps: int | None = None) -> list[int]:
        """The text's tokens after replaying the first `steps` merges in order (all by default)."""
        tokens: list[int] = []
        for word in words(text):
            symbols = list(word)
            for merge in self.merges[:steps]:
                symbols = join(symbols, merge.pair, merge.id)
            tokens += symbols
        return tokens


def words(text: str) -> list[bytes]:
    """The pieces that merges stay within.

    >>> words("new newest, x2")
    [b'new', b' newest', b',', b' x', b'2']
    """
    return [match.group().encode() for match in WORD.finditer(text)]


def train(text: str, steps: int, fewest: int = 2) -> Trained:
    """Learn up to `steps` merges: always the most frequent pair, the one of smaller ids on a tie.

    Stops early when no pair stands together `fewest` times. Sennrich et al. 2016
    (arXiv:1508.07909, algorithm 1), on bytes.
    """
    counted = Counter(words(text))
    spelled = [(list(word), count) for word, count in counted.items()]
    pieces = [bytes([value]) for value in range(256)]
    merges: list[Merge] = []
    while len(merges) < steps:
        pairs = count_pairs(spelled)
        if not pairs:
            break
        pair, count = max(pairs.items(), key=lambda item: (item[1], -item[0][0], -item[0][1]))
        if count < fewest:
            break
        merges.append(Merge(pair, len(pieces), count))
        spelled = [(join(symbols, pair, len(pieces)), times) for symbols, times in spelled]
        pieces.append(pieces[pair[0]] + pieces[pair[1]])
    return Trained(tuple(merges), tuple(pieces))


def count_pairs(spelled: Sequence[tuple[list[int], int]]) -> Counter[Pair]:
    """How often each two tokens stand side by side, words weighted by their number."""
    pairs: Counter[Pair] = Counter()
    for symbols, times in spelled:
        for pair in pairwise(symbols):
            pairs[pair] += times
    return pairs


def join(symbols: list[int], pair: Pair, new: int) -> list[int]:
    """The tokens with every occurrence of the pair replaced, from the left.

    >>> join([1, 1, 1, 2], (1, 1), 9)
    [9, 1, 2]
    """
    joined: list[int] = []
    at = 0
    while at < len(symbols):
        if tuple(symbols[at : at + 2]) == pair:
            joined.append(new)
            at += 2
        else:
            joined.append(symbols[at])
            at += 1
    return joined
