"""The tab of the regularization demo: switches, growing curves, a guess, a sentence to read."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import gradio as gr

from demos.regularization import QUESTIONS, figures
from demos.regularization import run as demo
from demos.regularization.bag_of_words import LONGEST_TEXT, Problem, open_problem
from demos.regularization.network import drop, shrink
from demos.regularization.training import RANGES, REMEDIES, Setting, Training, train
from demos.shared.markup import status
from demos.shared.panel import (
    LIGHT,
    SLOW,
    Update,
    guide_links,
    handler,
    plot_of,
    plotted,
    source_of,
    starting,
)
from demos.shared.style import TABLES
from demos.shared.weights import Weights

SECONDS = 13.0  # a training in the tab ends after this time
PAUSE = 0.3  # seconds between two pictures
STEPS = (100, 1000)
Trainings = tuple[Training, ...]
Outputs = tuple[Any, ...]  # words, picture, table, trainings, verdict on the guess, the sentence


def view(weights: Weights) -> gr.Textbox:
    """The whole tab inside the current Blocks; returns the sentence's box."""
    problem = cache(lambda: open_problem(weights.settings.corpus))
    guide_links(
        "A small network learns which of six categories a sentence of this guide is from. It has "
        "50,000 weights, and 300 sentences to learn from.",
        QUESTIONS,
    )
    text = gr.Textbox(
        demo.SENTENCE,
        label="Your sentence, read by the networks once they are trained",
        max_lines=3,
        max_length=LONGEST_TEXT,
    )
    guess = gr.Radio(
        REMEDIES,
        label="Predict: which single remedy gives the lowest point of the validation curve?",
    )
    chosen = gr.CheckboxGroup(REMEDIES, label="Remedies that “Train” uses together")
    numbers = sliders()
    with gr.Row():
        go = gr.Button("Train", variant="primary", min_width=90)
        every = gr.Button("Compare all", variant="primary", min_width=120)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    said, answer = gr.HTML(css_template=TABLES), gr.HTML(css_template=TABLES)
    plot = plot_of("Training and validation loss", visible=False)
    losses, read = gr.HTML(css_template=TABLES), gr.HTML(css_template=TABLES)
    held = gr.State(())
    outputs = [said, plot, losses, held, answer, read]
    source_of(train, drop, shrink)

    def one(text: str, guess: str, remedies: Sequence[str], *numbers: float) -> Iterator[Outputs]:
        yield from learn(problem, text, guess, remedies or None, *numbers)

    def compare(text: str, guess: str, *numbers: float) -> Iterator[Outputs]:
        yield from learn(problem, text, guess, (), *numbers)

    trained = go.click(one, [text, guess, chosen, *numbers], outputs, **SLOW)
    compared = every.click(compare, [text, guess, *numbers], outputs, **SLOW)
    halt.click(stopped, held, said, cancels=[trained, compared], **LIGHT)
    guess.input(lambda held, guess: figures.verdict(held, guess), [held, guess], answer, **LIGHT)
    text.submit(lambda held, text: reading(problem, held, text), [held, text], read, **LIGHT)
    return text


def sliders() -> list[gr.Slider]:
    """Dropout, decay, share of wrong labels, steps."""
    with gr.Row():
        return [
            gr.Slider(
                *RANGES["dropout"], value=demo.DROPOUT, step=0.1, label="Dropout p", min_width=200
            ),
            gr.Slider(
                *RANGES["decay"], value=demo.DECAY, step=0.5, label="Weight decay", min_width=200
            ),
            gr.Slider(
                *RANGES["noise"], value=0.1, step=0.1, label="Wrong labels, share", min_width=200
            ),
            gr.Slider(*STEPS, value=400, step=100, label="Steps", min_width=200),
        ]


@handler(starting(), failed=[gr.skip()] * 5, meanwhile=[gr.skip(), "", (), "", ""])
def learn(
    problem: Callable[[], Problem],
    text: str,
    guess: str | None,
    remedies: Sequence[str] | None,
    dropout: float,
    decay: float,
    noise: float,
    steps: float,
) -> Iterator[Outputs]:
    """Train, and show how it goes: words, picture, table, trainings, the guess, the sentence.

    `remedies` as in `plan`; None trains without any.
    """
    setting = Setting(noise=noise, steps=int(steps))
    planned = demo.plan(remedies or (), setting, dropout, decay)
    planned = planned[:1] if remedies is None else planned
    last = 0.0
    for now in demo.trainings(problem(), planned, seconds=SECONDS):
        if time.monotonic() - last > PAUSE:
            last = time.monotonic()
            yield status(progress(now)), *pictures(now), gr.skip(), gr.skip()
    words = f"{demo.conclusion(now)} {demo.ended_early(now, SECONDS)}"
    read = reading(problem, now, text)
    yield status(words), *pictures(now), figures.verdict(now, guess), read


def pictures(now: Trainings) -> tuple[Update, str, Trainings]:
    """The curves, their table, and the trainings themselves."""
    return plotted(figures.curves(now)), figures.losses_table(now), now


@handler()
def reading(problem: Callable[[], Problem], held: Trainings, text: str) -> str:
    """The sentence under every trained network."""
    if not held:
        return status("Train first: then the networks read your sentence.")
    return figures.sentence_grid(problem(), held, text)


def progress(now: Trainings) -> str:
    """How far the trainings have come."""
    return f"Step {max(training.checks[-1].step for training in now)} …"


def stopped(held: Trainings) -> str:
    """What a stopped training leaves."""
    step = progress(held).removesuffix(" …").lower() if held else ""
    return status(f"Stopped at {step}." if step else "Stopped.")
