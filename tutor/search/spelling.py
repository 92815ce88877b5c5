"""Mends typing errors before a search: "sofmax" → "softmax", "trasnformer" → "transformer".

Only words that neither the guide nor the embedder's own vocabulary knows are touched, and only when
one word of the guide is near: so names, other languages and ordinary words stay as they are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 5  # letters; a shorter unknown word could be too many things
LONG = 8  # letters from which two slips are believed
OFTEN = 20  # times that a word must occur to replace one that the guide itself has once


class Spelling:
    """Knows the guide's words and how often each occurs."""

    def __init__(self, texts: Iterable[str], known: Callable[[str], bool]):
        """`known(word)` says whether a lower-case word is an ordinary one that needs no mending."""
        self._counts = Counter(word for text in texts for word in words(text))
        self._known = known
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._counts:
            if len(word) >= SHORTEST - 1:
                self._by_length[len(word)].append(word)

    def mend(self, text: str) -> str:
        """The text with its misspelled words replaced.

        >>> Spelling(["the softmax of the scores"], lambda word: word == "why").mend("why sofmax?")
        'why softmax?'
        """
        return re.sub(r"[A-Za-z]{4,}", lambda match: self._nearest(match[0]), text)

    def _nearest(self, word: str) -> str:
        lower = word.lower()
        # The guide shows typing errors as examples: a long word that it has once may be one.
        known = self._counts[lower] > (1 if len(lower) > LONG else 0)
        if len(lower) < SHORTEST or known or self._known(lower):
            return word
        # Letters added, dropped, changed or swapped with a neighbor (Damerau 1964).
        most = 2 if len(lower) >= LONG and lower not in self._counts else 1
        near = [
            candidate
            for length in range(len(lower) - most, len(lower) + most + 1)
            for candidate in self._by_length[length]
            if candidate[0] == lower[0] or candidate[:2] == lower[1::-1]
        ]
        found = process.extract(lower, near, scorer=OSA.distance, score_cutoff=most, limit=None)
        others = (other for other in found if other[0] != lower)
        best = min(((slips, -self._counts[word], word) for word, slips, _ in others), default=None)
        enough = OFTEN if lower in self._counts else 1
        return best[2] if best and self._counts[best[2]] >= enough else word


def words(text: str) -> list[str]:
    """The lower-case words of a text, without those that have digits in them."""
    return re.findall(r"(?<![\w])[a-z]+(?![\w])", text.lower())
