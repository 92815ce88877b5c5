"""The numbers that were fitted on labelled questions, in one place: fitted.json.

`python -m tests.eval.fit` writes the file from the fitting half of tests/eval; nothing here is
set by hand. A test that runs on a toy guide makes its own.
"""

import json
from dataclasses import dataclass, field
from importlib.resources import files

BM25_SCALE = 12.0  # a BM25 score that counts as full agreement


@dataclass(frozen=True)
class Fitted:
    """Weights of retrieval; the defaults are plain averages, which suit a toy guide.

    `topics` weigh the features of `topics.py`, `views` mix a turn's views by how much it leans
    (rows: stands alone, points back, has no topic; columns: turn, joined, last reply), `gate` is
    the intercept and weights of `gate.py`, `question`, `answer` and `bm25` fuse a passage's scores,
    `topic_lift` is added to a passage times its topic's probability.
    """

    topics: tuple[float, ...] = (5.0, 5.0, 5.0, 5.0, 5.0, 5.0)
    views: tuple[tuple[float, ...], ...] = ((1.0, 0.3, 0.3), (0.5, 1.0, 0.5), (0.2, 1.0, 1.0))
    gate: tuple[float, ...] = (-7.0, 14.0, 2.0, 0.0, 0.0)
    question: float = 0.55
    answer: float = 0.30
    bm25: float = 0.15
    topic_lift: float = field(default=0.25)

    def fuse(self, to_question: float, to_answer: float, bm25: float) -> float:
        """One score for a passage from its three, about 0 to 1.

        A passage without questions of its own, such as a formula, is measured by its text alone,
        a little less than one whose question is the one that was asked.
        """
        agreement = min(1.0, bm25 / BM25_SCALE)
        asked = max(to_question, 0.8 * to_answer)
        return self.question * asked + self.answer * to_answer + self.bm25 * agreement


def read_fitted() -> Fitted:
    """The numbers of fitted.json."""
    data = json.loads((files("tutor.search") / "fitted.json").read_text(encoding="utf-8"))
    return Fitted(
        topics=tuple(data["topics"]),
        views=tuple(tuple(row) for row in data["views"]),
        gate=tuple(data["gate"]),
    )
