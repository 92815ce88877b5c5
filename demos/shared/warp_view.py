"""The sliders of a warp, which two demos show."""

import gradio as gr


def warp_sliders() -> list[gr.Slider]:
    """Temperature, top-k, top-p and min-p, off at first; to be called inside a row."""
    return [
        gr.Slider(0, 2, 1, step=0.05, label="Temperature", min_width=220),
        gr.Slider(0, 100, 0, step=1, label="Top-k (0: off)", min_width=220),
        gr.Slider(0.05, 1, 1, step=0.01, label="Top-p", min_width=220),
        gr.Slider(0, 0.5, 0, step=0.01, label="Min-p", min_width=220),
    ]
