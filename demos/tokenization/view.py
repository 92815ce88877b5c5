"""The tab: a text, a guess, three tokenizers; a BPE trained merge by merge."""

import gradio as gr

from demos.shared.panel import FAST, LIGHT, SLOW, Update, guide_links, handler, source_of, working
from demos.shared.weights import Weights
from demos.tokenization import QUESTIONS
from demos.tokenization.bpe import count_pairs, join, train
from demos.tokenization.figures import UNDER, describe, show_encodings, show_training
from demos.tokenization.real_tokenizers import Encodings, by_engine, encode_text
from demos.tokenization.run import MOST_MERGES, PRESETS, WORD


def view(weights: Weights) -> gr.Textbox:
    """A text box over two tabs; returns the box."""
    guide_links("What a model reads instead of letters.", QUESTIONS)
    box = gr.Textbox(
        PRESETS["Rare words"], label="Text", lines=2, max_lines=8, elem_id="tokenization-text"
    )
    gr.Examples(
        [[text] for text in PRESETS.values()],
        box,
        example_labels=list(PRESETS),
        label="Or try",
        api_visibility="private",
    )
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Three tokenizers"):
            encodings_tab(weights, box)
        with gr.Tab("Train a BPE"):
            training_tab(box)
    return box


def encodings_tab(weights: Weights, box: gr.Textbox) -> None:
    """Guess the count, then see the tokens."""
    with gr.Row():
        guess = gr.Number(
            None, label="Your guess: tokens for the tutor's model", precision=0, minimum=0
        )
        under = gr.Radio(list(UNDER), value="Ids", label="Below each token")
    button = gr.Button("Reveal", variant="primary")
    shown = gr.State(None)
    said = gr.HTML()

    @handler(working("the tokenizers"), failed=[None])
    def show(text: str, guessed: float | None, below: str) -> tuple[str, Encodings]:
        encodings = encode_text(text, weights)
        return describe(encodings, guessed) + show_encodings(encodings, below), encodings

    def again(encodings: Encodings | None, below: str) -> str | Update:
        return show_encodings(encodings, below) if encodings else gr.skip()

    asked = [button.click, box.submit, guess.submit]
    gr.on(asked, show, [box, guess, under], [said, shown], **SLOW)
    under.change(again, [shown, under], said, **LIGHT)
    source_of(by_engine)


def training_tab(box: gr.Textbox) -> None:
    """Merges one by one, and an unseen word spelled with them."""
    steps = gr.Slider(0, MOST_MERGES, 4, step=1, label="Merges learned from the text above")
    word = gr.Textbox(WORD, label="A word to spell with them", max_length=60)
    said = gr.HTML(show_training(PRESETS["Rare words"], 4, WORD))
    changes = [steps.change, word.change, box.change]
    gr.on(changes, show_training, [box, steps, word], said, **FAST)
    source_of(train, count_pairs, join)
