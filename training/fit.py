"""Fits the weights of the search: on conversations by authors that the reader has not read, and on
the fitting half of the questions of tests/eval.

    python -m training.fit          (part of make train)

Five small problems, each convex:

    topics    conditional logit over the guide questions (McFadden 1974): which one is meant
    passages  the same over the passages found: which of them answer
    gate      logistic regression: does the guide cover what was asked; its intercept is then set so
              that at most FALSE_REFUSALS of the turns that it covers are refused
    written   logistic regression: does a written answer answer the turn, by what judges said of
              those that lie nearest (`training/choices.jsonl`), with the weights above
    choice    the same of what the search and the pair reader make of it together

The result is tutor/search/fitted.json. The test conversations and the reporting half of tests/eval
are not looked at.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from tests.eval.sets import read
from training.conversations import FIT, Place, read_conversations
from training.examples import WEIGHTS, Example, spoken
from tutor.choose.choice import CHOICE_FEATURES, signs
from tutor.choose.pairs import PairReader
from tutor.engine.embed import Vector
from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.guide.read import PITFALLS
from tutor.search import gate, topics, written
from tutor.search.fitted import Fitted
from tutor.search.retrieve import Retriever, passage_features, softmax
from tutor.search.topics import View
from tutor.settings import read_settings
from tutor.start import open_library
from tutor.turn.ask import Ask
from tutor.turn.kinds import ASKING, LEFT_OUT, Kind
from tutor.turn.understand import understand

FALSE_REFUSALS = 0.02  # the most that a person is to meet
RIDGE = 0.01
HELD = 1e-4
CHOICES = Path(__file__).parent / "choices.jsonl"
WHOLE = ""  # in place of a heading: which passage answers was not labelled
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A labelled turn, searched for."""

    example: Example
    ask: Ask
    view: View
    said: Vector
    table: Array  # (topic, feature)


def case_of(retriever: Retriever, example: Example) -> Case:
    """One turn with all that the search measures of it."""
    ask = understand(example.turn, retriever.reader, example.history)
    _, view, said = retriever.look_at(ask)
    return Case(example, ask, view, said, retriever.topics.features(view))


def labelled() -> list[Example]:
    """The fitting half of tests/eval, whose labels name guide questions and no passages."""
    rows = []
    for name in ("questions", "dialogues", "outofscope"):
        for case in read(name, "fit"):
            kind = Kind.QUESTION if case.labels else Kind(case.kind)
            places = tuple((number, WHOLE) for number in case.labels)
            rows.append(Example(case.question, case.history, (kind,), places))
    return rows


def right_rows(retriever: Retriever, case: Case) -> list[int]:
    """The rows of the guide questions that answer a turn."""
    numbers = {number for number, _ in case.example.passages}
    return [row for row, number in enumerate(retriever.topics.numbers) if number in numbers]


def conditional_logit(
    tables: Sequence[Array], targets: Sequence[Array], start: Sequence[float]
) -> Array:
    """Weights, none negative, under which the targets (each a distribution over its table's rows)
    are most probable."""

    def total(w: Array) -> tuple[float, Array]:
        value, slope = RIDGE * float(w @ w), 2 * RIDGE * w
        for table, target in zip(tables, targets, strict=True):
            scores = table @ w
            shares = np.exp(scores - logsumexp(scores))
            value -= float(target @ (scores - logsumexp(scores)))
            slope = slope + table.T @ (shares - target)
        return value, slope

    bounds = [(0, None)] * len(start)
    return np.asarray(minimize(total, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def fit_topics(retriever: Retriever, cases: Sequence[Case]) -> Array:
    """Weights of `tutor.search.topics.TOPIC_FEATURES`."""
    targets = []
    for case in cases:
        target = np.zeros(len(case.table))
        right = right_rows(retriever, case)
        target[right] = 1 / len(right)
        targets.append(target)
    return conditional_logit([c.table for c in cases], targets, [5.0] * len(topics.TOPIC_FEATURES))


def fit_passages(retriever: Retriever, cases: Sequence[Case], weights: Array) -> Array:
    """Weights of a passage's numbers, where one that answers was found."""
    tables, targets = [], []
    for case in cases:
        shares = softmax((case.table @ weights).astype(np.float32))
        share = dict(zip(retriever.topics.numbers, shares, strict=True))
        candidates = retriever.candidates(case.view)
        target = np.array([worth(chunk, case.example.passages) for chunk, _ in candidates])
        if target.any():
            rows = [passage_features(n, float(share[chunk.number])) for chunk, n in candidates]
            tables.append(np.array(rows))
            targets.append(target / target.sum())
    return conditional_logit(tables, targets, [1.0] * 4)


def worth(chunk: Chunk, places: Sequence[Place]) -> float:
    """How much a chunk is among the passages that a label names, best first."""
    names = {(chunk.number, chunk.heading or chunk.section)}
    if chunk.section == PITFALLS:
        names.add((chunk.number, PITFALLS))
    for place, weight in zip(places, WEIGHTS, strict=False):
        if place in names:
            return weight
    return 0.0


def fit_gate(retriever: Retriever, cases: Sequence[Case], weights: Array) -> Array:
    """Intercept and weights of the gate, from turns that ask something."""
    asking = [case for case in cases if set(case.example.kinds) & (ASKING | LEFT_OUT)]
    rows = [
        retriever.gate.features(
            case.ask, case.view, case.said, int(np.argmax(case.table @ weights))
        )
        for case in asking
    ]
    covered = np.array([not set(case.example.kinds) & LEFT_OUT for case in asking])
    table = np.column_stack([np.ones(len(rows)), np.array(rows)])
    sign = np.where(covered, 1.0, -1.0)
    # Both sides weigh the same, however many turns each has.
    weight = np.where(covered, 0.5 / covered.sum(), 0.5 / (~covered).sum())

    def total(w: Array) -> tuple[float, Array]:
        margins = sign * (table @ w)
        slope = -table.T @ (weight * sign * expit(-margins))
        flat = np.array([0.0, *w[1:]])
        return float(weight @ np.logaddexp(0, -margins)) + 1e-3 * float(flat @ flat), (
            slope + 2e-3 * flat
        )

    found = np.asarray(minimize(total, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x)
    scores = np.sort((table @ found)[covered])
    found[0] -= scores[int(FALSE_REFUSALS * len(scores))] - 1e-6
    return found


def agreement(table: Array, worth: Array, weights: Sequence[float]) -> str:
    """What is shown at a probability of a half, and how much of it judges would show."""
    shown = weights[0] + table @ np.array(weights[1:]) >= 0
    good, fair = float(np.mean(worth[shown] == 1)), float(np.mean(worth[shown] >= 0.5))
    return f"{shown.mean():.2f} shown, of which {good:.2f} are just it and {fair:.2f} at least fair"


@dataclass(frozen=True)
class Judged:
    """A turn with written answers, by one of their questions, and what each would be worth as the
    reply: 2 just what was asked, 1 in part or more generally, 0 something else. Passages of the
    guide may stand among them, by heading or section."""

    turn: str
    history: tuple[Message, ...]
    offers: tuple[str, ...]
    worth: tuple[int, ...]


def read_choices() -> list[Judged]:
    """What was judged."""
    rows = [json.loads(line) for line in CHOICES.read_text(encoding="utf-8").splitlines()]
    return [
        Judged(
            row["turn"],
            tuple(Message(m["role"], m["content"]) for m in row["history"]),
            tuple(row["offers"]),
            tuple(row["worth"]),
        )
        for row in rows
    ]


def written_rows(retriever: Retriever, judged: Sequence[Judged]) -> tuple[Array, Array]:
    """The features of judged offers that the search finds, and the worth of each from 0 to 1."""
    rows: list[tuple[float, ...]] = []
    worths: list[float] = []
    for one in judged:
        evidence = retriever.search(understand(one.turn, retriever.reader, one.history))
        worth = dict(zip(one.offers, one.worth, strict=True))
        for passage in evidence.written:
            if passage.chunk.heading in worth:
                rows.append(passage.signs)
                worths.append(worth[passage.chunk.heading] / 2)
    return np.array(rows), np.array(worths)


def choice_rows(
    retriever: Retriever, pairs: PairReader, judged: Sequence[Judged]
) -> tuple[Array, Array]:
    """CHOICE_FEATURES of judged offers that the search finds, and the worth of each from 0 to 1."""
    rows: list[tuple[float, ...]] = []
    worths: list[float] = []
    for one in judged:
        ask = understand(one.turn, retriever.reader, one.history)
        worth = dict(zip(one.offers, one.worth, strict=True))
        found = [p for p in retriever.search(ask).written if p.chunk.heading in worth]
        opinions = pairs.read(ask.words, ask.before, [passage.chunk for passage in found])
        for passage, opinion in zip(found, opinions, strict=True):
            rows.append(signs(passage, opinion))
            worths.append(worth[passage.chunk.heading] / 2)
    return np.array(rows), np.array(worths)


def fit_written(table: Array, worth: Array) -> Array:
    """Intercept and weights of a logistic regression on soft labels."""
    full = np.column_stack([np.ones(len(table)), table])

    def total(w: Array) -> tuple[float, Array]:
        logits = full @ w
        value = float(np.mean(np.logaddexp(0, logits) - worth * logits))
        flat = np.array([0.0, *w[1:]])
        slope = full.T @ (expit(logits) - worth) / len(full)
        return value + HELD * float(flat @ flat), slope + 2 * HELD * flat

    return np.asarray(minimize(total, np.zeros(full.shape[1]), jac=True, method="L-BFGS-B").x)


def main(argv: Sequence[str] | None = None) -> None:
    """Fit, print, write."""
    argparse.ArgumentParser(prog="python -m training.fit").parse_args(argv)
    library = open_library(read_settings(), lambda *_: None, fitted=Fitted())
    retriever = library.retriever
    examples = [*spoken(read_conversations(FIT)), *labelled()]
    cases = [case_of(retriever, example) for example in examples]
    answered = [case for case in cases if case.example.passages]
    weights = fit_topics(retriever, answered)
    hits = [np.argmax(case.table @ weights) in right_rows(retriever, case) for case in answered]
    fitted = {
        "topics": weights.round(3).tolist(),
        "passages": fit_passages(retriever, answered, weights).round(3).tolist(),
        "gate": fit_gate(retriever, cases, weights).round(3).tolist(),
    }
    retriever.fitted = Fitted(**{name: tuple(found) for name, found in fitted.items()})
    table, worth = written_rows(retriever, read_choices())
    fitted["written"] = fit_written(table, worth).round(3).tolist()
    retriever.fitted = Fitted(**{name: tuple(found) for name, found in fitted.items()})
    assert library.pairs
    read, values = choice_rows(retriever, library.pairs, read_choices())
    fitted["choice"] = fit_written(read, values).round(3).tolist()
    print(f"{len(cases)} turns; of {len(answered)} the right topic is first in {np.mean(hits):.3f}")
    named = {
        "topics": topics.TOPIC_FEATURES,
        "gate": ("", *gate.GATE_FEATURES),
        "written": ("", *written.WRITTEN_FEATURES),
        "choice": ("", *CHOICE_FEATURES),
    }
    for name, features in named.items():
        print(name, dict(zip(features, fitted[name], strict=True)))
    print("passages", fitted["passages"])
    print(f"{len(table)} judged pairs: {agreement(table, worth, fitted['written'])}")
    print(f"with the pair reader: {agreement(read, values, fitted['choice'])}")
    place = Path(str(files("tutor.search"))) / "fitted.json"
    place.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    library.index.close()


if __name__ == "__main__":
    main()
