"""The numbers that were fitted on labelled conversations, in one place: fitted.json.

`python -m training.fit` writes the file from the conversations that are kept from the reader's
training. A test that runs on a toy guide makes its own.
"""

import json
from dataclasses import dataclass
from importlib.resources import files

BM25_SCALE = 12.0  # a BM25 score that counts as full agreement


@dataclass(frozen=True)
class Fitted:
    """Weights of retrieval; the defaults are plain averages, which suit a toy guide.

    `topics` weigh the features of `topics.py`, `gate` is the intercept and weights of `gate.py`,
    `passages` those of a passage's own numbers: the reader's cosine to its nearest text, the
    turn's to its question or text, BM25, and the log-probability of its topic; `written` are the
    intercept and weights of `written.py`, `choice` those of `choose/choice.py`.
    """

    topics: tuple[float, ...] = (5.0, 5.0, 5.0, 5.0, 5.0)
    gate: tuple[float, ...] = (-7.0, -1.0, -1.0, 0.0, 0.0, 0.0, 14.0, 2.0, *(0.0,) * 8)
    passages: tuple[float, ...] = (0.3, 0.7, 0.15, 0.05)
    written: tuple[float, ...] = (-8.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    choice: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0)


def read_fitted() -> Fitted:
    """The numbers of fitted.json."""
    data = json.loads((files("tutor.search") / "fitted.json").read_text(encoding="utf-8"))
    return Fitted(**{name: tuple(weights) for name, weights in data.items()})
