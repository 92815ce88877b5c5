"""Two drills of byte-pair encoding by hand (Sennrich et al. 2016, arXiv:1508.07909)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

from tutor.practice.drills.answers import Pieces
from tutor.practice.drills.problem import TRIES, Problem

Pair = tuple[str, str]
Spelled = Mapping[tuple[str, ...], int]  # a word's pieces, and how often the word occurs

FAMILIES = (
    ("low", "lower", "lowest", "newest", "widest", "new"),
    ("hug", "pug", "pun", "bun", "hugs", "bug"),
    ("play", "played", "player", "stay", "stayed", "say"),
    ("token", "tokens", "broken", "open", "opens", "spoken"),
)
SHOWN = 4  # of the pairs counted
MERGES = 3


def spelled(words: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """Every word cut into its letters."""
    return {tuple(word): count for word, count in words.items()}


def count_pairs(words: Spelled) -> Counter[Pair]:
    """How often two pieces stand side by side.

    >>> count_pairs(spelled({"low": 2, "lot": 1})).most_common(1)
    [(('l', 'o'), 3)]
    """
    counts: Counter[Pair] = Counter()
    for pieces, count in words.items():
        for pair in pairwise(pieces):
            counts[pair] += count
    return counts


def joined(pieces: Sequence[str], pair: Pair) -> tuple[str, ...]:
    """The pieces with the pair made one wherever it stands, from the left.

    >>> joined("banana", ("a", "n"))
    ('b', 'an', 'an', 'a')
    """
    found: list[str] = []
    for piece in pieces:
        if found and (found[-1], piece) == pair:
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


def learn(words: Mapping[str, int], steps: int) -> list[tuple[Pair, int, int]]:
    """The first merges: pair, count, and the count of the runner-up (0 if there is none).

    Fewer than `steps` where nothing is left to merge. A tie is seen by two equal counts.
    """
    now: Spelled = spelled(words)
    merges: list[tuple[Pair, int, int]] = []
    while len(merges) < steps and (counts := count_pairs(now)):
        ranked = counts.most_common(2)
        pair, count = ranked[0]
        merges.append((pair, count, ranked[1][1] if len(ranked) > 1 else 0))
        now = {joined(pieces, pair): times for pieces, times in now.items()}
    return merges


def corpus_of(rng: Random) -> tuple[dict[str, int], list[str], list[tuple[Pair, int, int]]]:
    """Words with counts, the other words of the family, and merges that no tie leaves open."""
    for _ in range(TRIES):
        family = list(rng.choice(FAMILIES))
        rng.shuffle(family)
        words = {word: rng.randint(2, 9) for word in family[:4]}
        merges = learn(words, MERGES)
        if len(merges) == MERGES and all(count > second for _, count, second in merges):
            return words, family[4:], merges
    raise AssertionError("no words without a tie")


def table_of(words: Mapping[str, int]) -> str:
    """Words and counts as a Markdown table."""
    rows = "\n".join(f"| {' '.join(word)} | {count} |" for word, count in words.items())
    return f"| word, in letters | times |\n| :-- | --: |\n{rows}"


def counted(words: Mapping[tuple[str, ...], int]) -> str:
    """The most frequent pairs with their counts."""
    ranked = count_pairs(words).most_common(SHOWN)
    return ", ".join(f"{a}+{b} {count}" for (a, b), count in ranked)


def first_merge(rng: Random) -> Problem:
    """Which pair byte-pair encoding merges first."""
    words, _, merges = corpus_of(rng)
    pair, count, _ = merges[0]
    text = (
        "Byte-pair encoding is trained on these words, each cut into its letters. "
        f"Which pair does it merge first?\n\n{table_of(words)}"
    )
    steps = (
        f"every pair of neighbors counts as often as its word occurs: {counted(spelled(words))} …",
        f"The most frequent, **{pair[0]} {pair[1]}** with {count}, becomes one piece.",
    )
    return Problem("First merge of BPE", text, Pieces(pair, joined=True), steps, 1)


def cut_word(rng: Random) -> Problem:
    """How a word is cut after three merges."""
    for _ in range(TRIES):
        words, others, merges = corpus_of(rng)
        word = rng.choice([*words, *others])
        pieces: tuple[str, ...] = tuple(word)
        if len(word) < 5:
            continue  # little to cut
        now, steps = spelled(words), []
        for at, (pair, count, _) in enumerate(merges, 1):
            steps.append(f"merge {at}: {pair[0]}+{pair[1]} ({count}; {counted(now)} …)")
            now = {joined(one, pair): times for one, times in now.items()}
            pieces = joined(pieces, pair)
        if 1 < len(pieces) < len(word):
            seen = "" if word in words else ", which is not among them,"
            text = (
                f"Byte-pair encoding learns {MERGES} merges from these words. How does it cut "
                f"**{word}**{seen} after them?\n\n{table_of(words)}"
            )
            steps.append(f"The same merges in the same order make of it **{' '.join(pieces)}**.")
            return Problem("A word cut by BPE", text, Pieces(pieces), tuple(steps), 1)
    raise AssertionError("no word suits")
