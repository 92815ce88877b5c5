"""The tab: an answer, its tokens as the model saw them coming, and another end of it."""

from functools import partial
from typing import Any

import gradio as gr

from demos.shared.panel import LIGHT, SLOW, guide_links, source_of
from demos.shared.weights import Weights
from demos.xray import QUESTIONS
from demos.xray.answer_view import EMPTY, Held, ask_first, ask_or_look, choose
from demos.xray.figures import PICK
from demos.xray.redraw_view import resample_part
from demos.xray.run import BUDGET, QUESTION
from demos.xray.scoring import MOST_JUDGED, judge_tokens, judged, resample


def view(weights: Weights) -> tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Number]:
    """Question, answer, judged tokens, and a new end.

    Returns the components of an `Answer` in its order, to be filled from a reply.
    """
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

    def select(held: Held, event: gr.SelectData) -> tuple[Any, ...]:
        return choose(weights, held, int(event.index))

    outputs, how = [said, tokens, shown, place, *answer], [note, budget, guess]
    asking = ask.click(partial(ask_first, weights), [question, *how], outputs, **SLOW)
    looking = look.click(partial(ask_or_look, weights), [*answer, *how], outputs, **SLOW)
    tokens.select(select, shown, [place, tokens, details], **SLOW)
    drawing = resample_part(weights, shown, place)
    stop.click(None, cancels=[asking, looking, drawing], **LIGHT)
    source_of(judge_tokens, judged, resample)
    return question, lead, continuation, number
