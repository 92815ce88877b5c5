"""The tab: a sentence, a guess, all heads at a glance, one head step by step."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import gradio as gr

from demos.attention import QUESTIONS
from demos.attention.figures import MEASURES, STEPS, draw, read_line, reveal, spread_table
from demos.attention.forward import Attention, Pass, Place, recompute
from demos.attention.run import MODELS, TEXT, run
from demos.attention.sinks import strongest, visible
from demos.shared.arrays import entropy, softmax
from demos.shared.grids import PICK, picked
from demos.shared.head import attend
from demos.shared.markup import sentence
from demos.shared.panel import FAST, SLOW, guide_links, handler, source_of, working
from demos.shared.style import TABLES
from demos.shared.token_ids import MAX_CHARACTERS
from demos.shared.weights import Weights


def view(weights: Weights) -> gr.Textbox:
    """A sentence, a guess, all heads, one head step by step; returns the text box."""
    guide_links(
        "Your sentence in every head of two real models, and one head step by step.", QUESTIONS
    )
    text = gr.Textbox(TEXT, label="Your sentence", max_length=MAX_CHARACTERS, max_lines=3)
    model = gr.Radio([(name, key) for key, name in MODELS.items()], value="smollm2", label="Model")
    button = gr.Button("Look", variant="primary")
    status = gr.HTML()
    seen = gr.State(None)
    with gr.Column(visible=False) as results:
        with gr.Row():
            query = gr.Dropdown([], label="Token that looks (query)", min_width=120)
            guess = gr.Dropdown(
                [], label="Predict: all heads averaged, it looks most at", min_width=120
            )
        answer = gr.Button("Reveal")
        answered = gr.HTML(css_template=TABLES)
        measure = gr.Dropdown(
            [(name, key) for key, name in MEASURES.items()],
            value="entropy",
            label="All heads at a glance",
        )
        overview = gr.HTML(css_template=TABLES, js_on_load=PICK)
        with gr.Row():
            layer = gr.Slider(1, 30, step=1, label="Layer", min_width=140)
            head = gr.Slider(1, 9, step=1, label="Head", min_width=140)
        step = gr.Radio(list(STEPS), value=STEPS[3], type="index", label="One head, step by step")
        picture = gr.HTML(css_template=TABLES, js_on_load=PICK)
        row = gr.HTML(css_template=TABLES)
        with gr.Accordion("What √d does", open=False):
            scaling = gr.HTML(css_template=TABLES)
            gr.HTML(spread_table(), css_template=TABLES)
    source_of(attend, softmax, entropy)

    def choose_head(event: gr.EventData, passed: Pass, layer: int, head: int, *rest: Any) -> Any:
        head, layer = picked(event, passed.heads, passed.layers)
        return layer + 1, head + 1, *redraw(passed, layer + 1, head + 1, *rest)

    def choose_query(event: gr.EventData, passed: Pass, *rest: Any) -> Any:
        query, _ = picked(event, len(passed.tokens), len(passed.tokens))
        layer, head, _, *shown = rest
        return query, *ask_again(passed, layer, head, query, *shown)

    pictures = [overview, picture, row, scaling]
    inputs = [seen, layer, head, query, step, measure]
    gr.on(
        [button.click, text.submit, model.input],
        partial(read, weights),
        [text, model, step, measure],
        [status, results, seen, layer, head, query, guess, answered, *pictures],
        **SLOW,
    )
    gr.on([layer.input, head.input, step.input, measure.input], redraw, inputs, pictures, **FAST)
    query.input(ask_again, inputs, [guess, answered, *pictures], **FAST)
    overview.click(choose_head, inputs, [layer, head, *pictures], **FAST)
    picture.click(choose_query, inputs, [query, guess, answered, *pictures], **FAST)
    answer.click(answer_guess, [guess, *inputs], [answered, layer, head, *pictures], **FAST)
    return text


@handler(working("your sentence"), failed=[gr.skip()] * 11)
def read(weights: Weights, text: str, model: str, step: int, measure: str) -> list[Any]:
    """Run a model over the sentence and fill everything."""
    found = run(text, model, weights=weights)
    return [read_line(found.seen), gr.Column(visible=True), *filled(found, step, measure)]


def filled(found: Attention, step: int, measure: str) -> list[Any]:
    """What the controls offer for a text that was read, no answer yet, and its pictures."""
    seen, at = found.seen, found.at
    return [
        seen,
        gr.Slider(maximum=seen.layers, value=at.layer + 1),
        gr.Slider(maximum=seen.heads, value=at.head + 1),
        gr.Dropdown(choices(seen, range(len(seen.tokens))), value=at.query),
        gr.Dropdown(choices(seen, visible(seen, at.query)), value=None),
        "",
        *draw(found, step, measure),
    ]


def redraw(seen: Pass, layer: int, head: int, query: int, step: int, measure: str) -> list[str]:
    """The pictures for another layer, head, query, step or measure; no model runs."""
    return draw(recompute(seen, Place(layer - 1, head - 1, query)), step, measure)


def ask_again(
    seen: Pass, layer: int, head: int, query: int, step: int, measure: str
) -> tuple[Any, ...]:
    """A new query: the tokens it may look at to guess from, no answer yet, and its pictures."""
    guesses = gr.Dropdown(choices(seen, visible(seen, query)), value=None)
    return guesses, "", *redraw(seen, layer, head, query, step, measure)


def answer_guess(
    guess: int | None, seen: Pass, layer: int, head: int, query: int, step: int, measure: str
) -> tuple[Any, ...]:
    """The verdict on a guess, and the head that attends to the guessed token most."""
    if guess is None:
        said = sentence("Choose a token first.")
        return said, layer, head, *redraw(seen, layer, head, query, step, measure)
    best, keenest, _ = strongest(seen, query).best[guess]
    shown = redraw(seen, best + 1, keenest + 1, query, step, measure)
    return reveal(seen, query, guess), best + 1, keenest + 1, *shown


def choices(seen: Pass, positions: Sequence[int]) -> list[tuple[str, int]]:
    """Tokens to choose from, each with its place in the text."""
    return [(f"{position + 1}  {seen.tokens[position]}", position) for position in positions]
