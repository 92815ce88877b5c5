"""What was said last, said in another way: shorter, simpler, as one says it in an interview.

A wish of that kind is about the last reply, which may be about far less than its guide question: a
question's own short form or analogy would then be about something else.
"""

from collections.abc import Iterable, Iterator, Sequence

from tutor.engine.generate import Message
from tutor.guide.chunks import WRITTEN, Chunk
from tutor.guide.read import FOLLOW_UPS, PITFALLS
from tutor.guide.text import plain, sentences
from tutor.reply.support import words

PARTICULAR = {FOLLOW_UPS, PITFALLS, WRITTEN}  # about less than a whole guide question
OPENING = 3  # sentences of a passage by which it is known
BEFORE = 2  # sentences before it in a reply: a greeting, a verdict, the question it was written for
FEWEST = 3  # words: "No." or "Not quite." by itself says nothing
ALOUD = 60  # words that one says in 25 seconds


class Origins:
    """Which passage or written answer a reply began with."""

    def __init__(self, chunks: Iterable[Chunk]):
        """Read how each of them begins; of two that begin alike the first counts."""
        self._begins: dict[tuple[str, ...], Chunk] = {}
        for chunk in chunks:
            for key in openings(chunk.stated, OPENING):
                self._begins.setdefault(key, chunk)

    def origin(self, history: Sequence[Message]) -> Chunk | None:
        """Where the last reply came from; None without one, or if it was not taken from anywhere.

        >>> Origins([]).origin([Message("assistant", "Hello!")]) is None
        True
        """
        last = next((m.content for m in reversed(history) if m.role == "assistant"), "")
        begins = openings(last, BEFORE + OPENING)
        return next((self._begins[said] for said in begins if said in self._begins), None)


def openings(text: str, count: int) -> Iterator[tuple[str, ...]]:
    """The words of each of a text's first sentences by which it can be known: hundreds begin with
    "No.".

    >>> list(openings("No. It is small.", 2))
    [('it', 'is', 'small')]
    """
    for sentence in sentences(plain(text))[:count]:
        key = words(sentence)
        if len(key) >= FEWEST:
            yield key


def beginning(text: str, most: int) -> str:
    """As many whole sentences of a text as fit into `most` words, one that says something at least.

    >>> beginning("It is small. It is cheap to train, too. And fast.", 6)
    'It is small.'
    >>> beginning("No. It is cheap to train, too. And fast.", 6)
    'No. It is cheap to train, too.'
    """
    kept: list[str] = []
    for sentence in sentences(text):
        told = len(" ".join(kept).split())
        if told >= FEWEST and told + len(sentence.split()) > most:
            break
        kept.append(sentence)
    return " ".join(kept) or text
