"""Attention in two real models: every head's weights, and one head computed step by step.

    python -m demos.attention
    python -m demos.attention --model minilm --layer 1 --head 3
    python -m demos.attention --text "The keys to the old cabinet are on the table" --query 7

SmolLM2 (causal) reads "The cat drank the milk because it was thirsty". In layer 14, head 9, the
query of "it" times the key of "cat", summed over 64 components and divided by sqrt(64), becomes
after the softmax a weight of 0.75: the pronoun finds its noun. Averaged over all 270 heads,
though, most of its weight rests on the first token, an attention sink.
"""

import argparse
import html
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from demos import heads, worked
from demos.forward import (
    MAX_CHARACTERS,
    MAX_TOKENS,
    Attention,
    Pass,
    Place,
    checked_text,
    look,
    read_text,
)
from demos.grids import CSS, PICK, picked
from demos.panel import LIGHT, SLOW, guide_links, problem, source_of, working
from demos.sinks import reveal, strongest, visible
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Attention"
QUESTIONS = (2, 22, 23, 24, 32)
TEXT = "The cat drank the milk because it was thirsty"
MODELS = {"smollm2": "SmolLM2 (causal)", "minilm": "MiniLM (bidirectional)"}
# A head of each, counted from 1, in which a pronoun finds its noun.
TELLING = {"smollm2": (14, 9), "minilm": (6, 12)}
PRONOUNS = frozenset("it he she they him her them its his their".split())


def run(
    text: str = TEXT,
    model: str = "smollm2",
    layer: int | None = None,
    head: int | None = None,
    query: int | None = None,
    weights: Weights | None = None,
) -> Attention:
    """Read the text with `smollm2` or `minilm` and compute one head of it.

    Layer, head and query token count from 1, as on the page. Without layer and head: one in which
    a pronoun finds its noun; without a query: the last pronoun, or else the last token.
    InputError for an empty text or a choice that does not exist.
    """
    if model not in MODELS:
        raise InputError(f"There is no model {model!r} here. Choose one of: {', '.join(MODELS)}.")
    checked_text(text)  # before a model is loaded
    weights = weights or open_weights()
    seen = read_text(text, weights.smollm2() if model == "smollm2" else weights.minilm())
    telling = TELLING[model]
    at = Place(
        index("layer", min(telling[0], seen.layers) if layer is None else layer, seen.layers),
        index("head", min(telling[1], seen.heads) if head is None else head, seen.heads),
        asking(seen) if query is None else index("token", query, len(seen.tokens)),
    )
    return look(seen, at)


def index(what: str, number: int, most: int) -> int:
    """A number that counts from 1 as an index from 0; InputError if it does not exist."""
    if not 1 <= number <= most:
        raise InputError(f"There is no {what} {number} here. Choose a number from 1 to {most}.")
    return number - 1


def asking(seen: Pass) -> int:
    """The position of the last pronoun, or else of the text's last token."""
    found = [n for n, token in enumerate(seen.tokens) if token.strip("·").lower() in PRONOUNS]
    return found[-1] if found else seen.last


def view(weights: Weights) -> Any:
    """A sentence, a guess, all heads, one head step by step; returns the text box."""
    import gradio as gr

    guide_links("Your sentence in every head of two real models, and one head step by step.",
                QUESTIONS)  # fmt: skip
    text = gr.Textbox(TEXT, label="Your sentence", max_length=MAX_CHARACTERS, max_lines=3)
    model = gr.Radio([(name, key) for key, name in MODELS.items()], value="smollm2", label="Model")
    button = gr.Button("Look", variant="primary")
    status = gr.HTML()
    seen = gr.State(None)
    with gr.Column(visible=False) as results:
        with gr.Row():
            query = gr.Dropdown([], label="Token that looks (query)", min_width=120)
            guess = gr.Dropdown([], label="Predict: all heads averaged, it looks most at",
                                min_width=120)  # fmt: skip
        answer = gr.Button("Reveal")
        answered = gr.HTML(css_template=CSS)
        measure = gr.Dropdown([(name, key) for key, name in worked.MEASURES.items()],
                              value="entropy", label="All heads at a glance")  # fmt: skip
        overview = gr.HTML(css_template=CSS, js_on_load=PICK)
        with gr.Row():
            layer = gr.Slider(1, 30, step=1, label="Layer", min_width=140)
            head = gr.Slider(1, 9, step=1, label="Head", min_width=140)
        step = gr.Radio(list(worked.STEPS), value=worked.STEPS[3], type="index",
                        label="One head, step by step")  # fmt: skip
        picture = gr.HTML(css_template=CSS, js_on_load=PICK)
        row = gr.HTML(css_template=CSS)
        with gr.Accordion("What √d does", open=False):
            scaling = gr.HTML(css_template=CSS)
            gr.HTML(worked.spread_table(), css_template=CSS)
    source_of(heads.attend, heads.softmax, heads.entropy)

    def choose_head(event: gr.EventData, passed: Pass, layer: int, head: int, *rest: Any) -> Any:
        head, layer = picked(event, passed.heads, passed.layers)
        return layer + 1, head + 1, *redraw(passed, layer + 1, head + 1, *rest)

    def choose_query(event: gr.EventData, passed: Pass, *rest: Any) -> Any:
        query, _ = picked(event, len(passed.tokens), len(passed.tokens))
        layer, head, _, *shown = rest
        return query, *ask_again(passed, layer, head, query, *shown)

    pictures = [overview, picture, row, scaling]
    inputs = [seen, layer, head, query, step, measure]
    fast = {**LIGHT, "trigger_mode": "always_last"}
    gr.on([button.click, text.submit, model.input], reader(weights), [text, model, step, measure],
          [status, results, seen, layer, head, query, guess, answered, *pictures],
          **SLOW)  # fmt: skip
    gr.on([layer.input, head.input, step.input, measure.input], redraw, inputs, pictures, **fast)
    query.input(ask_again, inputs, [guess, answered, *pictures], **fast)
    overview.click(choose_head, inputs, [layer, head, *pictures], **fast)
    picture.click(choose_query, inputs, [query, guess, answered, *pictures], **fast)
    answer.click(answer_guess, [guess, *inputs], [answered, layer, head, *pictures], **fast)
    return text


def reader(weights: Weights) -> Callable[..., Iterator[list[Any]]]:
    """The handler that runs a model over the sentence and fills everything."""

    def read(text: str, model: str, step: int, measure: str) -> Iterator[list[Any]]:
        import gradio as gr

        unchanged = [gr.skip()] * 11
        yield [working("your sentence"), *unchanged]
        try:
            found = run(text, model, weights=weights)
        except TutorError as error:
            yield [problem(error), *unchanged]
            return
        seen, at = found.seen, found.at
        everyone = choices(seen, range(len(seen.tokens)))
        yield [
            read_line(seen),
            gr.Column(visible=True),
            seen,
            gr.Slider(maximum=seen.layers, value=at.layer + 1),
            gr.Slider(maximum=seen.heads, value=at.head + 1),
            gr.Dropdown(everyone, value=at.query),
            gr.Dropdown(choices(seen, visible(seen, at.query)), value=None),
            "",
            *draw(found, step, measure),
        ]

    return read


def redraw(seen: Pass, layer: int, head: int, query: int, step: int, measure: str) -> list[str]:
    """The pictures for another layer, head, query, step or measure; no model runs."""
    return draw(look(seen, Place(layer - 1, head - 1, query)), step, measure)


def ask_again(
    seen: Pass, layer: int, head: int, query: int, step: int, measure: str
) -> tuple[Any, ...]:
    """A new query: the tokens it may look at to guess from, no answer yet, and its pictures."""
    import gradio as gr

    guesses = gr.Dropdown(choices(seen, visible(seen, query)), value=None)
    return guesses, "", *redraw(seen, layer, head, query, step, measure)


def answer_guess(
    guess: int | None, seen: Pass, layer: int, head: int, query: int, step: int, measure: str
) -> tuple[Any, ...]:
    """The verdict on a guess, and the head that attends to the guessed token most."""
    if guess is None:
        said = '<p class="said">Choose a token first.</p>'
        return said, layer, head, *redraw(seen, layer, head, query, step, measure)
    best, keenest, _ = strongest(seen, query).best[guess]
    shown = redraw(seen, best + 1, keenest + 1, query, step, measure)
    return reveal(seen, query, guess), best + 1, keenest + 1, *shown


def choices(seen: Pass, positions: Sequence[int]) -> list[tuple[str, int]]:
    """Tokens to choose from, each with its place in the text."""
    return [(f"{position + 1}  {seen.tokens[position]}", position) for position in positions]


def read_line(seen: Pass) -> str:
    """What was read, and politely what was not."""
    cut = f" Only the first {MAX_TOKENS} tokens were read, so that the picture fits." * seen.cut
    looks = "only at itself and the past" if seen.causal else "at the whole sentence"
    return (
        f'<p role="status">{html.escape(seen.model)} read {len(seen.tokens)} tokens; each looks '
        f"{looks}.{cut}{' A · is a space.' * seen.causal}</p>"
    )


def draw(found: Attention, step: int, measure: str) -> list[str]:
    """The four pictures: all heads, the chosen head at one step, its row, and the scaling."""
    words = html.escape(f"{worked.describe(found)} {worked.origin(found)}")
    return [
        worked.head_map(found, measure),
        f'{worked.step_grid(found, step)}<p class="said">{words}</p>',
        worked.row_table(found),
        worked.scaling_table(found),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.attention",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--text", default=TEXT, help=f"at most {MAX_TOKENS} tokens are read")
    parser.add_argument("--model", default="smollm2", choices=list(MODELS))
    parser.add_argument("--layer", type=int, help="from 1; SmolLM2 has 30, MiniLM 6")
    parser.add_argument("--head", type=int, help="from 1; SmolLM2 has 9, MiniLM 12")
    parser.add_argument("--query", type=int, help="the token that looks, from 1")
    chosen = parser.parse_args(argv)
    try:
        found = run(chosen.text, chosen.model, chosen.layer, chosen.head, chosen.query)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    print(worked.report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
