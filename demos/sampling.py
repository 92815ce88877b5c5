"""The next token of the tutor's own model: its distribution, reshaped live, drawn and searched.

    python -m demos.sampling
    python -m demos.sampling --prompt "Once upon a" --temperature 1.5 --top-p 0.9 --seed 7

After "Once upon a time there was a" the default model gives " magical" 0.168 and 90% to 83 tokens;
at temperature 2 the entropy rises from 5.9 to 13.6 bits. Greedy search goes on " magical kingdom
where the", 0.0014; three beams find " young girl named Lily", 0.0215.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from demos import decoding_figures as draw
from demos import warp as warps
from demos.beam import search
from demos.decoding import (
    LONGEST_SEARCH,
    WIDEST,
    Searched,
    draw_tokens,
    guess_token,
    name_of,
    nucleus,
    reshaped,
    search_both,
)
from demos.distribution import Distribution, check, measure
from demos.panel import LIGHT, SLOW, guide_links, problem, source_of, working
from demos.spans import visible
from demos.warp import Array, Warp
from demos.weights import Weights, open_weights
from tutor.errors import TutorError

TITLE = "Sampling"
QUESTIONS = (5, 6, 12)
PROMPT = "Once upon a time there was a"
FIRST = "Reveal the distribution first."
HEAD = 1000  # most probable tokens that are shown before all others have been read
PROMPTS = (PROMPT, "The capital of France is", "To be or not to be, that is the", "import numpy as")


@dataclass(frozen=True)
class Sampled:
    """All the demo shows: the distribution, the settings, the probabilities after them in the same
    order, the tokens drawn, and both searches."""

    distribution: Distribution
    warp: Warp
    probabilities: Array
    drawn: tuple[str, ...]
    searched: Searched


def run(
    prompt: str = PROMPT,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    min_p: float = 0.0,
    repetition_penalty: float = 1.0,
    draws: int = 10,
    seed: int = 0,
    width: int = 3,
    steps: int = 4,
    weights: Weights | None = None,
) -> Sampled:
    """Measure, reshape, draw and search. Raises InputError for values out of range."""
    warp = Warp(temperature, top_k, top_p, min_p, repetition_penalty)
    check(prompt)
    engine = (weights or open_weights()).engine()
    distribution = measure(engine, prompt)
    probabilities = reshaped(distribution, warp)
    drawn = draw_tokens(engine, distribution, probabilities, draws, seed)
    searched = search_both(engine, distribution.prompt, width, steps)
    return Sampled(distribution, warp, probabilities, drawn, searched)


def view(weights: Weights) -> Any:
    """A prompt over three tabs; returns the prompt's box."""
    import gradio as gr

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

    def show(prompt: str, word: str, size: float | None, *values: float) -> Iterator[Any]:
        yield gr.skip(), working("the tutor's model"), gr.skip()
        try:
            warp = warp_of(values)
            check(prompt)
            engine = weights.engine()
            head = measure(engine, prompt, HEAD)  # a tenth of a second instead of seconds
            best, total = name_of(engine, head, 0), engine.vocabulary()
            said = draw.revealed(head, best, guess_token(engine, head, word), size, total)
            plain = draw.bar_table(head, warp, np.exp(head.logprobs))
            yield gr.skip(), said, plain if warp == Warp() else gr.skip()
            distribution = measure(engine, prompt)
            guessed = guess_token(engine, distribution, word)
        except TutorError as error:
            yield None, problem(error), ""
            return
        yield (
            distribution,
            draw.revealed(distribution, best, guessed, size, total),
            draw.bars(distribution, warp, reshaped(distribution, warp)),
        )

    gr.on([button.click, box.submit, guess.submit], show, [box, guess, size, *sliders],
          [shown, said, bars], **SLOW)  # fmt: skip
    return box


def reshape_tab(weights: Weights, shown: Any) -> tuple[list[Any], Any]:
    """Five settings over the distribution in `shown`, and seeded draws from the result."""
    import gradio as gr

    with gr.Row():
        sliders: list[Any] = [
            gr.Slider(0, 2, 1, step=0.05, label="Temperature", min_width=220),
            gr.Slider(0, 100, 0, step=1, label="Top-k (0: off)", min_width=220),
            gr.Slider(0.05, 1, 1, step=0.01, label="Top-p", min_width=220),
            gr.Slider(0, 0.5, 0, step=0.01, label="Min-p", min_width=220),
            gr.Slider(1, 2, 1, step=0.05, label="Repetition penalty", min_width=220),
        ]
    bars = gr.HTML(FIRST)
    with gr.Row(equal_height=True):
        seed = gr.Number(0, label="Seed", precision=0, min_width=100)
        button = gr.Button("Draw ten", min_width=140)
    drawn = gr.HTML()

    def change(distribution: Distribution | None, *values: float) -> Any:
        if distribution is None:
            return gr.skip()
        warp = warp_of(values)
        return draw.bars(distribution, warp, reshaped(distribution, warp))

    def sample(distribution: Distribution | None, seed: float | None, *values: float) -> str:
        if distribution is None:
            return FIRST
        try:
            probabilities = reshaped(distribution, warp_of(values))
            number = int(seed or 0)
            tokens = draw_tokens(weights.engine(), distribution, probabilities, 10, number)
            return draw.draws(tokens, number)
        except TutorError as error:
            return problem(error)

    gr.on([slider.change for slider in sliders], change, [shown, *sliders], bars,
          trigger_mode="always_last", **LIGHT)  # fmt: skip
    button.click(sample, [shown, seed, *sliders], drawn, **SLOW)
    source_of(warps.reshape, warps.repetition_penalty, warps.temperature, warps.top_k, warps.top_p,
              warps.min_p)  # fmt: skip
    return sliders, bars


def warp_of(values: Sequence[float]) -> Warp:
    """The sliders' values as settings."""
    temperature, top_k, top_p, min_p, penalty = values
    return Warp(temperature, int(top_k), top_p, min_p, penalty)


def search_tab(weights: Weights, box: Any) -> None:
    """Greedy and beam search from the prompt as a tree."""
    import gradio as gr

    with gr.Row():
        width = gr.Slider(2, WIDEST, 3, step=1, label="Beams", min_width=140)
        steps = gr.Slider(1, LONGEST_SEARCH, 4, step=1, label="Tokens", min_width=140)
    button = gr.Button("Search", variant="primary")
    said = gr.HTML()

    def show(prompt: str, width: float, steps: float) -> Iterator[str]:
        yield working("the tutor's model")
        try:
            engine = weights.engine()
            tokens = [token for token, _ in engine.tokenize(check(prompt))]
            searched = search_both(engine, tokens, int(width), int(steps))
            yield draw.describe_search(searched)
        except TutorError as error:
            yield problem(error)

    button.click(show, [box, width, steps], said, **SLOW)
    source_of(search)


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m demos.sampling", description=TITLE)
    parser.add_argument("--prompt", default=PROMPT, help="beginning of a text")
    parser.add_argument("--temperature", type=float, default=1.0, help="0 is greedy, 1 the model's")
    parser.add_argument("--top-k", type=int, default=0, help="keep the k most probable; 0 is off")
    parser.add_argument("--top-p", type=float, default=1.0, help="keep the nucleus of this mass")
    parser.add_argument("--min-p", type=float, default=0.0, help="keep this share of the best")
    parser.add_argument("--repetition-penalty", type=float, default=1.0, help="1 is off")
    parser.add_argument("--draws", type=int, default=10, help="tokens to draw")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws")
    parser.add_argument("--width", type=int, default=3, help="beams, 2 to 4")
    parser.add_argument("--steps", type=int, default=4, help="tokens to search, 1 to 6")
    args = parser.parse_args(argv)
    try:
        print_result(run(**vars(args)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def print_result(result: Sampled) -> None:
    """Everything as lines of text."""
    distribution, after = result.distribution, result.probabilities
    before = np.exp(distribution.logprobs)
    print(f"{len(before):,} tokens could come next; 90% of it lies in {nucleus(distribution):,}.")
    print(f"{'token':16}{'logit':>8}{'model':>10}{'after':>10}   {result.warp}")
    for place in draw.places(after)[:12]:
        name = visible(distribution.pieces[place]) or "[control]"
        numbers = f"{distribution.logits[place]:8.2f}{before[place]:10.4f}{after[place]:10.4f}"
        print(f"{name:16}{numbers}")
    bits = warps.entropy(before), warps.entropy(after)
    print(f"entropy {bits[0]:.2f} -> {bits[1]:.2f} bits, {int((after > 0).sum()):,} tokens left")
    print(f"drawn: {' | '.join(result.drawn)}")
    for kind, found in (("greedy", result.searched.greedy), ("beam", result.searched.beam)):
        best = found.best
        text = result.searched.text(found)
        print(f"{kind:6} ({found.width}): {text!r}  {best.probability:.4f}  score {best.score:.3f}")


if __name__ == "__main__":
    sys.exit(main())
