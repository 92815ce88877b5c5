"""What masked, causal and sentence-pair pretraining see and learn: tiny models, trained in seconds.

    python -m demos.objectives
    python -m demos.objectives --text "the learning ___ is too high" --rate 0.3 --steps 400

24 words give the causal objective 24 losses, the masked one at 15 % only 3.6. The causal model
reads left of a blank, the masked one both sides: in "if the ___ rate is too high" only the masked
model sees "rate" and comes to "learning". A reader without any word order solves three quarters of
next sentence prediction by topic, and exactly half of sentence order prediction.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from demos.pairs import VOCABULARY as PAIR_VOCABULARY
from demos.pairs import Reader, train_reader
from demos.pretraining import (
    Point,
    Pretrained,
    Window,
    cut_windows,
    fill_blank,
    pretrain,
    unigram_loss,
)
from demos.prose import (
    MASK,
    SPECIAL,
    Vocabulary,
    build_vocabulary,
    guide_sentences,
    split_words,
)
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError
from tutor.guide.read import read_guide

TITLE = "Objectives"
QUESTIONS = (7, 9, 11)
STEPS = 320
TEXT = "If the ___ rate is too high, the loss rises."
GUESS = "learning"
VOCABULARY = 1000  # words
MOST_WORDS = 20
LONGEST_TEXT = 400  # characters
BLANK = re.compile(r"\[mask\]|_+", re.IGNORECASE)
TRAINING_SECONDS = 11.0  # most time for both word models, when the machine is busy
PAIR_SECONDS, PAIR_STEPS = 2.0, 160
RANGES = {"steps": (20, 2000), "rate": (0.05, 0.6)}


@dataclass(frozen=True)
class Blank:
    """A sentence with one word hidden; `truth` is that word, or empty if the person hid it."""

    words: tuple[str, ...]
    place: int
    truth: str


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


def find_blank(text: str) -> Blank:
    """Words of a text and its first blank: ___ or [MASK]; without one, the middle word is hidden.

    The first MOST_WORDS words count. InputError if there is no word beside the blank.
    """
    left, *right = BLANK.split(text[:LONGEST_TEXT], maxsplit=1)
    words = split_words(left)
    if right and len(words) < MOST_WORDS:
        place, truth = len(words), ""
        words += [MASK, *split_words(right[0])]
    else:
        words = words[:MOST_WORDS]
        place = len(words) // 2
        truth = words[place] if words else ""
    if len(words) < 2:
        raise InputError("There is no word to go by. Type a sentence with a blank: the ___ rate.")
    return Blank(tuple(words[:MOST_WORDS]), place, truth)


def check(steps: int, rate: float) -> None:
    """InputError for a number outside RANGES."""
    for name, number in (("steps", steps), ("rate", rate)):
        low, high = RANGES[name]
        if not low <= number <= high:
            raise InputError(f"{name} cannot be {number}. Choose from {low} to {high}.")


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
    check(steps, rate)
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
    check(steps, rate)
    material = open_material(weights or open_weights())
    *_, models = train(material, steps, rate, seed, seconds)
    return Objectives(
        blank,
        unigram_loss(material.windows),
        tuple(outcome(model, blank, guess) for model in models),
        tuple(train_pairs(material, seed)),
    )


def view(weights: Weights) -> Any:
    """Tabs: what each objective sees, training, sentence pairs; returns the sentence's box."""
    from demos.objectives_tabs import build

    return build(weights)


def report(found: Objectives, early: str) -> str:
    """The same for a terminal; `early` is said if it is not empty."""
    lines = [
        f"Held-out loss in nats per predicted word; word frequencies alone: {found.unigram:.2f}"
    ]
    lines.append("  step " + "".join(f"{o.objective:>10}" for o in found.outcomes))
    for points in zip(*(o.curve for o in found.outcomes), strict=True):
        if points[0].step % 40 == 0 or points[0] is found.outcomes[0].curve[-1]:
            lines.append(f"{points[0].step:6} " + "".join(f"{p.held_out:10.3f}" for p in points))
    for o in found.outcomes:
        lines.append(f"  {o.objective}: {o.share:.1%} of the words gave a loss, "
                     f"{o.curve[-1].predicted:,} in all")  # fmt: skip
    shown = " ".join("___" if i == found.blank.place else w
                     for i, w in enumerate(found.blank.words))  # fmt: skip
    lines.append(f"\n{shown}" + (f"   (hidden: {found.blank.truth})" if found.blank.truth else ""))
    for o in found.outcomes:
        words = ", ".join(f"{word} {chance:.2f}" for word, chance in o.words)
        lines.append(f"  {o.objective}: {words}" + (f"\n          {o.place}" if o.place else ""))
    last = found.reader[-1]
    lines += [
        "\nSentence pairs, read without word order (held-out accuracy)",
        f"  next sentence or one of another category: {last.other_category:.0%}",
        f"  next sentence or one of the same category: {last.same_category:.0%}",
        f"  right order or swapped: {last.swapped:.0%}",
        f"\n{early}",
    ]
    return "\n".join(lines).rstrip()


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.objectives",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--text", default=TEXT, help="a sentence with a blank: ___ or [MASK]")
    parser.add_argument("--guess", default=GUESS, help="a word for the blank; its rank is shown")
    parser.add_argument("--steps", type=int, default=STEPS, help="training steps of each model")
    parser.add_argument(
        "--rate", type=float, default=0.15, help="share of words chosen for masking"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seconds", type=float, default=TRAINING_SECONDS,
        help="end the training of the word models early after this time",
    )  # fmt: skip
    chosen = parser.parse_args(argv)
    try:
        found = run(**vars(chosen))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    done = found.outcomes[0].curve[-1].step
    print(report(found, ended_early(done, chosen.steps, chosen.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
