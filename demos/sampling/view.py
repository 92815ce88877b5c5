"""The tab: a prompt, guesses, the distribution reshaped live, greedy and beam search."""

from collections.abc import Iterator, Sequence

import gradio as gr
import numpy as np

from demos.sampling import QUESTIONS
from demos.sampling import figures as draw
from demos.sampling.beam import search
from demos.sampling.decoding import (
    LONGEST_SEARCH,
    WIDEST,
    draw_tokens,
    guess_token,
    name_of,
    reshaped,
    search_both,
)
from demos.sampling.distribution import Distribution, check, measure
from demos.sampling.run import PROMPT
from demos.shared import warp as warps
from demos.shared.panel import FAST, SLOW, Update, guide_links, handler, source_of, working
from demos.shared.warp import Warp
from demos.shared.warp_view import warp_sliders
from demos.shared.weights import Weights

FIRST = "Reveal the distribution first."
HEAD = 1000  # most probable tokens that are shown before all others have been read
PROMPTS = (PROMPT, "The capital of France is", "To be or not to be, that is the", "import numpy as")


def view(weights: Weights) -> gr.Textbox:
    """A prompt over three tabs; returns the prompt's box."""
    guide_links("How a probability for every token becomes one token.", QUESTIONS)
    box = gr.Textbox(PROMPT, label="Prompt", lines=1, max_lines=5, elem_id="sampling-prompt")
    gr.Examples([[text] for text in PROMPTS], box, label="Or try", api_visibility="private")
    with gr.Row():
        guess = gr.Textbox("", label="Your guess: the next word", max_length=40, min_width=140)
        size = gr.Number(
            None, label="… and how many tokens hold 90%", precision=0, minimum=0, min_width=140
        )
    button = gr.Button("Reveal", variant="primary")
    shown, said = gr.State(None), gr.HTML()
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Reshape and draw"):
            sliders, bars = reshape_tab(weights, shown)
        with gr.Tab("Greedy and beam search"):
            search_tab(weights, box)

    @handler(working("the tutor's model"), failed=[None, ""], meanwhile=[gr.skip()] * 2)
    def show(
        prompt: str, word: str, size: float | None, *values: float
    ) -> Iterator[tuple[str, Distribution | Update, str | Update]]:
        warp = warp_of(values)
        check(prompt)
        engine = weights.engine()
        head = measure(engine, prompt, HEAD)  # a tenth of a second instead of seconds
        best, total = name_of(engine, head, 0), engine.vocabulary()
        said = draw.revealed(head, best, guess_token(engine, head, word), size, total)
        plain = draw.token_bars(head, warp, np.exp(head.logprobs))
        yield said, gr.skip(), plain if warp == Warp() else gr.skip()
        distribution = measure(engine, prompt)
        guessed = guess_token(engine, distribution, word)
        said = draw.revealed(distribution, best, guessed, size, total)
        yield said, distribution, draw.bars(distribution, warp, reshaped(distribution, warp))

    gr.on(
        [button.click, box.submit, guess.submit],
        show,
        [box, guess, size, *sliders],
        [said, shown, bars],
        **SLOW,
    )
    return box


def reshape_tab(weights: Weights, shown: gr.State) -> tuple[list[gr.Slider], gr.HTML]:
    """Five settings over the distribution in `shown`, and seeded draws from the result."""
    with gr.Row():
        sliders = [
            *warp_sliders(),
            gr.Slider(1, 2, 1, step=0.05, label="Repetition penalty", min_width=220),
        ]
    bars = gr.HTML(FIRST)
    with gr.Row(equal_height=True):
        seed = gr.Number(0, label="Seed", precision=0, min_width=100)
        button = gr.Button("Draw ten", min_width=140)
    drawn = gr.HTML()

    def change(distribution: Distribution | None, *values: float) -> str | Update:
        if distribution is None:
            return gr.skip()
        warp = warp_of(values)
        return draw.bars(distribution, warp, reshaped(distribution, warp))

    @handler()
    def sample(distribution: Distribution | None, seed: float | None, *values: float) -> str:
        if distribution is None:
            return FIRST
        probabilities = reshaped(distribution, warp_of(values))
        number = int(seed or 0)
        tokens = draw_tokens(weights.engine(), distribution, probabilities, 10, number)
        return draw.draws(tokens, number)

    gr.on([slider.change for slider in sliders], change, [shown, *sliders], bars, **FAST)
    button.click(sample, [shown, seed, *sliders], drawn, **SLOW)
    source_of(
        warps.reshape,
        warps.repetition_penalty,
        warps.temperature,
        warps.top_k,
        warps.top_p,
        warps.min_p,
    )
    return sliders, bars


def warp_of(values: Sequence[float]) -> Warp:
    """The sliders' values as settings."""
    temperature, top_k, top_p, min_p, penalty = values
    return Warp(temperature, int(top_k), top_p, min_p, penalty)


def search_tab(weights: Weights, box: gr.Textbox) -> None:
    """Greedy and beam search from the prompt as a tree."""
    with gr.Row():
        width = gr.Slider(2, WIDEST, 3, step=1, label="Beams", min_width=140)
        steps = gr.Slider(1, LONGEST_SEARCH, 4, step=1, label="Tokens", min_width=140)
    button = gr.Button("Search", variant="primary")
    said = gr.HTML()

    @handler(working("the tutor's model"))
    def show(prompt: str, width: float, steps: float) -> str:
        engine = weights.engine()
        tokens = [token for token, _ in engine.tokenize(check(prompt))]
        return draw.describe_search(search_both(engine, tokens, int(width), int(steps)))

    button.click(show, [box, width, steps], said, **SLOW)
    source_of(search)
