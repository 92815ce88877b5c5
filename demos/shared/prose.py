"""The guide's prose as lowercase words: what the tiny models of the demos are trained on.

    split_words("Top-k keeps k tokens.")  →  ["top-k", "keeps", "k", "tokens", "."]

A vocabulary holds the most frequent words; any other word becomes [UNK]. Whole words, so that a
prediction can be read; real models cut words into pieces. Nothing here knows about training.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.guide.read import ANALOGY, HOW_IT_WORKS, KEY_POINTS, ONE_MINUTE, Guide, Question
from tutor.guide.text import plain, sentences

WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*|[.,;:?]")
# Code, displayed formulas, tables and formulas within a line.
NO_PROSE = re.compile(r"```.*?```|\$\$.*?\$\$|^\|[^\n]*$|\$[^$\n]*\$", re.DOTALL | re.MULTILINE)
START, MASK, UNKNOWN = "[CLS]", "[MASK]", "[UNK]"
SPECIAL = (START, MASK, UNKNOWN)  # ids 0, 1 and 2
FEWEST_WORDS = 4  # a shorter line is a heading or the rest of a formula


@dataclass(frozen=True)
class Sentence:
    """One sentence of the guide: its category folder, question number and words."""

    category: str
    number: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words that a tiny model knows; a word's place in `words` is its id."""

    words: tuple[str, ...]

    @cached_property
    def ids(self) -> dict[str, int]:
        """Every word's id."""
        return {word: place for place, word in enumerate(self.words)}

    def encode(self, words: Iterable[str]) -> list[int]:
        """The words' ids; an unknown word gets the id of [UNK]."""
        unknown = self.ids[UNKNOWN]
        return [self.ids.get(word, unknown) for word in words]

    def __len__(self) -> int:
        return len(self.words)


def split_words(text: str) -> list[str]:
    """Lowercase words and punctuation of a text; digits, formulas and other signs are dropped."""
    return WORD.findall(text.lower())


def question_prose(question: Question) -> Iterable[str]:
    """The sections and answers of a question that are running text."""
    yield from (question.section(name) for name in (ONE_MINUTE, HOW_IT_WORKS, ANALOGY))
    yield from (pitfall.correction for pitfall in question.pitfalls)
    yield from (follow_up.answer for follow_up in question.follow_ups)
    yield question.section(KEY_POINTS)


def guide_sentences(guide: Guide) -> tuple[Sentence, ...]:
    """All sentences of the guide's prose in reading order, without code, tables and formulas."""
    found = []
    for category in guide.categories:
        for question in category.questions:
            for text in question_prose(question):
                for sentence in sentences(plain(NO_PROSE.sub("", text))):
                    words = split_words(sentence)
                    if len(words) >= FEWEST_WORDS:
                        found.append(Sentence(category.folder, question.number, tuple(words)))
    return tuple(found)


def build_vocabulary(texts: Iterable[Sequence[str]], size: int) -> Vocabulary:
    """The `size` most frequent words after the special ones; equal counts in order of the text."""
    counts = Counter(word for words in texts for word in words)
    return Vocabulary(SPECIAL + tuple(word for word, _ in counts.most_common(size)))
