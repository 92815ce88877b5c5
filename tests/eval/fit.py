"""Fits the weights of retrieval on the fitting half of the sets: python -m tests.eval.fit

Three small problems, each convex or nearly so, solved in order:

    topics   conditional logit over the guide questions (McFadden 1974): which one is meant
    views    how the views of a turn in conversation are mixed, one row per leaning
    gate     logistic regression: in scope or out of it; its intercept is then set so that at most
             FALSE_REFUSALS of the fitting questions are refused

The result is tutor/fitted.json. The other half of the sets is not looked at.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tests.conftest import ROOT
from tests.eval.sets import Case, read
from tutor.search.fitted import Fitted
from tutor.search.retrieve import Retriever
from tutor.search.topics import FEATURES, View
from tutor.settings import read_settings
from tutor.start import open_library
from tutor.turn.ask import Query
from tutor.turn.understand import understand

FALSE_REFUSALS = 0.025
RIDGE = 0.01
SMALL_TALK = {"greeting", "thanks", "hostile"}
Array = NDArray[np.float64]


def query_of(case: Case) -> Query:
    """What the tutor searches for."""
    return understand(case.question, case.history).query


def views(retriever: Retriever, query: Query) -> tuple[list[View], list[NDArray[np.float32]]]:
    """The views of a query with their vectors."""
    query = retriever.mended(query)
    texts = retriever.views_of(query)
    vectors = list(retriever.embedder.embed(texts))
    pairs = zip(texts, vectors, strict=True)
    return [retriever.look_at(text, vector) for text, vector in pairs], vectors


def loss(scores: Array, places: Sequence[int]) -> float:
    """Negative log-likelihood of any of the right topics under a softmax over all."""
    shifted = scores - scores.max()
    return float(np.log(np.exp(shifted).sum()) - np.log(np.exp(shifted[list(places)]).sum()))


def fit_topics(tables: Sequence[Array], places: Sequence[Sequence[int]]) -> Array:
    """Weights of the features, none negative."""

    def total(w: Array) -> float:
        fit = sum(loss(table @ w, p) for table, p in zip(tables, places, strict=True))
        return fit + RIDGE * float(w @ w)

    start = np.full(len(FEATURES), 5.0)
    return minimize(total, start, method="L-BFGS-B", bounds=[(0, None)] * len(FEATURES)).x


def fit_views(
    scores: Sequence[Sequence[Array]], places: Sequence[Sequence[int]], start: Sequence[float]
) -> Array:
    """How much each view counts for turns that lean alike; drawn to `start` where data are few."""
    prior = np.array(start)

    def total(mix: Array) -> float:
        fit = sum(
            loss(sum(m * s for m, s in zip(mix, by_view, strict=False)), p)  # type: ignore[arg-type]
            for by_view, p in zip(scores, places, strict=True)
        )
        return fit + 0.5 * float(((mix - prior) ** 2).sum())

    return minimize(total, prior, method="L-BFGS-B", bounds=[(0, 2)] * len(prior)).x


def fit_gate(features: Array, covered: NDArray[np.bool_]) -> Array:
    """Intercept and weights on raw features; the intercept allows FALSE_REFUSALS."""
    center, spread = features.mean(axis=0), features.std(axis=0)
    table = np.column_stack([np.ones(len(features)), (features - center) / spread])
    sign = np.where(covered, 1.0, -1.0)

    def total(w: Array) -> float:
        return float(np.logaddexp(0, -sign * (table @ w)).sum() + 0.5 * (w[1:] ** 2).sum())

    w = minimize(total, np.zeros(table.shape[1]), method="L-BFGS-B").x
    weights = w[1:] / spread
    logits = features @ weights
    threshold = np.quantile(logits[covered], FALSE_REFUSALS)
    return np.array([-threshold, *weights])


def main() -> None:
    """Fit and write."""
    library = open_library(read_settings(), lambda *_: None)
    retriever = library.retriever
    place = {number: i for i, number in enumerate(retriever.topics.numbers)}

    def places(cases: Sequence[Case]) -> list[list[int]]:
        return [[place[number] for number in case.labels] for case in cases]

    questions = read("questions", "fit")
    looked = [views(retriever, query_of(case)) for case in questions]
    tables = [retriever.topics.features(found[0]) for found, _ in looked]
    topics = fit_topics(tables, places(questions))

    dialogues = read("dialogues", "fit")
    defaults = Fitted().views
    mixes = []
    for lean in range(3):
        cases = [case for case in dialogues if query_of(case).leaning == lean]
        scores = [
            [retriever.topics.features(view) @ topics for view in views(retriever, query_of(c))[0]]
            for c in cases
        ]
        mixes.append(fit_views(scores, places(cases), defaults[lean]))

    rows, covered = [], []
    outside = list(read("outofscope", "fit"))
    for case in [*questions, *outside]:
        if understand(case.question).intent.value in SMALL_TALK:
            continue
        (view, *_), (vector, *_) = views(retriever, query_of(case))
        scores_ = retriever.topics.features(view) @ topics
        best = int(np.argmax(scores_))
        rows.append(retriever.gate.features(view, vector, float(scores_[best]), best))
        covered.append(bool(case.labels))
    gate = fit_gate(np.array(rows), np.array(covered))

    def rounded(values: Array) -> tuple[float, ...]:
        return tuple(round(float(value), 3) for value in values)

    fitted = replace(
        Fitted(),
        topics=rounded(topics),
        views=tuple(rounded(mix) for mix in mixes),
        gate=rounded(gate),
    )
    kept = {"topics": fitted.topics, "views": fitted.views, "gate": fitted.gate}
    path = ROOT / "tutor" / "fitted.json"
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))
    library.index.close()


if __name__ == "__main__":
    main()
