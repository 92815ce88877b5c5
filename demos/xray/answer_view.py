"""What happens when the tutor is asked, when tokens are judged, and when one is chosen.

A visitor's X-ray lives in their own session: the judged tokens, and how the answer was read.
"""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr

from demos.shared.candidates import named
from demos.shared.panel import Update, handler, working
from demos.shared.tokens import visible
from demos.shared.weights import Weights
from demos.xray import figures as draw
from demos.xray.answer import Answer, ask_tutor, guide_of
from demos.xray.scoring import Judged, Read, check_question, judge_tokens, read_answer
from tutor.engine.llama import Candidate, LlamaEngine

Held = tuple[tuple[Judged, ...], Read | None]
EMPTY: Held = ((), None)
PAUSE = 0.25  # seconds between two pictures while tokens are judged


@handler(
    working("the tutor's answer"),
    failed=["", EMPTY, 1, *[gr.skip()] * 4],
    meanwhile=["", EMPTY, 1, *[gr.skip()] * 4],
)
def ask_first(
    weights: Weights, question: str, note: bool, budget: float, guess: str | None
) -> Iterator[tuple[Any, ...]]:
    """As `look_into`, and the tutor's answer into the boxes."""
    check_question(question, int(budget))
    answer, _ = ask_tutor(question, weights)
    boxes = (answer.question, answer.lead, answer.continuation, answer.number)
    for outputs in look_into(weights, *boxes, note, budget, guess):
        yield (*outputs, *boxes)


@handler(working("the tutor's model"), failed=[gr.skip()] * 3, meanwhile=["", EMPTY, 1])
def look_into(
    weights: Weights,
    question: str,
    lead: str,
    continuation: str,
    number: float | None,
    note: bool,
    budget: float,
    guess: str | None,
) -> Iterator[tuple[str, str, Held, int | Update]]:
    """Judge token after token and show how far it has come."""
    tokens: list[Judged] = []
    last = 0.0
    answer = Answer(question, lead, continuation, int(number or 0))
    guide = guide_of(weights, answer.number)
    engine = weights.engine()
    read = read_answer(engine, guide, answer, note, int(budget))
    told = partial(draw.summary, read, tokens, engine.name, note and answer.number > 0, guess)
    for token in judge_tokens(engine, read):
        tokens.append(token)
        if time.monotonic() - last > PAUSE:
            last = time.monotonic()
            yield told(), draw.shaded(read, tokens), (tuple(tokens), read), gr.skip()
    yield told(), draw.shaded(read, tokens), (tuple(tokens), read), read.added + 1


def ask_or_look(
    weights: Weights,
    question: str,
    lead: str,
    continuation: str,
    number: float | None,
    note: bool,
    budget: float,
    guess: str | None,
) -> Iterator[tuple[Any, ...]]:
    """As `look_into`; where there is no answer yet, the tutor answers first."""
    if not (lead.strip() or continuation.strip()):
        yield from ask_first(weights, question, note, budget, guess)
        return
    for outputs in look_into(weights, question, lead, continuation, number, note, budget, guess):
        yield (*outputs, *[gr.skip()] * 4)


def choose(
    weights: Weights, held: Held, index: int
) -> tuple[int | Update, str | Update, str | Update]:
    """A token's alternatives, once it has been judged; it becomes the one to draw from."""
    tokens, read = held
    found = [token for token in tokens if token.place == index]
    if read is None or not found:
        return gr.skip(), gr.skip(), gr.skip()
    return index + 1, draw.shaded(read, tokens, index), details_of(weights, found[0])


@handler()
def details_of(weights: Weights, token: Judged) -> str:
    """What else a token could have been."""
    return draw.alternatives(token, partial(shown_name, weights.engine()))


def shown_name(engine: LlamaEngine, candidate: Candidate) -> str:
    """A candidate as it is shown; control tokens by the engine's name for them."""
    return visible(candidate.piece) or named(engine, candidate.id)
