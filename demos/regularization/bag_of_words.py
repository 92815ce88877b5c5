"""Sentences of the guide as rows of numbers: from its words, which category is one from?

A word of a sentence counts ln(sentences / sentences that hold it), its inverse document frequency
(Sparck Jones 1972); a row is scaled to FEATURE_LENGTH. Of 2,000 sentences, 1,500 hold "the" and 40
"dropout": the first counts ln 1.33 = 0.29, the second ln 50 = 3.91.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demos.shared.prose import SPECIAL, build_vocabulary, guide_sentences, split_words
from tutor.errors import InputError
from tutor.guide.read import read_guide

CATEGORIES = 6
WORDS = 800
VALIDATION = 600  # sentences
FEWEST_WORDS = 8
FEATURE_LENGTH = 4.0
LONGEST_TEXT = 500  # characters of a person's sentence


@dataclass(frozen=True)
class BagOfWords:
    """How words become numbers: the words that count, and how much each."""

    words: tuple[str, ...]
    counts: NDArray[np.float32]  # (word,)

    def rows(self, sentences: Iterable[Sequence[str]]) -> NDArray[np.float32]:
        """Features (sentence, word) of sentences given as words; a row of unknown words is zero."""
        holds = held(sentences, self.words)
        rows = holds * self.counts
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows * FEATURE_LENGTH / np.maximum(lengths, 1e-6), np.float32)


@dataclass(frozen=True)
class Problem:
    """Sentences as features, shuffled; the last `validation` rows are never trained on."""

    features: NDArray[np.float32]  # (sentence, word)
    labels: NDArray[np.int64]  # (sentence,), from 0
    titles: tuple[str, ...]  # of the categories
    validation: int
    bag: BagOfWords


def held(sentences: Iterable[Sequence[str]], words: Sequence[str]) -> NDArray[np.float32]:
    """1 where a sentence holds a word, else 0: (sentence, word)."""
    places = {word: column for column, word in enumerate(words)}
    sentences = list(sentences)
    found = np.zeros((len(sentences), len(words)), np.float32)
    for row, sentence in enumerate(sentences):
        found[row, [places[word] for word in sentence if word in places]] = 1
    return found


def letters(words: Sequence[str]) -> list[str]:
    """The words without punctuation."""
    return [word for word in words if word[0].isalpha()]


def open_problem(corpus: Path, seed: int = 0) -> Problem:
    """The sentences of the guide's CATEGORIES longest categories.

    InputError if there are too few of them to hold some out.
    """
    guide = read_guide(corpus)
    sentences = [s for s in guide_sentences(guide) if len(s.words) >= FEWEST_WORDS]
    counts = Counter(s.category for s in sentences)
    folders = [folder for folder, _ in counts.most_common(CATEGORIES)]
    chosen = [s for s in sentences if s.category in folders]
    if len(chosen) < 2 * VALIDATION:
        raise InputError(f"The guide has {len(chosen)} sentences; {2 * VALIDATION} are needed.")
    order = np.random.default_rng(seed).permutation(len(chosen))
    chosen = [chosen[i] for i in order]
    texts = [letters(s.words) for s in chosen]
    words = build_vocabulary(texts, WORDS).words[len(SPECIAL) :]
    frequency = np.maximum(held(texts, words).sum(axis=0), 1)
    bag = BagOfWords(words, np.log(len(texts) / frequency).astype(np.float32))
    labels = np.array([folders.index(s.category) for s in chosen])
    titles = tuple(guide.category(folder).title for folder in folders)
    return Problem(bag.rows(texts), labels, titles, VALIDATION, bag)


def read_sentence(problem: Problem, text: str) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Features (1, word) of a person's sentence, and its words that count, each once.

    InputError if it is empty, longer than LONGEST_TEXT or without any such word.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise InputError(f"Type a sentence of 1 to {LONGEST_TEXT} characters.")
    words = letters(split_words(text))
    known = tuple(word for word in dict.fromkeys(words) if word in problem.bag.words)
    if not known:
        raise InputError("The networks know none of these words. Type another sentence.")
    return problem.bag.rows([words]), known


def spoil(labels: NDArray[np.int64], kinds: int, share: float, seed: int) -> NDArray[np.int64]:
    """Labels with each one, with probability `share`, replaced by another of `kinds` labels."""
    draw = np.random.default_rng(seed)
    wrong = draw.random(len(labels)) < share
    shift = draw.integers(1, kinds, len(labels))
    spoiled: NDArray[np.int64] = np.where(wrong, (labels + shift) % kinds, labels)
    return spoiled
