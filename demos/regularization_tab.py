"""The tab of the regularization demo: switches, growing curves, a guess, a sentence to read."""

import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from demos import regularization as demo
from demos import regularization_figures as figures
from demos.bags import LONGEST_TEXT, Problem, open_problem
from demos.grids import CSS
from demos.overfitting import RANGES, REMEDIES, Course, Setting, drop, shrink, train
from demos.panel import LIGHT, SLOW, guide_links, plot_of, problem, source_of
from demos.weights import Weights
from tutor.errors import TutorError

SECONDS = 13.0  # a training in the tab ends after this time
PAUSE = 0.3  # seconds between two pictures
STEPS = (100, 1000)
Courses = tuple[Course, ...]


class Sentences:
    """The guide's sentences as a problem: read on the first event that needs it, then kept."""

    def __init__(self, weights: Weights):
        self.weights = weights

    @cached_property
    def problem(self) -> Problem:
        """Features and labels."""
        return open_problem(self.weights.settings.corpus)


def build(weights: Weights) -> Any:
    """The whole tab inside the current Blocks; returns the sentence's box."""
    import gradio as gr

    sentences = Sentences(weights)
    guide_links(
        "A small network learns which of six categories a sentence of this guide is from. It has "
        "50,000 weights, and 300 sentences to learn from.", demo.QUESTIONS,
    )  # fmt: skip
    text = gr.Textbox(demo.SENTENCE, label="Your sentence, read by the networks once they are "
                      "trained", max_lines=3, max_length=LONGEST_TEXT)  # fmt: skip
    guess = gr.Radio(REMEDIES, label="Predict: which single remedy gives the lowest point of the "
                     "validation curve?")  # fmt: skip
    chosen = gr.CheckboxGroup(REMEDIES, label="Remedies that “Train” uses together")
    numbers = sliders()
    with gr.Row():
        go = gr.Button("Train", variant="primary", min_width=90)
        every = gr.Button("Compare all", variant="primary", min_width=120)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    said, answer = gr.HTML(css_template=CSS), gr.HTML(css_template=CSS)
    plot = plot_of("Training and validation loss", visible=False)
    losses, read = gr.HTML(css_template=CSS), gr.HTML(css_template=CSS)
    held = gr.State(())
    outputs = [said, plot, losses, held, answer, read]
    source_of(train, drop, shrink)

    def one(text: str, guess: str, remedies: Sequence[str], *numbers: float) -> Iterator[Any]:
        yield from learn(sentences, text, guess, remedies or None, *numbers)

    def compare(text: str, guess: str, *numbers: float) -> Iterator[Any]:
        yield from learn(sentences, text, guess, (), *numbers)

    trained = go.click(one, [text, guess, chosen, *numbers], outputs, **SLOW)
    compared = every.click(compare, [text, guess, *numbers], outputs, **SLOW)
    halt.click(stopped, held, said, cancels=[trained, compared], **LIGHT)
    guess.input(lambda held, guess: figures.verdict(held, guess), [held, guess], answer, **LIGHT)
    text.submit(lambda held, text: reading(sentences, held, text), [held, text], read, **LIGHT)
    return text


def sliders() -> list[Any]:
    """Dropout, decay, share of wrong labels, steps."""
    import gradio as gr

    with gr.Row():
        return [
            gr.Slider(*RANGES["dropout"], value=demo.DROPOUT, step=0.1, label="Dropout p",
                      min_width=200),
            gr.Slider(*RANGES["decay"], value=demo.DECAY, step=0.5, label="Weight decay",
                      min_width=200),
            gr.Slider(*RANGES["noise"], value=0.1, step=0.1, label="Wrong labels, share",
                      min_width=200),
            gr.Slider(*STEPS, value=400, step=100, label="Steps", min_width=200),
        ]  # fmt: skip


def learn(
    sentences: Sentences,
    text: str,
    guess: str | None,
    remedies: Sequence[str] | None,
    dropout: float,
    decay: float,
    noise: float,
    steps: float,
) -> Iterator[tuple[Any, ...]]:
    """Train, and show how it goes: words, picture, table, courses, the guess, the sentence.

    `remedies` as in `plan`; None trains without any.
    """
    import gradio as gr

    yield figures.status("Reading the guide and loading PyTorch …"), gr.skip(), "", (), "", ""
    try:
        setting = Setting(noise=noise, steps=int(steps))
        planned = demo.plan(remedies or (), setting, dropout, decay)
        planned = planned[:1] if remedies is None else planned
        last = 0.0
        for now in demo.courses(sentences.problem, planned, seconds=SECONDS):
            if time.monotonic() - last > PAUSE:
                last = time.monotonic()
                yield (figures.status(progress(now)), picture(now), figures.losses_table(now), now,
                       gr.skip(), gr.skip())  # fmt: skip
        early = demo.ended_early(now, SECONDS)
        yield (figures.status(f"{demo.conclusion(now)} {early}"), picture(now),
               figures.losses_table(now), now, figures.verdict(now, guess),
               reading(sentences, now, text))  # fmt: skip
    except TutorError as error:
        yield problem(error), *[gr.skip()] * 5


def picture(now: Courses) -> Any:
    """The curves, in a plot that was hidden until there were any."""
    import gradio as gr

    return gr.update(value=figures.curves(now), visible=True)


def reading(sentences: Sentences, held: Courses, text: str) -> str:
    """The sentence under every trained network."""
    if not held:
        return figures.status("Train first: then the networks read your sentence.")
    try:
        return figures.sentence_grid(sentences.problem, held, text)
    except TutorError as error:
        return problem(error)


def progress(now: Courses) -> str:
    """How far the trainings have come."""
    return f"Step {max(course.checks[-1].step for course in now)} …"


def stopped(held: Courses) -> str:
    """What a stopped training leaves."""
    step = progress(held).removesuffix(" …").lower() if held else ""
    return figures.status(f"Stopped at {step}." if step else "Stopped.")
