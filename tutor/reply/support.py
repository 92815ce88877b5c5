"""Checks whether the guide itself says a sentence: word for word, or nearly so.

Nearly so means the same words in the same order, whatever the capitals, marks, articles and
Markdown. A paraphrase is not recognized, and therefore not shown: what a model adds in its own
words needs a reader of meanings, which this is not.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.guide.chunks import Chunk
from tutor.guide.text import plain, sentences

ARTICLES = {"a", "an", "the"}


@dataclass(frozen=True)
class Check:
    """A sentence with the chunk that says it and its words there; `chunk` is None if none does."""

    sentence: str
    chunk: Chunk | None = None
    evidence: str = ""


class Support:
    """Checks sentences against the chunks of one guide question."""

    def __init__(self, chunks: Iterable[Chunk]):
        """Read the chunks' sentences; of two that say the same the first counts."""
        self._said: dict[tuple[str, ...], Check] = {}
        for chunk in chunks:
            # The wrong claim of a pitfall supports nothing, so only what is stated counts.
            for sentence in sentences(plain(chunk.stated)):
                self._said.setdefault(words(sentence), Check(sentence, chunk, sentence))

    def check(self, sentence: str) -> Check:
        """The sentence with the passage that says it, if one does.

        >>> Support([]).check("Larger values bring more variety.").chunk is None
        True
        """
        said = words(sentence)
        found = self._said.get(said) if said else None
        return Check(sentence, found.chunk, found.evidence) if found else Check(sentence)


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text in order, in lower case, without articles.

    >>> words("The $k$ of top-k is 0.5, never 5.")
    ('k', 'of', 'top-k', 'is', '0.5', 'never', '5')
    """
    found = re.findall(r"\w+(?:[-.,'’]\w+)*|[-+*/=<>≤≥]", plain(text).lower())
    return tuple(word for word in found if word not in ARTICLES)
