"""The three tabs of the fine-tuning demo: training and forgetting, rank, four bits."""

import html
from collections.abc import Iterator
from functools import cache
from typing import Any

from demos import fine_tuning as demo
from demos import forgetting, lora, low_rank, quantize
from demos import training_figures as tell
from demos import tuning_figures as draw
from demos.curriculum import MOST_SENTENCES, NEW, OLD, PROMPT, Task, check_task
from demos.low_rank import Array, Cost
from demos.matrices import MINILM, SMOLLM2, minilm_matrix, smollm2_matrix
from demos.panel import LIGHT, SLOW, guide_links, lines_of, plot_of, problem, source_of, working
from demos.weights import Weights
from tutor.errors import TutorError

RATES = (3e-4, 7e-4, 1e-3)
LONGEST_TEXT = 4000  # characters


def build(weights: Weights) -> Any:
    """The whole tab inside the current Blocks; returns the box for the new text."""
    import gradio as gr

    guide_links("A real model learns a few sentences while you watch what it forgets; what an "
                "adapter costs; weights in four bits.", demo.QUESTIONS)  # fmt: skip
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Training"):
            box = training_tab(weights)
        with gr.Tab("Rank"):
            rank_tab(weights)
        with gr.Tab("Four bits"):
            four_bits_tab(weights)
    return box


def training_tab(weights: Weights) -> Any:
    """Own sentences learned three ways, with a way to stop."""
    import gradio as gr

    limit = f"1 to {MOST_SENTENCES} sentences, one on each line"
    new = gr.Textbox("\n".join(NEW), label=f"New text to learn: {limit}", lines=4, max_lines=8,
                     max_length=LONGEST_TEXT)  # fmt: skip
    with gr.Accordion("Old text to watch", open=False):
        old = gr.Textbox("\n".join(OLD), label=limit, lines=4, max_lines=8,
                         max_length=LONGEST_TEXT)  # fmt: skip
    with gr.Row():
        prompt = gr.Textbox(PROMPT, label="Prompt to watch", max_length=120, min_width=200)
        guess = gr.Textbox(label="Predict: its next word after LoRA?", max_length=40,
                           placeholder="Paris, or …", min_width=200)  # fmt: skip
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

    def show(
        new: str, old: str, prompt: str, guess: str, rank: int, goal: float, rate: float
    ) -> Iterator[tuple[Any, Any, Any]]:
        yield working("SmolLM2"), "", gr.skip()
        try:
            task = Task(tuple(lines_of(new)), tuple(lines_of(old)), prompt, int(rank), rate, goal)
            check_task(task)
            line = ""
            for course in forgetting.train(weights.smollm2(), task):
                drawn = gr.update(value=tell.loss_plot(course), visible=True)
                said = tell.describe_training(course, guess)
                # Only a new line is sent: a late one would hide that the training was stopped.
                before, line = line, tell.progress(course)
                yield told(line) if line != before else gr.skip(), said, drawn
        except TutorError as error:
            yield problem(error), "", gr.update(visible=False)

    inputs = [new, old, prompt, guess, rank, goal, rate]
    training = button.click(show, inputs, [status, said, plot], **SLOW)
    stopped = "Stopped. The model itself is as it was: a copy of its layers was trained."
    halt.click(lambda: told(stopped), None, status, cancels=[training], **LIGHT)
    return new


def told(text: str) -> str:
    """A status line."""
    return f'<p role="status" style="opacity:0.7">{html.escape(text)}</p>'


def rank_tab(weights: Weights) -> None:
    """A matrix of SmolLM2: what each rank keeps and costs."""
    import gradio as gr

    with gr.Row():
        name = gr.Dropdown(list(SMOLLM2), value=SMOLLM2[0], label="Matrix", min_width=220)
        layer = gr.Slider(1, 30, 27, step=1, label="Layer", min_width=160)
    rank = gr.Slider(1, 192, 8, step=1, label="Rank")
    guess = gr.Slider(0, 100, 50, step=1, label="Predict: the error left at that rank, in %")
    button = gr.Button("Reveal", variant="primary")
    said, plot = gr.HTML(), plot_of("Error left at each rank", visible=False)
    held = gr.State(None)
    source_of(low_rank.errors, low_rank.Cost, low_rank.memory)

    def show(name: str, layer: int, rank: int, guessed: float) -> Iterator[tuple[Any, Any, Any]]:
        yield working("the matrix"), gr.skip(), gr.skip()
        try:
            matrix = smollm2_matrix(weights.smollm2(), int(layer), name)
            cost = demo.cost_of(int(rank), matrix)
            kept, random = low_rank.errors(matrix), low_rank.random_errors(*matrix.shape)
        except TutorError as error:
            yield problem(error), gr.update(visible=False), None
            return
        drawn = gr.update(value=draw.rank_plot(kept, random, cost.rank), visible=True)
        yield draw.describe_rank(kept, cost, guessed), drawn, (cost, kept, random)

    def move(rank: int, held: tuple[Cost, Array, Array] | None) -> tuple[Any, Any]:
        if held is None:
            return gr.skip(), gr.skip()
        cost, kept, random = held
        cost = Cost(min(int(rank), len(kept) - 1), cost.rows, cost.columns)
        return draw.describe_rank(kept, cost), draw.rank_plot(kept, random, cost.rank)

    button.click(show, [name, layer, rank, guess], [said, plot, held], **SLOW)
    rank.release(move, [rank, held], [said, plot], **LIGHT)


def four_bits_tab(weights: Weights) -> None:
    """A matrix of MiniLM in NF4 and in int4."""
    import gradio as gr

    gr.Markdown("MiniLM's weights, because they are stored in full precision; SmolLM2's file "
                "holds 4-bit weights already.")  # fmt: skip
    with gr.Row():
        name = gr.Dropdown(list(MINILM), value=MINILM[0], label="Matrix", min_width=220)
        layer = gr.Slider(1, 6, 3, step=1, label="Layer", min_width=160)
    block = gr.Radio(list(quantize.BLOCKS), value=quantize.BLOCK, label="Weights per scale")
    guess = gr.Radio(["NF4", "int4"], label="Predict: which has the smaller error?")
    button = gr.Button("Reveal", variant="primary")
    said, plot = gr.HTML(), plot_of("Weights, and the levels of both formats", visible=False)
    count = cache(lambda block: demo.wins(weights.minilm(), block))
    source_of(quantize.nf4_levels, quantize.quantize, quantize.scheme)

    def show(name: str, layer: int, block: int, guessed: str | None) -> Iterator[tuple[Any, Any]]:
        yield working("all matrices of MiniLM"), gr.skip()
        try:
            matrix = minilm_matrix(weights.minilm(), int(layer), name)
            schemes = quantize.compare(matrix, int(block))
            text = draw.describe_schemes(schemes, count(int(block)), guessed)
        except TutorError as error:
            yield problem(error), gr.update(visible=False)
            return
        yield text, gr.update(value=draw.level_plot(matrix, int(block)), visible=True)

    button.click(show, [name, layer, block, guess], [said, plot], **SLOW)
