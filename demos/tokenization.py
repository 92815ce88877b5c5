"""Own text through three real tokenizers, and a byte-pair encoding trained on it step by step.

    python -m demos.tokenization
    python -m demos.tokenization --text "naïve 🦜" --merges 5 --word lowest

"unbelievably" is two tokens for the tutor's model and five for MiniLM's WordPiece. Trained on
low (5 times), lower (2), newest (6), widest (3), a BPE first merges e+s, 9 times side by side.
"""

import argparse
import html
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from demos.bpe import Trained, count_pairs, join, train
from demos.panel import LIGHT, SLOW, guide_links, problem, source_of, working
from demos.spans import colored, hexadecimal, visible
from demos.splits import LONGEST, Split, Splits, by_engine, split_text
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Tokenization"
QUESTIONS = (1, 16)
TEXT = "low " * 5 + "lower " * 2 + "newest " * 6 + "widest " * 2 + "widest"
PRESETS = {
    "Rare words": "Tokenization is unbelievably antidisestablishmentarian, said Ms Xyzzyqua.",
    "Emoji": "Well done 🎉🦜 family 👨‍👩‍👧 flag 🇨🇭",
    "Code": "def mean(xs):\n    return sum(xs) / len(xs)  # 0.333333",
    "Languages": "Guten Morgen, wie geht’s? 你好，世界。 नमस्ते दुनिया. Привет, мир!",
    "Numbers": "7 42 365 1024 31415 271828 12:59 3.14159 1e-05",
    "Guide's words": TEXT,
}
WORD = "lowest"
MOST_MERGES = 60
UNDER = {"Ids": "id", "Bytes": "bytes", "As in the vocabulary": "written"}


@dataclass(frozen=True)
class Tokenization:
    """A text in three splits, a BPE trained on it, and another word in that BPE's tokens."""

    splits: Splits
    trained: Trained
    word: tuple[bytes, ...]


def run(
    text: str = PRESETS["Rare words"],
    merges: int = 12,
    word: str = WORD,
    corpus: str = TEXT,
    weights: Weights | None = None,
) -> Tokenization:
    """Split `text` three times; train up to `merges` merges on `corpus` and spell `word` with them.

    Text beyond 1,000 characters is left out. Raises InputError, EngineError, ModelError.
    """
    if not 0 <= merges <= MOST_MERGES:
        raise InputError(f"merges cannot be {merges}. Choose from 0 to {MOST_MERGES}.")
    trained = train(corpus[:LONGEST], merges)
    spelled = tuple(trained.pieces[token] for token in trained.encode(word[:LONGEST]))
    return Tokenization(split_text(text, weights or open_weights()), trained, spelled)


def view(weights: Weights) -> Any:
    """A text box over two tabs; returns the box."""
    import gradio as gr

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
            splits_tab(weights, box)
        with gr.Tab("Train a BPE"):
            training_tab(box)
    return box


def splits_tab(weights: Weights, box: Any) -> None:
    """Guess the count, then see the tokens."""
    import gradio as gr

    with gr.Row():
        guess = gr.Number(
            None, label="Your guess: tokens for the tutor's model", precision=0, minimum=0
        )
        under = gr.Radio(list(UNDER), value="Ids", label="Below each token")
    button = gr.Button("Reveal", variant="primary")
    shown = gr.State(None)
    said = gr.HTML()

    def show(text: str, guessed: float | None, below: str) -> Iterator[tuple[Any, str]]:
        yield gr.skip(), working("the tokenizers")
        try:
            splits = split_text(text, weights)
        except TutorError as error:
            yield None, problem(error)
            return
        yield splits, describe(splits, guessed) + show_splits(splits, below)

    def again(splits: Splits | None, below: str) -> Any:
        return show_splits(splits, below) if splits else gr.skip()

    asked = [button.click, box.submit, guess.submit]
    gr.on(asked, show, [box, guess, under], [shown, said], **SLOW)
    under.change(again, [shown, under], said, **LIGHT)
    source_of(by_engine)


def training_tab(box: Any) -> None:
    """Merges one by one, and an unseen word spelled with them."""
    import gradio as gr

    steps = gr.Slider(0, MOST_MERGES, 4, step=1, label="Merges learned from the text above")
    word = gr.Textbox(WORD, label="A word to spell with them", max_length=60)
    said = gr.HTML(show_training(PRESETS["Rare words"], 4, WORD))
    gr.on([steps.change, word.change, box.change], show_training, [box, steps, word], said,
          trigger_mode="always_last", **LIGHT)  # fmt: skip
    source_of(train, count_pairs, join)


def describe(splits: Splits, guessed: float | None) -> str:
    """The counts in a sentence, and the guess beside the truth."""
    first = splits.all[0]
    counts = ", ".join(f"{len(split.tokens)} for {split.name}" for split in splits.all)
    bytes_, characters = len(splits.text.encode()), len(splits.text)
    text = f"{characters} characters, {bytes_} bytes. Tokens: {counts}."
    if splits.cut:
        text = f"Only the first {LONGEST:,} characters were read. {text}"
    if guessed:  # an empty box may arrive as None or 0
        off = len(first.tokens) - int(guessed)
        verdict = "exactly right" if not off else f"{abs(off)} too {'few' if off > 0 else 'many'}"
        text = f"You guessed {int(guessed)}, {verdict}. {text}"
    return f'<p role="status">{html.escape(text)}</p>'


def show_splits(splits: Splits, below: str = "Ids") -> str:
    """The three splits as colored tokens."""
    return "".join(show_split(splits, split, UNDER[below]) for split in splits.all)


def show_split(splits: Splits, split: Split, below: str) -> str:
    """One split: its name, its numbers, its tokens, and what decoding gives if not the text."""
    small = {
        "id": [str(token.id) for token in split.tokens],
        "bytes": [hexadecimal(token.piece) for token in split.tokens],
        "written": [token.written for token in split.tokens],
    }
    labels = [
        "[UNK]" if token.unknown else visible(token.piece) or token.written
        for token in split.tokens
    ]
    titles = [f"{token.written}: id {token.id}, {len(token.piece)} bytes" for token in split.tokens]
    head = f"<b>{html.escape(split.name)}</b>, {html.escape(split.method)}"
    numbers = f"{len(split.tokens)} tokens"
    if split.tokens:
        numbers += f" · {splits.per_token(split):.2f} characters per token"
    numbers += f" · vocabulary {split.vocabulary:,}"
    if split.back == splits.text:
        back = "Decoding gives back the text exactly."
    else:
        back = f"Decoding gives another text: {split.back!r}"
    return (
        f'<section style="margin:0.8rem 0"><div>{head}</div><small>{numbers}</small>'
        f"<div>{colored(labels, small[below], titles)}</div>"
        f'<small style="overflow-wrap:anywhere">{html.escape(back)}</small></section>'
    )


def show_training(text: str, steps: float, word: str) -> str:
    """The text after `steps` merges, the merges so far, and the word in their tokens."""
    kept = text[:LONGEST]
    trained = train(kept, int(steps))
    tokens = trained.encode(kept)
    pieces = trained.pieces
    said = f"{len(kept.encode())} bytes, {len(tokens)} tokens after {len(trained.merges)} merges."
    if len(trained.merges) < steps:
        said += " No two tokens stand together twice any more."
    if len(text) > LONGEST:
        said = f"Only the first {LONGEST:,} characters were read. {said}"
    merges = "".join(
        f"<li><code>{shown(pieces[merge.pair[0]])}</code> + "
        f"<code>{shown(pieces[merge.pair[1]])}</code> → "
        f"<code>{shown(pieces[merge.id])}</code>, {merge.count} times</li>"
        for merge in trained.merges
    )
    spelled = [visible(pieces[token]) for token in trained.encode(word[:60])]
    return (
        f'<p role="status">{said}</p><div>{plain_spans([visible(pieces[t]) for t in tokens])}</div>'
        f"<p>{html.escape(word[:60])}: {len(spelled)} tokens {plain_spans(spelled)}</p>"
        f'<ol style="columns:2;font-size:0.85rem;padding-left:1.6rem">{merges}</ol>'
    )


def plain_spans(labels: Sequence[str]) -> str:
    """Colored tokens without anything below them."""
    return colored(labels, [""] * len(labels), labels)


def shown(piece: bytes) -> str:
    """A token as escaped HTML."""
    return html.escape(visible(piece))


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m demos.tokenization", description=TITLE)
    parser.add_argument("--text", default=PRESETS["Rare words"], help="text to tokenize")
    parser.add_argument(
        "--merges", type=int, default=12, help=f"merges to learn, up to {MOST_MERGES}"
    )
    parser.add_argument("--word", default=WORD, help="word to spell with the merges learned")
    parser.add_argument("--corpus", default=TEXT, help="text to learn the merges from")
    args = parser.parse_args(argv)
    try:
        print_result(run(**vars(args)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def print_result(result: Tokenization) -> None:
    """Everything as lines of text."""
    splits = result.splits
    print(f"{splits.text!r}\n{len(splits.text)} characters, {len(splits.text.encode())} bytes")
    for split in splits.all:
        print(f"\n{split.name}, {split.method}, vocabulary {split.vocabulary:,}")
        per_token = splits.per_token(split)
        print(f"  {len(split.tokens)} tokens, {per_token:.2f} characters per token")
        print("  " + " ".join("[UNK]" if t.unknown else visible(t.piece) for t in split.tokens))
        print("  " + " ".join(str(token.id) for token in split.tokens))
        print(f"  decodes to the same text: {'yes' if split.back == splits.text else 'no'}")
    print("\nA BPE of our own learns these merges:")
    pieces = result.trained.pieces
    for number, merge in enumerate(result.trained.merges, 1):
        left, right, both = (visible(pieces[token]) for token in (*merge.pair, merge.id))
        print(f"  {number:3}  {left} + {right} -> {both}  ({merge.count} times)")
    print("It spells the word as: " + " | ".join(visible(piece) for piece in result.word))


if __name__ == "__main__":
    sys.exit(main())
