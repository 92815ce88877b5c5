"""Which trainings to compare, all of them run in turn, and what their losses say."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from demos.regularization.bag_of_words import Problem, open_problem, read_sentence
from demos.regularization.training import REMEDIES, Setting, Training, chances, train, with_remedies
from demos.shared.choices import check_ranges
from demos.shared.weights import Weights, open_weights

SENTENCE = (
    "Dividing the scores by the square root of the dimension keeps the softmax from saturating."
)
PLAIN, ALL = "no remedy", "all four"
DROPOUT = 0.6
DECAY = 3.0
SECONDS = 40.0  # for all trainings of one comparison
LARGEST_SEED = 2**31 - 1
CLEARLY = 0.1  # nats; a smaller difference of losses is not talked about


@dataclass(frozen=True)
class Regularization:
    """The categories told apart, the trainings, each one's reading of a sentence."""

    titles: tuple[str, ...]
    trainings: tuple[Training, ...]
    sentence: str
    chances: tuple[tuple[float, ...], ...]  # (training, category)


def plan(
    remedies: Sequence[str], base: Setting, dropout: float = DROPOUT, decay: float = DECAY
) -> tuple[tuple[str, Setting], ...]:
    """Names and settings to train: no remedy, and the named ones together.

    Without any named: no remedy, each by itself, and all together. InputError for an unknown
    remedy or a number out of range.
    """
    sets: list[tuple[str, tuple[str, ...]]] = [(PLAIN, ())]
    if remedies:
        chosen = tuple(dict.fromkeys(remedies))
        sets.append((" + ".join(chosen), chosen))
    else:
        sets += [(name, (name,)) for name in REMEDIES] + [(ALL, REMEDIES)]
    return tuple((name, with_remedies(base, chosen, dropout, decay)) for name, chosen in sets)


def trainings(
    problem: Problem,
    planned: Sequence[tuple[str, Setting]],
    seed: int = 0,
    seconds: float = SECONDS,
) -> Iterator[tuple[Training, ...]]:
    """Train all in turn, a few steps each; yields all as they are until they end or time is up."""
    deadline = time.monotonic() + seconds
    now = {name: Training(name, setting) for name, setting in planned}
    running = {name: train(problem, name, setting, seed) for name, setting in planned}
    while running:
        for name, checks in list(running.items()):
            training = next(checks, None)
            if training is None:
                del running[name]
            else:
                now[name] = training
        if running:
            yield tuple(now.values())
        if time.monotonic() > deadline:
            return


def ended_early(found: Sequence[Training], seconds: float) -> str:
    """A sentence if the time was up before all trainings had ended, else nothing."""
    if all(
        training.stopped or training.checks[-1].step == training.setting.steps for training in found
    ):
        return ""
    step = max(training.checks[-1].step for training in found)
    return f"Ended at step {step}: the {seconds:g} s were up, the machine is busy."


def run(
    remedies: Sequence[str] = (),
    sentence: str = SENTENCE,
    dropout: float = DROPOUT,
    decay: float = DECAY,
    noise: float = 0.1,
    examples: int = 300,
    steps: int = 400,
    seed: int = 0,
    seconds: float = SECONDS,
    weights: Weights | None = None,
) -> Regularization:
    """Train without a remedy and with `remedies` together, or with each of the four if none.

    `noise` is the share of wrong training labels. The same seed gives the same numbers, unless the
    trainings end early after `seconds`. InputError for an unknown remedy, a number out of range or
    a sentence of which no word is known.
    """
    check_ranges({"seed": (0, LARGEST_SEED)}, seed=seed)
    base = replace(Setting(), noise=noise, examples=examples, steps=steps)
    planned = plan(remedies, base, dropout, decay)
    problem = open_problem((weights or open_weights()).settings.corpus)
    features, _ = read_sentence(problem, sentence)
    *_, last = trainings(problem, planned, seed, seconds)
    read = tuple(tuple(float(p) for p in chances(training, features)[0]) for training in last)
    return Regularization(problem.titles, last, sentence, read)


def conclusion(found: Sequence[Training]) -> str:
    """What the numbers say."""
    plain, *others = found
    lines = [
        f"Without a remedy the training loss ends at {plain.result.training:.2f}; the validation "
        f"loss is lowest at step {plain.best.step} ({plain.best.validation:.2f}) and ends at "
        f"{plain.result.validation:.2f}."
    ]
    if len(others) == 1:
        end = others[0].result
        lines.append(
            f"With {others[0].name}: training {end.training:.2f}, validation {end.validation:.2f}."
        )
    if len(others) > 1:
        best = min(others, key=lambda training: training.result.validation)
        deepest = lowest_point(others)
        lines.append(
            f"At the end it is lowest with {best.name} ({best.result.validation:.2f}). The lowest "
            f"point of any curve is reached with {deepest.name}, {deepest.best.validation:.2f} at "
            f"step {deepest.best.step}."
        )
        if (
            deepest.name == REMEDIES[3]
            and plain.best.validation - deepest.best.validation > CLEARLY
        ):
            lines.append(
                "The other three mainly keep the curve from rising: only data adds information."
            )
        if underfits(others[-1], deepest):
            end = others[-1].result
            lines.append(
                f"All four at once leave a gap of {end.gap:.2f}, but a training loss of "
                f"{end.training:.2f}: that is underfitting. Dropout and more data alone do better."
            )
    return " ".join(lines)


def lowest_point(found: Sequence[Training]) -> Training:
    """The training whose validation loss was lowest at any step."""
    return min(found, key=lambda training: training.best.validation)


def underfits(training: Training, deepest: Training) -> bool:
    """Whether all remedies at once kept even the training loss above what another one reached."""
    return training.name == ALL and training.result.training > deepest.best.validation + CLEARLY
