"""The three tabs of the objectives demo: what each objective sees, training, sentence pairs."""

import html
from collections.abc import Callable, Iterator
from functools import cache

import gradio as gr

from demos.objectives import QUESTIONS, figures
from demos.objectives import run as demo
from demos.objectives.blank import LONGEST_TEXT, MOST_WORDS, find_blank
from demos.objectives.corruption import corrupt
from demos.objectives.pretraining import Pretrained, causal_loss, masked_loss
from demos.objectives.sentence_pairs import score
from demos.objectives.transformer import read
from demos.objectives.windows import unigram_loss
from demos.shared.markup import note, sentence, status
from demos.shared.panel import (
    FAST,
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
from demos.shared.prose import MASK, split_words
from demos.shared.style import CHIPS
from demos.shared.weights import Weights

SECOND = "A smaller step fixes that."
START_RATE = 0.15
PAIR_WORDS = 14  # of each sentence
Models = tuple[Pretrained, ...]


def view(weights: Weights) -> gr.Textbox:
    """The whole tab inside the current Blocks; returns the sentence's box."""
    material = cache(lambda: demo.open_material(weights))
    guide_links(
        "Three games that text plays with a model, and what two tiny models learn from "
        "this guide in ten seconds.",
        QUESTIONS,
    )
    text = gr.Textbox(
        demo.TEXT, label="A sentence; ___ is a blank", lines=1, max_lines=3, max_length=LONGEST_TEXT
    )
    rate = gr.Slider(
        *demo.RANGES["rate"], value=START_RATE, step=0.05, label="Share of words chosen for masking"
    )
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("What each sees"):
            sight_tab(text, rate)
        with gr.Tab("Training"):
            training_tab(material, text, rate)
        with gr.Tab("Sentence pairs"):
            pairs_tab(material, text)
    return text


def sight_tab(text: gr.Textbox, rate: gr.Slider) -> None:
    """What is hidden, what is asked for and who reads whom, drawn anew at every change."""
    again = gr.Button("Draw other words", size="sm")
    draw = gr.State(3)
    picture = gr.HTML(seen(demo.TEXT, START_RATE, 3), css_template=CHIPS)
    source_of(corrupt)
    gr.on([text.change, rate.change], seen, [text, rate, draw], picture, **FAST)
    again.click(
        lambda n, t, r: (n + 1, seen(t, r, n + 1)), [draw, text, rate], [draw, picture], **FAST
    )


@handler()
def seen(text: str, rate: float, seed: int) -> str:
    """The chips and masks of a sentence; its own blank counts as a word."""
    words = find_blank(text).words
    cut = len(split_words(text[:LONGEST_TEXT])) > MOST_WORDS
    words = tuple("___" if word == MASK else word for word in words)
    return (
        (note(f"The first {MOST_WORDS} words are shown.") if cut else "")
        + figures.masked_chips(words, rate, seed)
        + figures.causal_chips(words)
        + figures.sights(words)
    )


def training_tab(material: Callable[[], demo.Material], text: gr.Textbox, rate: gr.Slider) -> None:
    """Train both word models, watch the curves, guess a word, then see theirs."""
    with gr.Row():
        go = gr.Button("Train both models", variant="primary", min_width=140)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    said = gr.HTML(css_template=CHIPS)
    plot = plot_of("Held-out loss of each objective", visible=False)
    guess = gr.Textbox(
        "",
        label="Predict: which word fits the blank?",
        max_length=40,
        placeholder="your word, then Enter",
    )
    reveal = gr.Button("Show the models’ words", size="sm")
    answer = gr.HTML(css_template=CHIPS)
    models = gr.State(())
    unigram = cache(lambda: unigram_loss(material().windows))
    source_of(masked_loss, causal_loss, read)

    @handler(starting(), failed=[gr.skip()] * 3, meanwhile=[gr.skip(), (), ""])
    def train(rate: float) -> Iterator[tuple[str, Update, Models | Update, Update]]:
        for now in demo.train(material(), rate=rate):
            drawn = plotted(figures.curves(now, unigram()))
            said = figures.curves_said(now, unigram())
            yield said, drawn, now, gr.skip()
        done = now[0].curve[-1].step
        if early := demo.ended_early(done, demo.STEPS, demo.TRAINING_SECONDS):
            yield said + status(early), gr.skip(), gr.skip(), gr.skip()

    training = go.click(train, rate, [said, plot, models, answer], **SLOW)
    halt.click(stopped, models, said, cancels=[training], **LIGHT)
    gr.on([reveal.click, guess.submit], fill, [models, text, guess], answer, **LIGHT)


def stopped(models: Models) -> str:
    """What a stopped training leaves."""
    if not models:
        return status("Stopped.")
    return status(f"Stopped at step {models[0].curve[-1].step}. The models stay as they are now.")


@handler()
def fill(models: Models, text: str, guess: str) -> str:
    """The models' words for the blank, and what they think of the person's."""
    if not models:
        return status("Train the models first.")
    blank = find_blank(text)
    found = [demo.outcome(model, blank, guess or blank.truth) for model in models]
    hidden = f" (hidden: {blank.truth})" if blank.truth else ""
    return (
        status(f"“{blank.text}”{hidden}")
        + figures.filled([(o.objective, o.words) for o in found])
        + "".join(note(html.escape(f"{o.objective}: {o.place}")) for o in found if o.place)
        + note("The causal model reads left of the blank only.")
    )


def pairs_tab(material: Callable[[], demo.Material], text: gr.Textbox) -> None:
    """BERT's input for two sentences, and a reader that solves the task by topic alone."""
    second = gr.Textbox(
        SECOND, label="Sentence B (A is the sentence above)", max_lines=2, max_length=LONGEST_TEXT
    )
    picture = gr.HTML(paired(demo.TEXT, SECOND), css_template=CHIPS)
    gr.Markdown(
        "A reader that only compares words: no attention, no order, A and B alike. It is "
        "trained on neighboring pieces of this guide, 24 words each."
    )
    guess = gr.Radio(
        ["about 50%", "about 60%", "about 75%"],
        label="Predict: its share of right answers on next sentences?",
    )
    with gr.Row():
        go = gr.Button("Train the reader", variant="primary", min_width=140)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    said = gr.HTML(css_template=CHIPS)
    source_of(score)

    @handler(starting())
    def train(guess: str | None) -> Iterator[str]:
        for reader in demo.train_pairs(material()):
            accuracies = figures.accuracies(reader)
            yield accuracies
        early = demo.ended_early(reader.step, demo.PAIR_STEPS, demo.PAIR_SECONDS)
        yield accuracies + lesson_said(reader.other_category, guess) + (early and status(early))

    gr.on([text.change, second.change], paired, [text, second], picture, **FAST)
    training = go.click(train, guess, said, **SLOW)
    halt.click(lambda: status("Stopped."), None, said, cancels=[training], **LIGHT)


def lesson_said(accuracy: float, guess: str | None) -> str:
    """What the accuracies mean, beside the person's guess."""
    own = f"You said {html.escape(guess)}; it is {accuracy:.0%}. " if guess else ""
    return sentence(
        f"{own}Topic words are enough for much of next sentence prediction. Within "
        "one category the topic helps less. A and B swapped have the same words, so this reader "
        "scores both orders alike and is right in exactly half: order has to be read."
    )


@handler()
def paired(first: str, second: str) -> str:
    """BERT's input for two texts, each cut to PAIR_WORDS words."""
    sides = [find_blank(text).words[:PAIR_WORDS] for text in (first, second)]
    first_side, second_side = (["___" if w == MASK else w for w in side] for side in sides)
    cut = max(len(split_words(t[:LONGEST_TEXT])) for t in (first, second)) > PAIR_WORDS
    shown = note(f"The first {PAIR_WORDS} words of each are shown.") if cut else ""
    return shown + figures.pair_chips(first_side, second_side)
