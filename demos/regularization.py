"""Overfitting made and cured: dropout, weight decay, early stopping and more data, trained live.

    python -m demos.regularization
    python -m demos.regularization --remedies dropout "more data" --noise 0.3

Without a remedy a small network learns 300 sentences of the guide by heart: training loss 0.00,
while the validation loss is lowest after some 50 steps and rises from then on. With dropout of 0.5
a unit's value 3 becomes 6 or 0, on average 3. Weight decay of 3 at a learning rate of 0.005 leaves
0.985 of a weight after a step and 0.985^100 = 0.22 after 100.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from demos.bags import Problem, open_problem, read_sentence
from demos.overfitting import REMEDIES, Course, Setting, chances, train, with_remedies
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Regularization"
QUESTIONS = (18,)
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
    """The categories told apart, one course per training, each one's reading of a sentence."""

    titles: tuple[str, ...]
    courses: tuple[Course, ...]
    sentence: str
    chances: tuple[tuple[float, ...], ...]  # (course, category)


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


def courses(
    problem: Problem,
    planned: Sequence[tuple[str, Setting]],
    seed: int = 0,
    seconds: float = SECONDS,
) -> Iterator[tuple[Course, ...]]:
    """Train all in turn, a few steps each; yields all as they are until they end or time is up."""
    deadline = time.monotonic() + seconds
    now = {name: Course(name, setting) for name, setting in planned}
    running = {name: train(problem, name, setting, seed) for name, setting in planned}
    while running:
        for name, training in list(running.items()):
            course = next(training, None)
            if course is None:
                del running[name]
            else:
                now[name] = course
        if running:
            yield tuple(now.values())
        if time.monotonic() > deadline:
            return


def ended_early(found: Sequence[Course], seconds: float) -> str:
    """A sentence if the time was up before all trainings had ended, else nothing."""
    if all(course.stopped or course.checks[-1].step == course.setting.steps for course in found):
        return ""
    step = max(course.checks[-1].step for course in found)
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
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed cannot be {seed}. Choose from 0 to {LARGEST_SEED}.")
    base = replace(Setting(), noise=noise, examples=examples, steps=steps)
    planned = plan(remedies, base, dropout, decay)
    problem = open_problem((weights or open_weights()).settings.corpus)
    features, _ = read_sentence(problem, sentence)
    *_, last = courses(problem, planned, seed, seconds)
    read = tuple(tuple(float(p) for p in chances(course, features)[0]) for course in last)
    return Regularization(problem.titles, last, sentence, read)


def view(weights: Weights) -> Any:
    """Switches, curves, a table, a sentence of one's own; returns the sentence's box."""
    from demos.regularization_tab import build

    return build(weights)


def conclusion(found: Sequence[Course]) -> str:
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
        best = min(others, key=lambda course: course.result.validation)
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
            lines.append("The other three mainly keep the curve from rising: only data adds "
                         "information.")  # fmt: skip
        if underfits(others[-1], deepest):
            end = others[-1].result
            lines.append(
                f"All four at once leave a gap of {end.gap:.2f}, but a training loss of "
                f"{end.training:.2f}: that is underfitting. Dropout and more data alone do better."
            )
    return " ".join(lines)


def lowest_point(found: Sequence[Course]) -> Course:
    """The course whose validation loss was lowest at any step."""
    return min(found, key=lambda course: course.best.validation)


def underfits(course: Course, deepest: Course) -> bool:
    """Whether all remedies at once kept even the training loss above what another one reached."""
    return course.name == ALL and course.result.training > deepest.best.validation + CLEARLY


def report(found: Regularization, early: str) -> str:
    """The same for a terminal; `early` is said if it is not empty."""
    wide = max(len(course.name) for course in found.courses) + 2
    head = f"{'step':>6}{'training':>10}{'validation':>12}{'gap':>7}{'right':>7}{'lowest':>16}"
    lines = [
        f"Which category is a sentence from? {', '.join(found.titles)}",
        "Losses in nats (guessing: 1.79); right: validation accuracy; lowest: validation loss\n",
        f"{'':{wide}}{head}",
    ]
    for course in found.courses:
        end, best = course.result, course.best
        lines.append(
            f"{course.name:{wide}}{end.step:6}{end.training:10.3f}{end.validation:12.3f}"
            f"{end.gap:7.2f}{end.validation_accuracy:7.0%}{best.validation:8.3f} at {best.step}"
        )
    lines += ["", conclusion(found.courses), f"\n“{found.sentence}” is from"]
    for course, row in zip(found.courses, found.chances, strict=True):
        ranked = sorted(zip(row, found.titles, strict=True), reverse=True)[:3]
        lines.append(f"{course.name:{wide}}" + ", ".join(f"{title} {p:.2f}" for p, title in ranked))
    return "\n".join([*lines, *([f"\n{early}"] if early else [])])


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.regularization",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--remedies", nargs="*", default=(), metavar="REMEDY",
                        help=f"used together: {', '.join(REMEDIES)}; none: each")  # fmt: skip
    parser.add_argument("--sentence", default=SENTENCE, help="read by every network at the end")
    parser.add_argument("--dropout", type=float, default=DROPOUT, help="share of units dropped")
    parser.add_argument("--decay", type=float, default=DECAY, help="strength of weight decay")
    parser.add_argument("--noise", type=float, default=0.1, help="share of wrong training labels")
    parser.add_argument("--examples", type=int, default=300, help="training sentences")
    parser.add_argument("--steps", type=int, default=400, help="training steps")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=SECONDS,
                        help="end all trainings early after this time")  # fmt: skip
    chosen = parser.parse_args(argv)
    try:
        found = run(**vars(chosen))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(found, ended_early(found.courses, chosen.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
