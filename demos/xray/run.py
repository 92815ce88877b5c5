"""An answer judged token by token, and another end of it."""

from dataclasses import dataclass

from demos.shared.warp import Warp
from demos.shared.weights import Weights, open_weights
from demos.xray.answer import Answer, ask_tutor, guide_of
from demos.xray.scoring import Judged, Read, check_question, judge_tokens, read_answer, resample

QUESTION = "What role does temperature play?"
BUDGET = 80


@dataclass(frozen=True)
class XRay:
    """An answer, its tokens, how each was judged, and another end drawn from `place` on."""

    answer: Answer
    read: Read
    judged: tuple[Judged, ...]
    place: int
    again: tuple[Judged, ...]


def run(
    question: str = QUESTION,
    lead: str = "",
    continuation: str = "",
    number: int = 0,
    note: bool = True,
    budget: int = BUDGET,
    place: int | None = None,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    min_p: float = 0.0,
    length: int = 20,
    seed: int = 0,
    weights: Weights | None = None,
) -> XRay:
    """Judge an answer; without `lead` and `continuation` the tutor answers first.

    The new end is drawn from token `place` on (0 is the first), by default where the model's part
    begins. Raises InputError, EngineError, ModelError.
    """
    warp = Warp(temperature, top_k, top_p, min_p)
    check_question(question, budget)
    weights = weights or open_weights()
    if lead.strip() or continuation.strip():
        answer, guide = Answer(question, lead, continuation, number), guide_of(weights, number)
    else:
        answer, guide = ask_tutor(question, weights)
    engine = weights.engine()
    read = read_answer(engine, guide, answer, note, budget)
    tokens = tuple(judge_tokens(engine, read))
    place = read.added if place is None else place
    return XRay(
        answer, read, tokens, place, tuple(resample(engine, read, place, warp, seed, length))
    )
