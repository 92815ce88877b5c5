"""The four tabs of the architecture demo: positions, depth, sequence, masks.

A tab wires its controls to the functions that compute, and puts their numbers into words.
"""

import html
from collections.abc import Iterator
from typing import Any

import numpy as np

from demos import curves, depth, masks, positions, recurrence
from demos.depth import ACTIVATIONS
from demos.forward import checked_text
from demos.grids import CSS, grid, sums, written
from demos.masks import MOST_WORDS, Mask
from demos.panel import LIGHT, SLOW, plot_of, problem, source_of, working
from demos.positions import SMOLLM2_BASE, SMOLLM2_WIDTH
from demos.weights import Weights
from tutor.errors import TutorError

FAST = {**LIGHT, "trigger_mode": "always_last"}
STARTS = (0, 1, 10, 100, 1000)


def positions_tab() -> None:
    """Sine waves, a rotated pair, and the product that keeps its value along the text."""
    import gradio as gr

    with gr.Row():
        length = gr.Slider(8, 128, 64, step=8, label="Positions", min_width=140)
        width = gr.Slider(4, 128, 64, step=4, label="Components", min_width=140)
    waves = plot_of(
        "Sinusoids, position by component", curves.wave_map(positions.sinusoids(64, 64))
    )
    said = gr.HTML(waves_said(64, 64), css_template=CSS)
    gr.Markdown("**RoPE**, with SmolLM2's 32 pairs: turned by position × frequency.")
    with gr.Row():
        query_at = gr.Slider(0, 200, 12, step=1, label="Query at", min_width=150)
        key_at = gr.Slider(0, 200, 10, step=1, label="Key at", min_width=150)
        pair = gr.Slider(1, SMOLLM2_WIDTH // 2, 5, step=1, label="Pair", min_width=150)
    circle = plot_of("One pair of query and key, turned", curves.turned_pair(*pair_of(12, 10, 5)))
    turned_said = gr.HTML(rotation_said(12, 10, 5), css_template=CSS)
    guess = gr.Radio(
        ["smaller", "the same", "larger"],
        label="Predict: a random query and key move 1000 tokens on together. Their product is then",
    )
    answer = gr.HTML(css_template=CSS)
    decay_words = gr.HTML(decay_said(2), css_template=CSS)
    falling = plot_of(
        "Product against distance under RoPE", curves.decay_curve(positions.decay(), 2)
    )
    gr.HTML(shuffle_said(), css_template=CSS)
    source_of(positions.sinusoids, positions.rotate, positions.offset_products)

    def wave(length: int, width: int) -> tuple[Any, str]:
        return curves.wave_map(positions.sinusoids(length, width)), waves_said(length, width)

    def turn(query_at: int, key_at: int, pair: int) -> tuple[Any, ...]:
        distance = abs(query_at - key_at)
        return (
            curves.turned_pair(*pair_of(query_at, key_at, pair)),
            rotation_said(query_at, key_at, pair),
            decay_said(distance),
            curves.decay_curve(positions.decay(), distance),
            None,
            "",
        )

    gr.on([length.input, width.input], wave, [length, width], [waves, said], **FAST)
    gr.on([query_at.input, key_at.input, pair.input], turn, [query_at, key_at, pair],
          [circle, turned_said, decay_words, falling, guess, answer], **FAST)  # fmt: skip
    guess.input(offsets_said, [query_at, key_at, guess], answer, **FAST)


def pair_of(query_at: int, key_at: int, pair: int) -> tuple[Any, Any]:
    """A pair counted from 1, after its rotations: query and key."""
    found = positions.turned(pair - 1, query_at, key_at)
    return found.query, found.key


def waves_said(length: int, width: int) -> str:
    """The heat map in words: two rows of it, fastest and slowest wave."""
    table = positions.sinusoids(length, width)
    first = ", ".join(written(number, 3) for number in table[1, :4])
    slowest = 2 * np.pi / positions.frequencies(width)[-1]
    return (
        f'<p class="said">Sinusoidal encoding: position 1 begins {first}. The first pair repeats '
        f"after 6.28 tokens, the last after {slowest:,.0f}. The row is added to the token’s "
        "embedding.</p>"
    )


def rotation_said(query_at: int, key_at: int, pair: int) -> str:
    """One pair's rotation in numbers."""
    found = positions.turned(pair - 1, query_at, key_at)
    offset = query_at - key_at
    ends = [f"({written(x, 3)}, {written(y, 3)})" for x, y in (found.query, found.key)]
    return (
        f'<p class="said">Pair {pair} turns {found.radians:.3g} radians a token, once round in '
        f"{found.round_trip:,.0f}. Starting from (1, 0), the query becomes {ends[0]}, the key "
        f"{ends[1]}. Their product is {written(found.product, 3)} = cos({offset} × "
        f"{found.radians:.3g}): it depends on the offset {offset} only. Pair 1 is the fastest, 32 "
        f"the slowest (base {SMOLLM2_BASE:,.0f}).</p>"
    )


def offsets_said(query_at: int, key_at: int, guess: str) -> str:
    """Whole vectors of 64 components at the same offset in five places, after a guess."""
    offset = query_at - key_at
    starts = [start + max(-offset, 0) for start in STARTS]  # no position below 0
    same = positions.offset_products(offset, starts)
    other = positions.offset_products(offset + 1, starts)
    lines = [
        [str(a.key_at), str(a.query_at), written(a.product, 6), written(b.product, 6)]
        for a, b in zip(same, other, strict=True)
    ]
    right = "Right" if guess == "the same" else "No"
    return (
        f'<p class="said" role="status">{right}: it is the same. The rotations at both places '
        f"differ, but their difference does not; one token more of offset gives another product."
        f"</p>{sums(['key at', 'query at', 'q·k', f'q·k at offset {offset + 1}'], lines)}"
    )


def decay_said(distance: int) -> str:
    """The falling curve in words."""
    curve = positions.decay()
    points = ", ".join(f"{curve[place]:.2f} at {place}" for place in (1, 10, 100, 256))
    return (
        '<p class="said">A query and a key that agree in every pair have the product 1 at distance '
        f"0; with RoPE it falls to {points}. At your distance {distance}: {curve[distance]:.2f}. "
        "Near tokens have an advantage.</p>"
    )


def shuffle_said() -> str:
    """What a reversed text does to attention's outputs."""
    found = positions.shuffle()
    return (
        '<p class="said">Why positions are needed: six random tokens in reversed order. Largest '
        f"change of any token’s attention output: {found.without:.0e} without positions, "
        f"{found.sinusoidal:.2f} with sine waves, {found.rotary:.2f} with RoPE.</p>"
    )


def depth_tab(weights: Weights, box: Any) -> None:
    """Gradient norms through stacks of untrained blocks, and through SmolLM2's trained ones.

    The trained blocks read the sentence in `box`.
    """
    import gradio as gr

    with gr.Row():
        blocks = gr.Slider(4, 48, 24, step=4, label="Blocks", min_width=150)
        gain = gr.Slider(0.5, 1.5, 1.0, step=0.1, label="Weight size", min_width=150)
        bend = gr.Dropdown(list(ACTIVATIONS), value="gelu", label="Activation", min_width=150)
    guess = gr.Radio(
        ["about all of it", "a thousandth", "less than a millionth"],
        label="Predict: 24 plain blocks, GELU, size 1. What is left of the gradient at the first?",
    )
    measure = gr.Button("Measure", variant="primary")
    said, plot = gr.HTML(css_template=CSS), plot_of("Gradient norm at each depth", visible=False)
    real = gr.Button("Trace SmolLM2’s 30 trained blocks")
    real_said = gr.HTML(css_template=CSS)
    real_plot = plot_of("Gradient norm in SmolLM2's blocks", visible=False)
    source_of(depth.gradient_norms, depth.join, depth.normalized)

    def show(blocks: int, gain: float, bend: str, guess: str | None) -> tuple[str, Any]:
        stacks = depth.depths(blocks, gain, bend)
        words = html.escape(depth.describe(stacks))
        if guess and (blocks, gain, bend) == (24, 1.0, "gelu"):
            right = "Right" if guess.startswith("less") else "Less"
            words = f"{right}: {stacks[0].kept:.2g} is left without residuals. {words}"
        return f'<p class="said" role="status">{words}</p>', gr.Plot(
            curves.depth_curves(stacks), visible=True
        )

    def trace(text: str) -> Iterator[tuple[Any, Any]]:
        yield working("your sentence with SmolLM2"), gr.skip()
        try:
            checked_text(text)
            found = depth.trained_norms(text, weights.smollm2())
        except TutorError as error:
            yield problem(error), gr.skip()
            return
        words = html.escape(depth.describe_trained(found, text))
        drawn = gr.Plot(curves.depth_curves([found]), visible=True)
        yield f'<p class="said" role="status">{words}</p>', drawn

    inputs = [blocks, gain, bend, guess]
    gr.on([measure.click, blocks.release, gain.release, bend.input], show, inputs, [said, plot],
          **SLOW)  # fmt: skip
    real.click(trace, box, [real_said, real_plot], **SLOW)


def sequence_tab() -> None:
    """Gradients along a sequence: four nets, and what a layer of each kind costs."""
    import gradio as gr

    with gr.Row():
        length = gr.Slider(8, 128, 64, step=8, label="Tokens", min_width=140)
        factor = gr.Slider(0.5, 1.1, 0.9, step=0.05, label="Kept per recurrent step", min_width=140)
    guess = gr.Radio(
        ["a half", "a twentieth", "less than a hundredth"],
        label="Predict: 0.9 is kept per step. What is left of a gradient after 50 steps?",
    )
    measure = gr.Button("Measure", variant="primary")
    said, plot = gr.HTML(css_template=CSS), plot_of("Gradient norm against distance", visible=False)
    gr.HTML(costs_said(), css_template=CSS)
    source_of(recurrence.reaches, recurrence.linear, recurrence.attention)

    def show(length: int, factor: float, guess: str | None) -> tuple[str, Any]:
        nets = recurrence.reaches(length, factor)
        words = html.escape(recurrence.describe(nets))
        if guess:
            right = "Right" if guess.startswith("less") else "Less"
            words = f"{right}: 0.9⁵⁰ = {0.9**50:.4f}. {words}"
        return f'<p class="said" role="status">{words}</p>', gr.Plot(
            curves.reach_curves(nets), visible=True
        )

    gr.on([measure.click, length.release, factor.release], show, [length, factor, guess],
          [said, plot], **SLOW)  # fmt: skip


def costs_said() -> str:
    """Operations and waiting steps of both kinds of layer, as a table."""
    lines = [
        [f"{c.tokens:,}", f"{c.attention:,}", f"{c.recurrent:,}", f"{c.attention / c.recurrent:g}",
         f"1 / {c.waits:,}"]
        for c in recurrence.costs()
    ]  # fmt: skip
    head = ["n", "attention n²d", "recurrence nd²", "ratio", "steps that wait"]
    return (
        '<p class="said">Multiplications of one layer of width 512, and steps that must wait for '
        f"each other (attention / recurrence):</p>{sums(head, lines)}"
    )


def masks_tab(source: Any, target_text: str) -> None:
    """Encoder, decoder and cross-attention masks over the words of `source` and of a target."""
    import gradio as gr

    target = gr.Textbox(target_text, label="Target, written from the sentence above",
                        max_length=400)  # fmt: skip
    at = gr.Slider(1, MOST_WORDS, 3, step=1, label="Word of the target being predicted from")
    pictures = gr.HTML(masks_shown(source.value, target_text, 3), css_template=CSS)
    source_of(masks.masks, masks.masked)
    gr.on([source.change, target.change, at.input], masks_shown, [source, target, at], pictures,
          **FAST)  # fmt: skip


def masks_shown(source: str, target: str, at: int) -> str:
    """The three pictures and their words, or what is missing."""
    try:
        encoder, decoder, cross = masks.masks(source, target)
    except TutorError as error:
        return problem(error)
    row = min(at, len(decoder.rows)) - 1
    cut = max(len(source.split()), len(target.split())) > MOST_WORDS
    note = f'<p class="note">The first {MOST_WORDS} words are shown.</p>' if cut else ""
    words = f"{masks.describe(encoder, decoder, cross)} {masks.sees(encoder, decoder, row)}"
    return (
        f'{note}<p class="said">{html.escape(words)} The weights come from random scores, the same '
        "for encoder and decoder, so only the mask makes the difference.</p>"
        + mask_grid(encoder, None) + mask_grid(decoder, row) + mask_grid(cross, row)
    )  # fmt: skip


def mask_grid(mask: Mask, chosen: int | None) -> str:
    """One mask with its weights, one of its rows framed."""
    caption = f"{mask.name}: {mask.pairs} pairs; each row adds up to 1."
    return grid(mask.weights, mask.rows, mask.columns, caption, blocked=~mask.allowed, most=1.0,
                chosen_row=chosen)  # fmt: skip
