"""Exact-word search over the chunks: BM25, with tokens that keep "top-k", "Q", "K" and "V".

What it is not: a match of meanings. It finds the rare word that an embedding blurs.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.chunks import Chunk

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
        import bm25s
        import Stemmer

        self.stem = Stemmer.Stemmer("english").stemWord
        self._bm25 = bm25s.BM25(k1=1.2, b=0.75)
        documents = [self.words(" ".join([chunk.embedded, *chunk.answers])) for chunk in chunks]
        self._bm25.index(documents, show_progress=False)
        self._size = len(documents)
        self._vocabulary = {word for document in documents for word in document}

    def words(self, text: str) -> list[str]:
        """Stemmed words; a hyphenated word gives itself and its parts: top-k → top-k, top, k."""
        found = []
        for word in re.findall(r"\w+(?:-\w+)*", text.lower()):
            parts = [word, *word.split("-")] if "-" in word else [word]
            found += [self.stem(part) for part in parts if part not in STOP_WORDS]
        return found

    def scores(self, text: str) -> NDArray[np.float32]:
        """BM25 of every chunk, shape (chunks,); zero where no word is shared."""
        words = self.words(text)
        known = [word for word in words if word in self._vocabulary]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def coverage(self, text: str) -> float:
        """Share of the text's distinct words that the guide knows, 0 to 1; 0 without words."""
        words = set(self.words(text))
        return len(words & self._vocabulary) / len(words) if words else 0.0
