"""The tab on positions: sine waves, rotations, and the product that keeps its value."""

import gradio as gr

from demos.architecture import position_figures as curves
from demos.architecture import positions
from demos.architecture.position_figures import (
    decay_said,
    offsets_said,
    pair_of,
    rotation_said,
    shuffle_said,
    waves_said,
)
from demos.architecture.positions import SMOLLM2_WIDTH
from demos.shared.charts import Figure
from demos.shared.panel import FAST, plot_of, source_of
from demos.shared.rope import rotate
from demos.shared.style import TABLES


def positions_tab() -> None:
    """Sine waves, a rotated pair, and the product that keeps its value along the text."""
    with gr.Row():
        length = gr.Slider(8, 128, 64, step=8, label="Positions", min_width=140)
        width = gr.Slider(4, 128, 64, step=4, label="Components", min_width=140)
    waves = plot_of(
        "Sinusoids, position by component", curves.wave_map(positions.sinusoids(64, 64))
    )
    said = gr.HTML(waves_said(64, 64), css_template=TABLES)
    gr.Markdown("**RoPE**, with SmolLM2's 32 pairs: turned by position × frequency.")
    with gr.Row():
        query_at = gr.Slider(0, 200, 12, step=1, label="Query at", min_width=150)
        key_at = gr.Slider(0, 200, 10, step=1, label="Key at", min_width=150)
        pair = gr.Slider(1, SMOLLM2_WIDTH // 2, 5, step=1, label="Pair", min_width=150)
    circle = plot_of("One pair of query and key, turned", curves.turned_pair(*pair_of(12, 10, 5)))
    turned_said = gr.HTML(rotation_said(12, 10, 5), css_template=TABLES)
    guess = gr.Radio(
        ["smaller", "the same", "larger"],
        label="Predict: a random query and key move 1000 tokens on together. Their product is then",
    )
    answer = gr.HTML(css_template=TABLES)
    decay_words = gr.HTML(decay_said(2), css_template=TABLES)
    falling = plot_of(
        "Product against distance under RoPE", curves.decay_curve(positions.decay(), 2)
    )
    gr.HTML(shuffle_said(), css_template=TABLES)
    source_of(positions.sinusoids, rotate, positions.offset_products)

    def wave(length: int, width: int) -> tuple[Figure, str]:
        return curves.wave_map(positions.sinusoids(length, width)), waves_said(length, width)

    def turn(query_at: int, key_at: int, pair: int) -> tuple[Figure, str, str, Figure, None, str]:
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
    gr.on(
        [query_at.input, key_at.input, pair.input],
        turn,
        [query_at, key_at, pair],
        [circle, turned_said, decay_words, falling, guess, answer],
        **FAST,
    )
    guess.input(offsets_said, [query_at, key_at, guess], answer, **FAST)
