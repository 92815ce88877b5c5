"""The three tabs of the fine-tuning demo: training and forgetting, rank, four bits."""

from collections.abc import Iterator
from functools import cache

import gradio as gr

from demos.fine_tuning import QUESTIONS, forgetting, lora, low_rank, quantization
from demos.fine_tuning import figures as draw
from demos.fine_tuning import run as demo
from demos.fine_tuning import training_figures as tell
from demos.fine_tuning.low_rank import Cost
from demos.fine_tuning.matrices import MINILM, SMOLLM2, minilm_matrix, smollm2_matrix
from demos.fine_tuning.task import MOST_SENTENCES, NEW, OLD, PROMPT, Task, check_task
from demos.shared.arrays import Array
from demos.shared.charts import Figure
from demos.shared.panel import (
    HIDDEN,
    LIGHT,
    SLOW,
    Update,
    faded,
    guide_links,
    handler,
    lines_of,
    plot_of,
    plotted,
    source_of,
    working,
)
from demos.shared.weights import Weights

RATES = (3e-4, 7e-4, 1e-3)
LONGEST_TEXT = 4000  # characters


def view(weights: Weights) -> gr.Textbox:
    """The whole tab inside the current Blocks; returns the box for the new text."""
    guide_links(
        "A real model learns a few sentences while you watch what it forgets; what an "
        "adapter costs; weights in four bits.",
        QUESTIONS,
    )
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Training"):
            box = training_tab(weights)
        with gr.Tab("Rank"):
            rank_tab(weights)
        with gr.Tab("Four bits"):
            four_bits_tab(weights)
    return box


def training_tab(weights: Weights) -> gr.Textbox:
    """Own sentences learned three ways, with a way to stop."""
    limit = f"1 to {MOST_SENTENCES} sentences, one on each line"
    new = gr.Textbox(
        "\n".join(NEW),
        label=f"New text to learn: {limit}",
        lines=4,
        max_lines=8,
        max_length=LONGEST_TEXT,
    )
    with gr.Accordion("Old text to watch", open=False):
        old = gr.Textbox("\n".join(OLD), label=limit, lines=4, max_lines=8, max_length=LONGEST_TEXT)
    with gr.Row():
        prompt = gr.Textbox(PROMPT, label="Prompt to watch", max_length=120, min_width=200)
        guess = gr.Textbox(
            "",
            label="Predict: its next word after LoRA?",
            max_length=40,
            placeholder="Paris, or …",
            min_width=200,
        )
    with gr.Row():
        rank = gr.Slider(1, 64, 8, step=1, label="Rank of LoRA", min_width=200)
        goal = gr.Slider(0.2, 3.0, 0.5, step=0.1, label="Goal for the new loss", min_width=200)
    rate = gr.Radio(list(RATES), value=RATES[1], label="Adam's rate (LoRA: 10 times)")
    with gr.Row():
        button = gr.Button("Train all three ways", variant="primary", min_width=140)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    status = gr.HTML()
    said = gr.HTML()
    plot = plot_of("Old text's loss against new text's", visible=False)
    source_of(forgetting.step, lora.attach, lora.adapt, lora.merge)

    @handler(working("SmolLM2"), failed=["", HIDDEN], meanwhile=["", gr.skip()])
    def show(
        new: str, old: str, prompt: str, guess: str, rank: int, goal: float, rate: float
    ) -> Iterator[tuple[str | Update, str, Update]]:
        task = Task(tuple(lines_of(new)), tuple(lines_of(old)), prompt, int(rank), rate, goal)
        check_task(task)
        line = ""
        for training in forgetting.train(weights.smollm2(), task):
            # Only a new line is sent: a late one would hide that the training was stopped.
            before, line = line, tell.progress(training)
            said = tell.describe_training(training, guess)
            drawn = plotted(tell.loss_plot(training))
            yield faded(line) if line != before else gr.skip(), said, drawn

    inputs = [new, old, prompt, guess, rank, goal, rate]
    training = button.click(show, inputs, [status, said, plot], **SLOW)
    stopped = "Stopped. The model itself is as it was: a copy of its layers was trained."
    halt.click(lambda: faded(stopped), None, status, cancels=[training], **LIGHT)
    return new


def rank_tab(weights: Weights) -> None:
    """A matrix of SmolLM2: what each rank keeps and costs."""
    with gr.Row():
        name = gr.Dropdown(list(SMOLLM2), value=SMOLLM2[0], label="Matrix", min_width=220)
        layer = gr.Slider(1, 30, 27, step=1, label="Layer", min_width=160)
    rank = gr.Slider(1, 192, 8, step=1, label="Rank")
    guess = gr.Slider(0, 100, 50, step=1, label="Predict: the error left at that rank, in %")
    button = gr.Button("Reveal", variant="primary")
    said, plot = gr.HTML(), plot_of("Error left at each rank", visible=False)
    held = gr.State(None)
    source_of(low_rank.errors, low_rank.Cost, low_rank.memory)

    @handler(working("the matrix"), failed=[HIDDEN, None], meanwhile=[gr.skip()] * 2)
    def show(
        name: str, layer: int, rank: int, guessed: float
    ) -> tuple[str, Update, tuple[Cost, Array, Array]]:
        matrix = smollm2_matrix(weights.smollm2(), int(layer), name)
        cost = demo.cost_of(int(rank), matrix)
        kept, random = low_rank.errors(matrix), low_rank.random_errors(*matrix.shape)
        drawn = plotted(draw.rank_plot(kept, random, cost.rank))
        return draw.describe_rank(kept, cost, guessed), drawn, (cost, kept, random)

    def move(
        rank: int, held: tuple[Cost, Array, Array] | None
    ) -> tuple[str | Update, Figure | Update]:
        if held is None:
            return gr.skip(), gr.skip()
        cost, kept, random = held
        cost = Cost(min(int(rank), len(kept) - 1), cost.rows, cost.columns)
        return draw.describe_rank(kept, cost), draw.rank_plot(kept, random, cost.rank)

    button.click(show, [name, layer, rank, guess], [said, plot, held], **SLOW)
    rank.release(move, [rank, held], [said, plot], **LIGHT)


def four_bits_tab(weights: Weights) -> None:
    """A matrix of MiniLM in NF4 and in int4."""
    gr.Markdown(
        "MiniLM's weights, because they are stored in full precision; SmolLM2's file "
        "holds 4-bit weights already."
    )
    with gr.Row():
        name = gr.Dropdown(list(MINILM), value=MINILM[0], label="Matrix", min_width=220)
        layer = gr.Slider(1, 6, 3, step=1, label="Layer", min_width=160)
    block = gr.Radio(list(quantization.BLOCKS), value=quantization.BLOCK, label="Weights per scale")
    guess = gr.Radio(["NF4", "int4"], label="Predict: which has the smaller error?")
    button = gr.Button("Reveal", variant="primary")
    said, plot = gr.HTML(), plot_of("Weights, and the levels of both formats", visible=False)
    count = cache(lambda block: demo.wins(weights.minilm(), block))
    source_of(quantization.nf4_levels, quantization.quantize, quantization.scheme)

    @handler(working("all matrices of MiniLM"), failed=[HIDDEN])
    def show(name: str, layer: int, block: int, guessed: str | None) -> tuple[str, Update]:
        matrix = minilm_matrix(weights.minilm(), int(layer), name)
        schemes = quantization.compare(matrix, int(block))
        text = draw.describe_schemes(schemes, count(int(block)), guessed)
        return text, plotted(draw.level_plot(matrix, int(block)))

    button.click(show, [name, layer, block, guess], [said, plot], **SLOW)
