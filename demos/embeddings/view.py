"""The four tabs of the embeddings demo: texts, analogies, words in context, first values."""

from collections.abc import Callable
from functools import cache

import gradio as gr

from demos.embeddings import QUESTIONS, initialization, neighbors, senses
from demos.embeddings import figures as draw
from demos.embeddings import word_vectors as vectors
from demos.embeddings.initialization_figures import describe_start, learned_table, loss_plot
from demos.embeddings.run import EXPRESSIONS, TEXTS
from demos.embeddings.word_vectors import Table
from demos.shared.charts import Figure
from demos.shared.panel import (
    LIGHT,
    SLOW,
    guide_links,
    handler,
    lines_of,
    plot_of,
    source_of,
    working,
)
from demos.shared.weights import Weights

SCALES = (0.002, 0.005, 0.02, 0.036, 0.1, 0.3, 1.0)


def view(weights: Weights) -> gr.Textbox:
    """Four tabs; returns the box for texts."""
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


def texts_tab(weights: Weights) -> gr.Textbox:
    """Own lines: similarity matrix and nearest entries of the guide."""
    box = gr.Textbox(
        "\n".join(TEXTS), lines=4, max_lines=10, label="Words or sentences, one on each line"
    )
    button = gr.Button("Compare", variant="primary")
    said, plot, near = gr.HTML(), plot_of("Heat map of cosines between your lines"), gr.HTML()

    @handler(working("the guide's index"), failed=[None, ""])
    def show(text: str) -> tuple[str, Figure, str]:
        lines = lines_of(text)
        neighbors.check(lines)
        found = neighbors.compare(weights.library(), lines, 3 if len(lines) <= 3 else 1)
        return draw.describe_matrix(found), draw.heat_map(found), draw.neighbor_tables(found)

    button.click(show, box, [said, plot, near], **SLOW)
    source_of(neighbors.compare, vectors.cosines)
    return box


def analogies_tab(table: Callable[[str], Table]) -> None:
    """Arithmetic on static word vectors, with and without the words put in."""
    choice = gr.Radio(
        [("MiniLM", "minilm"), ("SmolLM2 (loads in about 15 s)", "smollm2")],
        value="minilm",
        label="Input embedding table",
    )
    box = gr.Dropdown(
        list(EXPRESSIONS), label="Words with + and -, your own too", allow_custom_value=True
    )
    guess = gr.Textbox("", label="Your guess: the nearest word", max_length=40)
    button = gr.Button("Reveal", variant="primary")
    said = gr.HTML()

    @handler(working("the embedding table"))
    def show(name: str, expression: str | None, guessed: str) -> str:
        vectors.parse(expression or "")
        return draw.analogy_table(vectors.analogy(table(name), expression or ""), guessed)

    gr.on([button.click, guess.submit], show, [choice, box, guess], said, **SLOW)
    source_of(vectors.analogy, vectors.nearest)


def senses_tab(weights: Weights) -> None:
    """One word in several sentences: the table's cosine and each layer's."""
    word = gr.Textbox(senses.WORD, label="Word", max_length=40)
    box = gr.Textbox("\n".join(senses.SENTENCES), lines=3, label="2 to 4 sentences that hold it")
    label = "Your guess: the cosine of the word in sentences 1 and 2 after the last layer"
    guess = gr.Slider(0, 1, 0.5, step=0.01, label=label)
    button = gr.Button("Reveal", variant="primary")
    said, plot = gr.HTML(), plot_of("Cosine of the word's vectors in each layer")

    @handler(working("MiniLM"), failed=[None])
    def show(word: str, text: str, guessed: float) -> tuple[str, Figure]:
        senses.check(word.strip(), lines_of(text))
        found = senses.compare(weights.minilm(), word, lines_of(text))
        return draw.describe_senses(found, guessed), draw.layer_plot(found)

    gr.on([button.click, word.submit], show, [word, box, guess], [said, plot], **SLOW)
    source_of(senses.compare, senses.vectors_of)


def start_tab(weights: Weights, tab: gr.Tab) -> None:
    """A fresh table: row lengths, cosines and the first loss at each scale; drawn when opened."""
    start = initialization.initialize()
    scale = gr.Radio(
        list(SCALES), value=start.scale, label="Scale s: entries are drawn from N(0, s)"
    )
    width = gr.Slider(64, 2048, start.dimension, step=64, label="Columns d")
    said = gr.HTML(describe_start(start))
    plot = plot_of("First loss at each scale of the initial values")
    button = gr.Button("Compare with trained tables")
    trained = gr.HTML()

    def show(scale: float, width: int) -> tuple[str, Figure]:
        start = initialization.initialize(scale, int(width))
        return describe_start(start), loss_plot(start, SCALES)

    @handler(working("the tables of MiniLM and SmolLM2"))
    def measure() -> str:
        models = (weights.minilm(), weights.smollm2())
        return learned_table(
            [initialization.measure(m.name, vectors.input_rows(m)) for m in models]
        )

    gr.on([tab.select, scale.change, width.release], show, [scale, width], [said, plot], **LIGHT)
    button.click(measure, None, trained, **SLOW)
    source_of(initialization.initialize)
