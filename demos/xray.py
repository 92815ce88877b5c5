"""An answer of the tutor's under the glass: how probable the model found every token of it.

    python -m demos.xray
    python -m demos.xray --question "What is LoRA?" --bare --temperature 1.2 --seed 3

The model finds most words of the authored lead easy to foresee, because its study note says the
same: on the default question their perplexity is near 1, and above 10 when the note is left out.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from demos.answers import Answer, ask_tutor, guide_of
from demos.panel import LIGHT, SLOW, guide_links, source_of
from demos.scoring import (
    MOST_JUDGED,
    Judged,
    Read,
    check_question,
    judge_tokens,
    judged,
    parting,
    perplexity,
    read_answer,
    resample,
)
from demos.scoring_figures import PICK
from demos.spans import visible
from demos.warp import Warp
from demos.weights import Weights, open_weights
from demos.xray_events import EMPTY, Held, ask_first, choose, look_into, resample_part
from tutor.errors import TutorError

TITLE = "X-ray this answer"
QUESTIONS = (6, 12, 25, 36)
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


def view(weights: Weights) -> tuple[Any, Any, Any, Any]:
    """Question, answer, judged tokens, and a new end.

    Returns the components of an `Answer` in its order, to be filled from a reply by `answer_of`.
    """
    import gradio as gr

    guide_links(
        "Each token of an answer as the tutor's model saw it coming. Its own part it chose among "
        "the guide's sentences; a surprise there means it had other words in mind.",
        QUESTIONS,
    )
    question = gr.Textbox(QUESTION, label="Question", max_lines=4, elem_id="xray-question")
    with gr.Accordion("The answer's text", open=False):
        lead = gr.Textbox("", label="Authored", lines=2, max_lines=8)
        continuation = gr.Textbox("", label="Added by the model", lines=2, max_lines=8)
        number = gr.Number(
            0, label="Guide question of the study note (0: none)", precision=0, minimum=0
        )
    guess = gr.Radio(
        [("The authored", "authored"), ("The added", "added")],
        label="Your guess: which part surprises the model more?",
    )
    with gr.Row():
        note = gr.Checkbox(True, label="With the study note, as in the chat", min_width=180)
        budget = gr.Slider(20, MOST_JUDGED, BUDGET, step=10, label="Tokens to judge", min_width=180)
    with gr.Row():
        ask = gr.Button("Ask the tutor", min_width=100)
        look = gr.Button("X-ray", variant="primary", min_width=100)
        stop = gr.Button("Stop", min_width=80)
    said = gr.HTML()
    tokens = gr.HTML(js_on_load=PICK)
    shown = gr.State(EMPTY)
    place = gr.Number(
        1, label="From token (click one)", precision=0, minimum=0, min_width=150, render=False
    )
    details = gr.HTML()
    answer = [question, lead, continuation, number]

    def select(held: Held, event: gr.SelectData) -> tuple[Any, Any, Any]:
        return choose(weights, held, int(event.index))

    outputs, how = [said, tokens, shown, place], [note, budget, guess]
    asking = ask.click(partial(ask_first, weights), [question, *how], [*answer, *outputs], **SLOW)
    looking = look.click(partial(look_into, weights), [*answer, *how], outputs, **SLOW)
    tokens.select(select, shown, [place, tokens, details], **SLOW)
    drawing = resample_part(weights, shown, place)
    stop.click(None, cancels=[asking, looking, drawing], **LIGHT)
    source_of(judge_tokens, judged, resample)
    return question, lead, continuation, number


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m demos.xray", description=TITLE)
    parser.add_argument("--question", default=QUESTION, help="what the tutor is asked")
    parser.add_argument("--lead", default="", help="authored text; by default the tutor answers")
    parser.add_argument("--continuation", default="", help="text that the model added to it")
    parser.add_argument("--number", type=int, default=0, help="guide question of the study note")
    parser.add_argument("--bare", dest="note", action="store_false", help="without the study note")
    parser.add_argument("--budget", type=int, default=BUDGET, help="tokens to judge, 1 to 240")
    parser.add_argument("--place", type=int, help="token to draw another end from, 0 is the first")
    parser.add_argument("--temperature", type=float, default=1.0, help="of the new end")
    parser.add_argument("--top-k", type=int, default=0, help="of the new end; 0 is off")
    parser.add_argument("--top-p", type=float, default=1.0, help="of the new end")
    parser.add_argument("--min-p", type=float, default=0.0, help="of the new end")
    parser.add_argument("--length", type=int, default=20, help="tokens of the new end, 1 to 60")
    parser.add_argument("--seed", type=int, default=0, help="seed of the new end")
    args = parser.parse_args(argv)
    try:
        print_result(run(**vars(args)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def print_result(result: XRay) -> None:
    """Everything as lines of text."""
    print(f"{result.answer.question}\n")
    for token in result.judged:
        others = " ".join(visible(c.piece) or "[control]" for c in token.best if c.id != token.id)
        part = "authored" if token.authored else "added"
        numbers = f"p {token.probability:7.4f}  entropy {token.bits:5.2f}"
        print(f"{token.place:4} {part:8} {visible(token.piece):16} {numbers}  not {others[:40]}")
    for part, authored in (("authored", True), ("added", False)):
        tokens = [token for token in result.judged if token.authored == authored]
        if tokens:
            print(f"{part}: {len(tokens)} tokens, perplexity {perplexity(tokens):.2f}")
    at = parting(result.read, result.place, result.again)
    text = b"".join(token.piece for token in result.again).decode("utf-8", "replace")
    parted = "the same" if at is None else f"other words after {at} tokens"
    print(f"Drawn anew from token {result.place}: {text!r} ({parted})")


if __name__ == "__main__":
    sys.exit(main())
