"""The guide cut for training, three trainings on it, and the models' words for a blank."""

from collections.abc import Iterator
from dataclasses import dataclass

from demos.objectives.blank import LONGEST_TEXT, Blank, fill_blank, find_blank
from demos.objectives.pretraining import Point, Pretrained, pretrain
from demos.objectives.sentence_pairs import VOCABULARY as PAIR_VOCABULARY
from demos.objectives.sentence_pairs import Reader, train_reader
from demos.objectives.windows import Window, cut_windows, unigram_loss
from demos.shared.choices import check_ranges
from demos.shared.prose import SPECIAL, Vocabulary, build_vocabulary, guide_sentences, split_words
from demos.shared.weights import Weights, open_weights
from tutor.guide.read import read_guide

STEPS = 320
TEXT = "Divide the loss by the ___ of tokens."
GUESS = "number"
VOCABULARY = 1000  # words
TRAINING_SECONDS = 11.0  # most time for both word models, when the machine is busy
PAIR_SECONDS, PAIR_STEPS = 2.0, 160
RANGES = {"steps": (20, 2000), "rate": (0.05, 0.6)}


@dataclass(frozen=True)
class Outcome:
    """One objective: its curve, share of words that gave a loss, and words for the blank.

    `place` says where a guessed word comes among all words of the vocabulary.
    """

    objective: str
    curve: tuple[Point, ...]
    share: float
    words: tuple[tuple[str, float], ...]
    place: str


@dataclass(frozen=True)
class Objectives:
    """Everything the demo computes."""

    blank: Blank
    unigram: float  # held-out loss of word frequencies alone, in nats
    outcomes: tuple[Outcome, ...]
    reader: tuple[Reader, ...]


@dataclass(frozen=True)
class Material:
    """The guide in windows: for the word models, and with more words for the pairs."""

    windows: tuple[Window, ...]
    vocabulary: Vocabulary
    pair_windows: tuple[Window, ...]
    pair_vocabulary: Vocabulary


def open_material(weights: Weights) -> Material:
    """Read the guide and cut it; takes about half a second."""
    sentences = guide_sentences(read_guide(weights.settings.corpus))
    texts = [sentence.words for sentence in sentences]
    small, large = (build_vocabulary(texts, size) for size in (VOCABULARY, PAIR_VOCABULARY))
    return Material(cut_windows(sentences, small), small, cut_windows(sentences, large), large)


def outcome(model: Pretrained, blank: Blank, guess: str = "", top: int = 5) -> Outcome:
    """A model's curve, its words for the blank, and what it thinks of a guessed word."""
    words, chance = fill_blank(model, blank.words, blank.place, top)
    place = ""
    if guessed := split_words(guess[:LONGEST_TEXT]):
        index = model.vocabulary.ids.get(guessed[0], -1) - len(SPECIAL)
        place = f"“{guessed[0]}” is not among the {len(chance):,} words it knows"
        if index >= 0:
            rank = int((chance > chance[index]).sum()) + 1
            place = f"“{guessed[0]}” has {chance[index]:.3f}, rank {rank} of {len(chance):,}"
    return Outcome(model.objective, model.curve, model.share, tuple(words), place)


def train(
    material: Material,
    steps: int = STEPS,
    rate: float = 0.15,
    seed: int = 0,
    seconds: float = TRAINING_SECONDS,
) -> Iterator[tuple[Pretrained, ...]]:
    """The masked and the causal model as they learn, every 20 steps; stop asking to stop it."""
    check_ranges(RANGES, steps=steps, rate=rate)
    return pretrain(material.windows, material.vocabulary, steps, rate, seed, seconds)


def ended_early(done: int, steps: int, seconds: float) -> str:
    """A sentence if the time was up before all steps were done, else nothing."""
    if done == steps:
        return ""
    return f"Ended after {done} of {steps} steps: the {seconds:g} s were up, the machine is busy."


def train_pairs(
    material: Material, seed: int = 0, seconds: float = PAIR_SECONDS
) -> Iterator[Reader]:
    """The sentence-pair reader as it learns, every 20 steps."""
    words = len(material.pair_vocabulary)
    return train_reader(material.pair_windows, words, PAIR_STEPS, seed, seconds)


def run(
    text: str = TEXT,
    guess: str = GUESS,
    steps: int = STEPS,
    rate: float = 0.15,
    seed: int = 0,
    seconds: float = TRAINING_SECONDS,
    weights: Weights | None = None,
) -> Objectives:
    """Train all three and fill the blank of `text`; the same seed, the same numbers.

    `guess` is a word whose rank among the models' words is told; empty for none. `rate` is the
    share of words that the masked objective chooses. After `seconds` the training of the word
    models ends early. InputError for a text without words or numbers outside RANGES.
    """
    blank = find_blank(text)
    check_ranges(RANGES, steps=steps, rate=rate)
    material = open_material(weights or open_weights())
    *_, models = train(material, steps, rate, seed, seconds)
    return Objectives(
        blank,
        unigram_loss(material.windows),
        tuple(outcome(model, blank, guess) for model in models),
        tuple(train_pairs(material, seed)),
    )
