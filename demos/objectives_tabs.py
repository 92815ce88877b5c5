"""The three tabs of the objectives demo: what each objective sees, training, sentence pairs."""

import html
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from demos import objectives as demo
from demos import objectives_figures as figures
from demos.objectives_figures import CSS
from demos.pairs import score
from demos.panel import LIGHT, SLOW, guide_links, plot_of, problem, source_of
from demos.pretraining import Pretrained, causal_loss, corrupt, masked_loss, unigram_loss
from demos.prose import split_words
from demos.tiny import read
from demos.weights import Weights
from tutor.errors import TutorError

FAST = {**LIGHT, "trigger_mode": "always_last"}
SECOND = "A smaller step fixes that."
START_RATE = 0.15
PAIR_WORDS = 14  # of each sentence
Models = tuple[Pretrained, ...]


class Lesson:
    """The guide cut for training: read on the first event that needs it, then kept."""

    def __init__(self, weights: Weights):
        self.weights = weights

    @cached_property
    def material(self) -> demo.Material:
        """The guide's windows."""
        return demo.open_material(self.weights)

    @cached_property
    def unigram(self) -> float:
        """The loss of word frequencies alone."""
        return unigram_loss(self.material.windows)


def build(weights: Weights) -> Any:
    """The whole tab inside the current Blocks; returns the sentence's box."""
    import gradio as gr

    lesson = Lesson(weights)
    guide_links("Three games that text plays with a model, and what two tiny models learn from "
                "this guide in ten seconds.", demo.QUESTIONS)  # fmt: skip
    text = gr.Textbox(demo.TEXT, label="A sentence; ___ is a blank", lines=1, max_lines=3,
                      max_length=demo.LONGEST_TEXT)  # fmt: skip
    rate = gr.Slider(*demo.RANGES["rate"], value=START_RATE, step=0.05,
                     label="Share of words chosen for masking")  # fmt: skip
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("What each sees"):
            sight_tab(text, rate)
        with gr.Tab("Training"):
            training_tab(lesson, text, rate)
        with gr.Tab("Sentence pairs"):
            pairs_tab(lesson, text)
    return text


def sight_tab(text: Any, rate: Any) -> None:
    """What is hidden, what is asked for and who reads whom, drawn anew at every change."""
    import gradio as gr

    again = gr.Button("Draw other words", size="sm")
    draw = gr.State(3)
    picture = gr.HTML(seen(demo.TEXT, START_RATE, 3), css_template=CSS)
    source_of(corrupt)
    gr.on([text.change, rate.change], seen, [text, rate, draw], picture, **FAST)
    again.click(lambda n, t, r: (n + 1, seen(t, r, n + 1)), [draw, text, rate], [draw, picture],
                **FAST)  # fmt: skip


def seen(text: str, rate: float, seed: int) -> str:
    """The chips and masks of a sentence; its own blank counts as a word."""
    try:
        words = demo.find_blank(text).words
    except TutorError as error:
        return problem(error)
    cut = len(split_words(text[: demo.LONGEST_TEXT])) > demo.MOST_WORDS
    note = f'<p class="note">The first {demo.MOST_WORDS} words are shown.</p>' if cut else ""
    words = tuple("___" if word == "[MASK]" else word for word in words)
    return (
        note + figures.masked_chips(words, rate, seed) + figures.causal_chips(words)
        + figures.sights(words)
    )  # fmt: skip


def training_tab(lesson: Lesson, text: Any, rate: Any) -> None:
    """Train both word models, watch the curves, guess a word, then see theirs."""
    import gradio as gr

    with gr.Row():
        go = gr.Button("Train both models", variant="primary", min_width=140)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    said = gr.HTML(css_template=CSS)
    plot = plot_of("Held-out loss of each objective", visible=False)
    guess = gr.Textbox(label="Predict: which word fits the blank?", max_length=40,
                       placeholder="your word, then Enter")  # fmt: skip
    reveal = gr.Button("Show the models’ words", size="sm")
    answer = gr.HTML(css_template=CSS)
    models = gr.State(())
    source_of(masked_loss, causal_loss, read)

    def train(rate: float) -> Iterator[tuple[Any, ...]]:
        yield waiting("Reading the guide and loading PyTorch …"), gr.skip(), (), ""
        try:
            for now in demo.train(lesson.material, rate=rate):
                drawn = gr.update(value=figures.curves(now, lesson.unigram), visible=True)
                said = figures.curves_said(now, lesson.unigram)
                yield said, drawn, now, gr.skip()
            done = now[0].curve[-1].step
            early = demo.ended_early(done, demo.STEPS, demo.TRAINING_SECONDS)
            if early:
                yield said + waiting(early), gr.skip(), gr.skip(), gr.skip()
        except TutorError as error:
            yield problem(error), gr.skip(), gr.skip(), gr.skip()

    training = go.click(train, rate, [said, plot, models, answer], **SLOW)
    halt.click(stopped, models, said, cancels=[training], **LIGHT)
    gr.on([reveal.click, guess.submit], fill, [models, text, guess], answer, **LIGHT)


def waiting(text: str) -> str:
    """A status line."""
    return f'<p class="said" role="status">{html.escape(text)}</p>'


def stopped(models: Models) -> str:
    """What a stopped training leaves."""
    if not models:
        return waiting("Stopped.")
    return waiting(f"Stopped at step {models[0].curve[-1].step}. The models stay as they are now.")


def fill(models: Models, text: str, guess: str) -> str:
    """The models' words for the blank, and what they think of the person's."""
    if not models:
        return waiting("Train the models first.")
    try:
        blank = demo.find_blank(text)
    except TutorError as error:
        return problem(error)
    found = [demo.outcome(model, blank, guess or blank.truth) for model in models]
    shown = " ".join("___" if i == blank.place else w for i, w in enumerate(blank.words))
    words = f"“{shown}”" + (f" (hidden: {blank.truth})" if blank.truth else "")
    lines = [f"{o.objective}: {o.place}" for o in found if o.place]
    return (
        f'<p class="said" role="status">{html.escape(words)}</p>'
        + figures.filled([(o.objective, o.words) for o in found])
        + "".join(f'<p class="note">{html.escape(line)}</p>' for line in lines)
        + '<p class="note">The causal model reads left of the blank only.</p>'
    )


def pairs_tab(lesson: Lesson, text: Any) -> None:
    """BERT's input for two sentences, and a reader that solves the task by topic alone."""
    import gradio as gr

    second = gr.Textbox(SECOND, label="Sentence B (A is the sentence above)", max_lines=2,
                        max_length=demo.LONGEST_TEXT)  # fmt: skip
    picture = gr.HTML(paired(demo.TEXT, SECOND), css_template=CSS)
    gr.Markdown("A reader that only compares words: no attention, no order, A and B alike. It is "
                "trained on neighboring pieces of this guide, 24 words each.")  # fmt: skip
    guess = gr.Radio(["about 50%", "about 60%", "about 75%"],
                     label="Predict: its share of right answers on next sentences?")  # fmt: skip
    with gr.Row():
        go = gr.Button("Train the reader", variant="primary", min_width=140)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    said = gr.HTML(css_template=CSS)
    source_of(score)

    def train(guess: str | None) -> Iterator[str]:
        yield waiting("Reading the guide and loading PyTorch …")
        try:
            shown = ""
            for reader in demo.train_pairs(lesson.material):
                shown = figures.accuracies(reader)
                yield shown
        except TutorError as error:
            yield problem(error)
            return
        early = demo.ended_early(reader.step, demo.PAIR_STEPS, demo.PAIR_SECONDS)
        yield shown + lesson_said(reader.other_category, guess) + (early and waiting(early))

    gr.on([text.change, second.change], paired, [text, second], picture, **FAST)
    training = go.click(train, guess, said, **SLOW)
    halt.click(lambda: waiting("Stopped."), None, said, cancels=[training], **LIGHT)


def lesson_said(accuracy: float, guess: str | None) -> str:
    """What the accuracies mean, beside the person's guess."""
    own = f"You said {html.escape(guess)}; it is {accuracy:.0%}. " if guess else ""
    return (
        f'<p class="said">{own}Topic words are enough for much of next sentence prediction. Within '
        "one category the topic helps less. A and B swapped have the same words, so this reader "
        "scores both orders alike and is right in exactly half: order has to be read.</p>"
    )


def paired(first: str, second: str) -> str:
    """BERT's input for two texts, each cut to PAIR_WORDS words."""
    sides = []
    for text in (first, second):
        try:
            words = demo.find_blank(text).words
        except TutorError as error:
            return problem(error)
        sides.append(["___" if word == "[MASK]" else word for word in words[:PAIR_WORDS]])
    cut = max(len(split_words(t[: demo.LONGEST_TEXT])) for t in (first, second)) > PAIR_WORDS
    note = f'<p class="note">The first {PAIR_WORDS} words of each are shown.</p>' if cut else ""
    return note + figures.pair_chips(*sides)
