"""A job advertisement against the guide: where its phrases lead, what the guide leaves out.

Every phrase (a list item, a sentence, or a part of one between commas) is embedded, and three
things are asked of it:

- which guide question is nearest, by its best entries in the index, and whether it speaks of it;
- whether a topic that the guide leaves out (corpus/outside.txt) is nearer still;
- what kind of phrase it is: its nearest description in KINDS, zero-shot. "Kubernetes" and "dental
  insurance" both lead nowhere, and only the first is something the guide could have covered.

No topic is named here. The limits were set by reading what three advertisements gave, and kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.embed import Vector, Vectors, dots
from tutor.errors import InputError
from tutor.guide.text import plain, sentences
from tutor.search.index import Hit
from tutor.search.lexical import STOP_WORDS
from tutor.start import Library

LONGEST_ADVERT = 20_000  # characters
MOST_PHRASES = 400  # looked at; a page of an advertisement has about 80
ENTRIES = 60  # of the index, nearest to a phrase
BEST = 3  # entries of a question averaged
NEAREST, NEAR = 0.55, 0.51  # cosines: least of the best entry, and of the average
LEAST_SAID = 0.1  # share of a phrase's words, by rarity, that its question must hold
LEAST_KNOWN = 0.4  # the same for all of the guide: what has less is foreign to it
FOREIGN, CLEARLY = 0.5, 0.04  # cosine to a topic left out, and how much it is above the guide's
EVERYDAY, TECHNICAL = -0.2, 0.03  # what `how_technical` says of what leads on, and of what is left
LONGEST_NAME = 8  # words: what is longer is a sentence and no name of a skill
KINDS = {
    "technical": (
        "a programming language, library or software tool",
        "a machine learning method or model",
        "databases, cloud infrastructure and data pipelines",
        "computer hardware and performance engineering",
        "a subject of mathematics or computer science",
    ),
    "everyday": (
        "salary, insurance, vacation and other benefits",
        "the company, its mission, customers and culture",
        "communication, teamwork and personal qualities",
        "job title, place of work and kind of contract",
        "university degree and years of experience",
        "how to apply, equal opportunity, visa",
        "spoken languages",
        "heading of a section in a job advertisement",
    ),
}
LIST_MARK = re.compile(r"^\s*(?:[-*•·‣▪–—✓]|\d{1,2}[.)])\s+")
# A comma within a number is none: "500,000". Brackets hold examples of what stands before them.
BETWEEN = re.compile(r"[,;:]\s+(?:(?:and|or)\s+)?|[()\[\]]|\s(?:and|or)\s|\s[–—·|]\s")


@dataclass(frozen=True)
class Phrase:
    """A piece of the advertisement: its words, and the sentence or list item they stand in."""

    text: str
    within: str


@dataclass(frozen=True)
class Led:
    """A phrase that leads into the guide: to a question, in a category, how near (cosine)."""

    text: str
    number: int
    category: str
    near: float


@dataclass(frozen=True)
class Match:
    """What an advertisement and the guide have to do with each other.

    `led` in the order of the advertisement; `left` are its technical phrases that the guide does
    not cover; `phrases` counts all that were looked at.
    """

    led: tuple[Led, ...]
    left: tuple[str, ...]
    phrases: int

    @property
    def folders(self) -> tuple[str, ...]:
        """The categories that are asked for, the most wanted first."""
        worth: dict[str, float] = {}
        for one in self.led:
            worth[one.category] = worth.get(one.category, 0.0) + one.near
        return tuple(sorted(worth, key=lambda folder: -worth[folder]))


def match(advert: str, library: Library) -> Match:
    """Where an advertisement's phrases lead. Raises InputError for an empty or endless one."""
    if not advert.strip():
        raise InputError("Paste the text of a job advertisement first.")
    if len(advert) > LONGEST_ADVERT:
        raise InputError(f"An advertisement can have up to {LONGEST_ADVERT:,} characters.")
    phrases = list(phrases_of(advert))[:MOST_PHRASES]
    texts = [library.retriever.mend(phrase.text) for phrase in phrases]  # "tokenisation"
    vectors = library.embedder.embed(texts)
    technical = how_technical(phrases, vectors, library)
    led, left = [], []
    for phrase, text, vector, kind in zip(phrases, texts, vectors, technical, strict=True):
        hits = library.index.nearest(vector, ENTRIES)
        nearest = hits[0].similarity if hits else 0.0
        outside = float(dots(library.index.outside, vector).max(initial=-1.0))
        number, near = leads_to(text, hits, library)
        if number and nearest > outside and kind > EVERYDAY:
            category = library.guide.questions[number].category
            led.append(Led(phrase.text, number, category, near))
            continue
        foreign = outside > max(nearest + CLEARLY, FOREIGN) or is_foreign(text, library)
        if foreign and not number and kind > TECHNICAL and len(text.split()) <= LONGEST_NAME:
            left.append(phrase.text)
    return Match(tuple(led), tuple(left), len(phrases))


def leads_to(text: str, hits: Sequence[Hit], library: Library) -> tuple[int, float]:
    """The question whose BEST entries are nearest to a phrase on average, and how near; 0 if they
    are not near enough, or if it has none of the phrase's words."""
    if not hits or hits[0].similarity < NEAREST:
        return 0, 0.0
    found: dict[int, list[float]] = {}
    for hit in hits:
        chunk = library.retriever.passages[hit.chunk_id]
        found.setdefault(chunk.number, []).append(hit.similarity)
    missing = [hits[-1].similarity] * BEST  # the farthest that was found
    means = {number: float(np.mean([*near, *missing][:BEST])) for number, near in found.items()}
    best = max(means, key=lambda number: means[number])
    topics = library.retriever.topics
    said = topics.coverage(words_of(text, library), topics.numbers.index(best))
    return (best, means[best]) if means[best] >= NEAR and said >= LEAST_SAID else (0, 0.0)


def is_foreign(text: str, library: Library) -> bool:
    """Whether a phrase consists of words that the guide has not."""
    lexical = library.retriever.lexical
    rarity = {word: lexical.rarity(word) for word in words_of(text, library)}
    known = sum(value for word, value in rarity.items() if lexical.has(word))
    return known < LEAST_KNOWN * sum(rarity.values())


def words_of(text: str, library: Library) -> list[str]:
    """A phrase's stemmed words, hyphenated ones in parts."""
    return library.retriever.lexical.words(text.replace("-", " "))


def phrases_of(advert: str) -> Iterator[Phrase]:
    """The phrases of an advertisement, each once, in its order.

    >>> [p.text for p in phrases_of("- Fine-tuning (LoRA, QLoRA) and 10,000 prompts.")]
    ['Fine-tuning', 'LoRA', 'QLoRA', '10,000 prompts']
    """
    seen = set()
    for line in advert.splitlines():
        for sentence in sentences(plain(LIST_MARK.sub("", line))):
            for part in BETWEEN.split(sentence):
                text = without_first_words(part.strip(" .:;,!?/&\"'“”"))
                if len(text) > 1 and re.search(r"[^\W\d_]", text) and text.lower() not in seen:
                    seen.add(text.lower())
                    yield Phrase(text, sentence)


def without_first_words(text: str) -> str:
    """A phrase without the little words it begins with: "with a LoRA adapter" → "LoRA adapter"."""
    words = text.split()
    while words and words[0].lower() in STOP_WORDS:
        words.pop(0)
    return " ".join(words)


def how_technical(phrases: Sequence[Phrase], own: Vectors, library: Library) -> list[float]:
    """How much nearer each phrase is to a technical kind than to an everyday one: -2 to 2.

    A phrase by itself says little ("Go"), so that the sentence it stands in counts as much.
    """
    embed = library.embedder.embed
    technical, everyday = (embed(list(KINDS[kind])) for kind in ("technical", "everyday"))

    def margin(vector: Vector) -> float:
        return float(dots(technical, vector).max() - dots(everyday, vector).max())

    texts = list(dict.fromkeys(phrase.within for phrase in phrases))
    around = dict(zip(texts, map(margin, embed(texts)), strict=True))
    return [
        (margin(vector) + around[phrase.within]) / 2
        for phrase, vector in zip(phrases, own, strict=True)
    ]
