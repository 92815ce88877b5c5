"""The part of the tab that draws another end of the answer."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr

from demos.shared.panel import SLOW, handler
from demos.shared.warp import Warp
from demos.shared.warp_view import warp_sliders
from demos.shared.weights import Weights
from demos.xray import figures as draw
from demos.xray.answer_view import Held
from demos.xray.scoring import MOST_DRAWN, Judged, resample


def resample_part(weights: Weights, shown: gr.State, place: gr.Number) -> Any:
    """Settings and a button that draws another end; returns its event."""
    with gr.Accordion("Draw another end", open=True):
        with gr.Row():
            place.render()
            length = gr.Slider(5, MOST_DRAWN, 25, step=5, label="Tokens", min_width=150)
            seed = gr.Number(0, label="Seed", precision=0, min_width=100)
        with gr.Row():
            sliders = warp_sliders()
        button = gr.Button("Draw from this token")
        said = gr.HTML()
    inputs = [shown, place, length, seed, *sliders]
    return button.click(partial(draw_end, weights), inputs, said, **SLOW)


@handler()
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
    warp = Warp(temperature, int(top_k), top_p, min_p)
    for token in resample(weights.engine(), read, start, warp, number, int(length)):
        again.append(token)
        yield draw.diverged(read, start, again, settings)
    yield draw.diverged(read, start, again, settings)
