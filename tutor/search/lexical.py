"""Exact-word search over the chunks: BM25, with tokens that keep "top-k", "Q", "K" and "V".

What it is not: a match of meanings. It finds the rare word that an embedding blurs.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.guide.chunks import Chunk

# Words that say how something is asked, not what about. Kept short: BM25 weighs common words low.
STOP_WORDS = frozenset(
    """a an and are as at be but by can could did do does for from had has have how i if in into is
    it its me my not of on or please so that the their them then there these they this to was we
    what when where which who why will with would you your about explain tell give""".split()
)


class Lexical:
    """BM25 scores of all chunks for a question (Robertson & Zaragoza 2009; bm25s library)."""

    def __init__(self, chunks: Sequence[Chunk]):
        """Index the chunks' words, and the words of the questions they answer."""
        import Stemmer

        self.stem = Stemmer.Stemmer("english").stemWord
        documents = [self.words(" ".join([chunk.embedded, *chunk.answers])) for chunk in chunks]
        self.scores = self.over(documents)
        self._size = len(documents)
        self._frequency = Counter(word for document in documents for word in set(document))

    def words(self, text: str) -> list[str]:
        """Stemmed words; a hyphenated word gives itself and its parts: top-k → top-k, top, k."""
        found = []
        for word in re.findall(r"\w+(?:-\w+)*", text.lower()):
            parts = [word, *word.split("-")] if "-" in word else [word]
            found += [self.stem(part) for part in parts if part not in STOP_WORDS]
        return found

    def over(
        self, documents: Sequence[Sequence[str]]
    ) -> Callable[[Sequence[str]], NDArray[np.float32]]:
        """A function from words to the BM25 of every document, shape (documents,)."""
        import bm25s

        index = bm25s.BM25(k1=1.2, b=0.75)
        index.index([list(document) for document in documents], show_progress=False)
        vocabulary = {word for document in documents for word in document}

        def scores(words: Sequence[str]) -> NDArray[np.float32]:
            known = [word for word in words if word in vocabulary]
            if not known:
                return np.zeros(len(documents), dtype=np.float32)
            return np.asarray(index.get_scores(known), dtype=np.float32)

        return scores

    def rarity(self, word: str) -> float:
        """How much a stemmed word tells: its inverse document frequency over the chunks."""
        return math.log(1 + self._size / (self._frequency[word] + 0.5))

    def has(self, word: str) -> bool:
        """Whether a stemmed word stands in any chunk."""
        return self._frequency[word] > 0
