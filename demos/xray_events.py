"""What happens on the X-ray's tab: the tutor is asked, tokens are judged, chosen, drawn anew.

A visitor's X-ray lives in their own session: the judged tokens, and how the answer was read.
"""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from demos import scoring_figures as draw
from demos.answers import Answer, ask_tutor, guide_of
from demos.decoding import named
from demos.panel import SLOW, problem, working
from demos.scoring import (
    MOST_DRAWN,
    Judged,
    Read,
    check_question,
    judge_tokens,
    read_answer,
    resample,
)
from demos.spans import visible
from demos.warp import Warp
from demos.weights import Weights
from tutor.engine.llama import Candidate, LlamaEngine
from tutor.errors import TutorError

Held = tuple[tuple[Judged, ...], Read | None]
EMPTY: Held = ((), None)
PAUSE = 0.25  # seconds between two pictures while tokens are judged


def ask_first(
    weights: Weights, question: str, note: bool, budget: float, guess: str | None
) -> Iterator[tuple[Any, ...]]:
    """The tutor's answer into the boxes, then as `look_into`."""
    import gradio as gr

    same = [gr.skip()] * 4
    yield (*same, working("the tutor's answer"), "", EMPTY, 1)
    try:
        check_question(question, int(budget))
        answer, _ = ask_tutor(question, weights)
    except TutorError as error:
        yield (*same, problem(error), "", EMPTY, 1)
        return
    boxes = (answer.question, answer.lead, answer.continuation, answer.number)
    for outputs in look_into(weights, *boxes, note, budget, guess):
        yield (*boxes, *outputs)


def look_into(
    weights: Weights,
    question: str,
    lead: str,
    continuation: str,
    number: float | None,
    note: bool,
    budget: float,
    guess: str | None,
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Judge token after token and show how far it has come."""
    import gradio as gr

    yield working("the tutor's model"), "", EMPTY, 1
    tokens: list[Judged] = []
    last = 0.0
    try:
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
    except TutorError as error:
        yield problem(error), gr.skip(), gr.skip(), gr.skip()
        return
    yield told(), draw.shaded(read, tokens), (tuple(tokens), read), read.added + 1


def choose(weights: Weights, held: Held, index: int) -> tuple[Any, Any, Any]:
    """A token's alternatives, once it has been judged; it becomes the one to draw from."""
    import gradio as gr

    tokens, read = held
    found = [token for token in tokens if token.place == index]
    if read is None or not found:
        return gr.skip(), gr.skip(), gr.skip()
    try:
        details = draw.alternatives(found[0], partial(shown_name, weights.engine()))
    except TutorError as error:
        details = problem(error)
    return index + 1, draw.shaded(read, tokens, index), details


def shown_name(engine: LlamaEngine, candidate: Candidate) -> str:
    """A candidate as it is shown; control tokens by the engine's name for them."""
    return visible(candidate.piece) or named(engine, candidate.id)


def resample_part(weights: Weights, shown: Any, place: Any) -> Any:
    """Settings and a button that draws another end; returns its event."""
    import gradio as gr

    with gr.Accordion("Draw another end", open=True):
        with gr.Row():
            place.render()
            length = gr.Slider(5, MOST_DRAWN, 25, step=5, label="Tokens", min_width=150)
            seed = gr.Number(0, label="Seed", precision=0, min_width=100)
        with gr.Row():
            sliders = [
                gr.Slider(0, 2, 1, step=0.05, label="Temperature", min_width=220),
                gr.Slider(0, 100, 0, step=1, label="Top-k (0: off)", min_width=220),
                gr.Slider(0.05, 1, 1, step=0.01, label="Top-p", min_width=220),
                gr.Slider(0, 0.5, 0, step=0.01, label="Min-p", min_width=220),
            ]
        button = gr.Button("Draw from this token")
        said = gr.HTML()
    inputs = [shown, place, length, seed, *sliders]
    return button.click(partial(draw_end, weights), inputs, said, **SLOW)


def draw_end(
    weights: Weights,
    held: Held,
    place: float | None,
    length: float,
    seed: float | None,
    temperature: float,
    top_k: float,
    top_p: float,
    min_p: float,
) -> Iterator[str]:
    """The new end as it grows, beside the text's own."""
    _, read = held
    if read is None:
        yield "X-ray an answer first."
        return
    start, number = int(place or 1) - 1, int(seed or 0)
    again: list[Judged] = []
    settings = f"Temperature {temperature:g}, top-k {top_k:g}, top-p {top_p:g}, min-p {min_p:g}"
    settings += f", seed {number}."
    try:
        warp = Warp(temperature, int(top_k), top_p, min_p)
        for token in resample(weights.engine(), read, start, warp, number, int(length)):
            again.append(token)
            yield draw.diverged(read, start, again, settings)
        yield draw.diverged(read, start, again, settings)
    except TutorError as error:
        yield problem(error)
