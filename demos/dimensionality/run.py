"""PCA of the guide's questions, one question placed among them, and search with fewer numbers."""

from dataclasses import dataclass

from demos.dimensionality.question_map import (
    Cut,
    Place,
    QuestionMap,
    check,
    cuts,
    embed_questions,
    place,
)
from demos.shared.weights import Weights, open_weights
from tutor.errors import InputError

QUESTION = "Why does the model forget what it knew after fine-tuning?"


@dataclass(frozen=True)
class Result:
    """Everything the demo shows."""

    questions: QuestionMap
    needed: int
    share: float
    place: Place
    cuts: tuple[Cut, ...]


def run(
    question: str = QUESTION, share: float = 0.9, seed: int = 0, weights: Weights | None = None
) -> Result:
    """PCA of the guide; InputError for an unusable question or a share outside 0 to 1."""
    check(question)
    if not 0 < share <= 1:
        raise InputError("The share of variance to keep lies above 0 and at most at 1.")
    library = (weights or open_weights()).library()
    questions = embed_questions(library)
    vector = library.embedder.embed([question])[0]
    needed = questions.components.needed(share)
    return Result(
        questions, needed, share, place(questions, question, vector), cuts(questions, seed)
    )
