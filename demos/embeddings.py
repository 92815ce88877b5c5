"""Texts as vectors: neighbors in the guide, similarity, analogies, context, and first values.

    python -m demos.embeddings
    python -m demos.embeddings --expression "paris - france + italy" --word bank

Every cosine is computed from the weights that search the guide (MiniLM) or from SmolLM2's input
table. With unit vectors a cosine is a dot product: (0.6, 0.8) . (0.8, 0.6) = 0.96.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from demos import embedding_figures as draw
from demos import initialization, neighbors, senses, vectors
from demos.initialization import Learned, Start
from demos.neighbors import Compared
from demos.panel import LIGHT, SLOW, guide_links, lines_of, plot_of, problem, source_of, working
from demos.senses import Senses
from demos.vectors import Analogy, Table
from demos.weights import Weights, open_weights
from tutor.errors import TutorError

TITLE = "Embeddings"
QUESTIONS = (10,)
TEXTS = (
    "My GPU runs out of RAM when I train.",
    "Training stopped: CUDA out of memory.",
    "The film was wonderful.",
    "I loved that movie.",
)
EXPRESSIONS = (
    "king - man + woman",
    "went - go + eat",
    "cats - cat + dog",
    "paris - france + italy",
    "better - good + bad",
    "doctor - man + woman",
)
SCALES = (0.002, 0.005, 0.02, 0.036, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Result:
    """Everything the demo shows."""

    compared: Compared
    analogies: tuple[Analogy, ...]
    senses: Senses
    start: Start
    learned: tuple[Learned, ...]


def run(
    texts: Sequence[str] = TEXTS,
    expression: str = EXPRESSIONS[0],
    word: str = senses.WORD,
    sentences: Sequence[str] = senses.SENTENCES,
    scale: float = 0.02,
    dimension: int = 768,
    seed: int = 0,
    weights: Weights | None = None,
) -> Result:
    """All five parts; InputError for what cannot be used, before any model is loaded."""
    neighbors.check(texts)
    vectors.parse(expression)
    senses.check(word.strip(), sentences)
    start = initialization.initialize(scale, dimension, seed=seed)
    weights = weights or open_weights()
    models = (weights.smollm2(), weights.minilm())
    return Result(
        neighbors.compare(weights.library(), texts),
        tuple(vectors.analogy(vectors.word_table(model), expression) for model in models),
        senses.compare(weights.minilm(), word, sentences),
        start,
        tuple(initialization.measure(m.name, vectors.input_rows(m)) for m in models),
    )


def view(weights: Weights) -> Any:
    """Four tabs; returns the box for texts."""
    import gradio as gr

    table = cache(lambda name: vectors.word_table(getattr(weights, name)()))
    guide_links("Words and texts as vectors, and what a cosine says about them.", QUESTIONS)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Texts"):
            box = texts_tab(weights)
        with gr.Tab("Analogies"):
            analogies_tab(table)
        with gr.Tab("In context"):
            senses_tab(weights)
        with gr.Tab("First values") as tab:
            start_tab(weights, tab)
    return box


def texts_tab(weights: Weights) -> Any:
    """Own lines: similarity matrix and nearest entries of the guide."""
    import gradio as gr

    box = gr.Textbox(
        "\n".join(TEXTS), lines=4, max_lines=10, label="Words or sentences, one on each line"
    )
    button = gr.Button("Compare", variant="primary")
    said, plot, near = gr.HTML(), plot_of("Heat map of cosines between your lines"), gr.HTML()

    def show(text: str) -> Iterator[tuple[Any, Any, Any]]:
        yield working("the guide's index"), gr.skip(), gr.skip()
        try:
            lines = lines_of(text)
            neighbors.check(lines)
            found = neighbors.compare(weights.library(), lines, 3 if len(lines) <= 3 else 1)
        except TutorError as error:
            yield problem(error), None, ""
            return
        yield draw.describe_matrix(found), draw.heat_map(found), draw.neighbor_tables(found)

    button.click(show, box, [said, plot, near], **SLOW)
    source_of(neighbors.compare, vectors.cosines)
    return box


def analogies_tab(table: Callable[[str], Table]) -> None:
    """Arithmetic on static word vectors, with and without the words put in."""
    import gradio as gr

    choice = gr.Radio(
        [("MiniLM", "minilm"), ("SmolLM2 (loads in about 15 s)", "smollm2")],
        value="minilm",
        label="Input embedding table",
    )
    box = gr.Dropdown(
        list(EXPRESSIONS), label="Words with + and -, your own too", allow_custom_value=True
    )
    guess = gr.Textbox(label="Your guess: the nearest word", max_length=40)
    button = gr.Button("Reveal", variant="primary")
    said = gr.HTML()

    def show(name: str, expression: str | None, guessed: str) -> Iterator[str]:
        yield working("the embedding table")
        try:
            vectors.parse(expression or "")
            found = vectors.analogy(table(name), expression or "")
            yield draw.analogy_table(found, guessed)
        except TutorError as error:
            yield problem(error)

    gr.on([button.click, guess.submit], show, [choice, box, guess], said, **SLOW)
    source_of(vectors.analogy, vectors.nearest)


def senses_tab(weights: Weights) -> None:
    """One word in several sentences: the table's cosine and each layer's."""
    import gradio as gr

    word = gr.Textbox(senses.WORD, label="Word", max_length=40)
    box = gr.Textbox("\n".join(senses.SENTENCES), lines=3, label="2 to 4 sentences that hold it")
    label = "Your guess: the cosine of the word in sentences 1 and 2 after the last layer"
    guess = gr.Slider(0, 1, 0.5, step=0.01, label=label)
    button = gr.Button("Reveal", variant="primary")
    said, plot = gr.HTML(), plot_of("Cosine of the word's vectors in each layer")

    def show(word: str, text: str, guessed: float) -> Iterator[tuple[Any, Any]]:
        yield working("MiniLM"), gr.skip()
        try:
            senses.check(word.strip(), lines_of(text))
            found = senses.compare(weights.minilm(), word, lines_of(text))
        except TutorError as error:
            yield problem(error), None
            return
        yield draw.describe_senses(found, guessed), draw.layer_plot(found)

    gr.on([button.click, word.submit], show, [word, box, guess], [said, plot], **SLOW)
    source_of(senses.compare, senses.vectors_of)


def start_tab(weights: Weights, tab: Any) -> None:
    """A fresh table: row lengths, cosines and the first loss at each scale; drawn when opened."""
    import gradio as gr

    start = initialization.initialize()
    scale = gr.Radio(
        list(SCALES), value=start.scale, label="Scale s: entries are drawn from N(0, s)"
    )
    width = gr.Slider(64, 2048, start.dimension, step=64, label="Columns d")
    said = gr.HTML(draw.describe_start(start))
    plot = plot_of("First loss at each scale of the initial values")
    button = gr.Button("Compare with trained tables")
    trained = gr.HTML()

    def show(scale: float, width: int) -> tuple[str, Any]:
        start = initialization.initialize(scale, int(width))
        return draw.describe_start(start), draw.loss_plot(start, SCALES)

    def measure() -> Iterator[str]:
        yield working("the tables of MiniLM and SmolLM2")
        try:
            models = (weights.minilm(), weights.smollm2())
            found = [initialization.measure(m.name, vectors.input_rows(m)) for m in models]
            yield draw.learned_table(found)
        except TutorError as error:
            yield problem(error)

    gr.on([tab.select, scale.change, width.release], show, [scale, width], [said, plot], **LIGHT)
    button.click(measure, None, trained, **SLOW)
    source_of(initialization.initialize)


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.embeddings", description="Texts and words as vectors."
    )
    parser.add_argument("--texts", nargs="+", default=list(TEXTS), help="texts to compare")
    parser.add_argument("--expression", default=EXPRESSIONS[0], help="words joined by + and -")
    parser.add_argument("--word", default=senses.WORD, help="word to follow through the sentences")
    parser.add_argument(
        "--sentences", nargs="+", default=list(senses.SENTENCES), help="2 to 4 that hold the word"
    )
    parser.add_argument("--scale", type=float, default=0.02, help="spread of a fresh table")
    parser.add_argument("--dimension", type=int, default=768, help="columns of a fresh table")
    parser.add_argument("--seed", type=int, default=0, help="seed of the fresh table")
    args = parser.parse_args(argv)
    try:
        print_result(run(**vars(args)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def print_result(result: Result) -> None:
    """Everything as lines of text."""
    compared = result.compared
    for n, text in enumerate(compared.texts):
        print(f"{n + 1}  {text}")
        print("   cosines   ", "  ".join(f"{value:5.2f}" for value in compared.matrix[n]))
        for side, found in (("question", compared.questions[n]), ("answer", compared.answers[n])):
            match = found[0]
            print(f"   {side:8}  {match.cosine:5.2f}  Q{match.number} {match.text[:70]!r}")
    for analogy in result.analogies:
        print(f"\n{analogy.expression}   ({analogy.table}, static)")
        columns = {
            "all words": analogy.everything,
            "inputs left out": analogy.others,
            "first word alone": analogy.first_alone,
        }
        for name, words in columns.items():
            print(f"  {name:17}", "  ".join(f"{n.word} {n.cosine:.2f}" for n in words))
    print(f"\n'{result.senses.word}' in context (MiniLM): cosine in the table, then layers 0 to 6")
    for pair in result.senses.pairs:
        layers = " ".join(f"{value:.2f}" for value in pair.layers)
        print(f"  sentences {pair.first + 1} and {pair.second + 1}: {pair.table:.2f} | {layers}")
    start = result.start
    print(f"\nA fresh table from N(0, {start.scale:g}) with {start.dimension} columns:")
    print(f"  row length {start.norm:.3f} (s √d = {start.expected_norm:.3f}), cosine of two rows")
    print(
        f"  0 ± {start.cosine_spread:.3f} (1/√d = {start.expected_cosine_spread:.3f}), first loss"
    )
    print(f"  {start.loss:.2f} nats against log {start.vocabulary} = {start.uniform_loss:.2f}")
    for one in result.learned:
        print(f"Trained, {one.name}: row length {one.norm:.2f}, cosine of two rows", end=" ")
        print(f"{one.cosine_mean:.2f} ± {one.cosine_spread:.2f}")


if __name__ == "__main__":
    sys.exit(main())
