"""The tab of the prompting demo: a problem of one's own, a scored set, the prompts word by word."""

from collections.abc import Callable, Iterator, Sequence

import gradio as gr

from demos.prompting import QUESTIONS, figures
from demos.prompting import prompts as styles
from demos.prompting import run as demo
from demos.prompting.comparison import ask, chosen_items, compare, own_item
from demos.prompting.tasks import ARITHMETIC, OPEN, TASKS, Item, Task, task_named
from demos.shared.panel import (
    LIGHT,
    SLOW,
    Running,
    Update,
    guide_links,
    handler,
    source_of,
    working,
)
from demos.shared.style import CARDS, TABLES
from demos.shared.weights import Weights

LABELS = {"arithmetic": "word problems", "tickets": "customer messages", "open": "open question"}
SECONDS = 90.0  # a comparison in the tab ends after this time
Picture = Callable[..., str]


def view(weights: Weights) -> gr.Textbox:
    """The whole tab inside the current Blocks; returns the problem's box."""
    guide_links(
        "The model that answers in the chat, asked in three ways. Only the prompt differs.",
        QUESTIONS,
    )
    text = gr.Textbox(
        demo.PROBLEM, label="Your problem", max_lines=4, max_length=styles.LONGEST_PROBLEM
    )
    task = gr.Radio(
        [(LABELS[t.name], t.name) for t in TASKS], value=ARITHMETIC.name, label="Kind of problem"
    )
    answer = gr.Textbox(demo.ANSWER, label="Its right answer, if you know it", max_length=100)
    free = gr.Checkbox(False, label="No grammar: a reply may be anything")
    with gr.Row():
        own = gr.Button("Ask three ways", variant="primary", min_width=140)
        halt = gr.Button("Stop", variant="stop", min_width=80)
    replied = gr.HTML(css_template=TABLES + CARDS)
    with gr.Accordion("The three prompts, word by word", open=False):
        shown = gr.HTML(prompts(demo.PROBLEM, ARITHMETIC.name), css_template=CARDS)
    gr.Markdown("One problem proves little. Score all three on problems with known answers:")
    guess = gr.Radio(styles.STYLES, label="Predict: which prompt gets the most right?")
    count = gr.Slider(4, 12, demo.ITEMS, step=1, label="Problems")
    with gr.Row():
        score = gr.Button("Score all three", variant="primary", min_width=140)
        stop = gr.Button("Stop", variant="stop", min_width=80)
    said = gr.HTML(css_template=TABLES + CARDS)
    running = gr.State(Running())  # a visitor's own
    source_of(styles.build, styles.grammar, styles.read_answer, ask)

    def one(text: str, answer: str, task: str, free: bool, running: Running) -> Iterator[str]:
        chosen = task_named(task)
        yield from trial(
            weights, chosen, lambda: (own_item(chosen, text, answer),), free, running, figures.asked
        )

    def many(task: str, count: float, free: bool, guess: str, running: Running) -> Iterator[str]:
        chosen = task_named(task)
        yield from trial(
            weights,
            chosen,
            lambda: chosen_items(chosen, int(count)),
            free,
            running,
            figures.scored,
            guess,
        )

    own.click(one, [text, answer, task, free, running], replied, **SLOW)
    text.submit(one, [text, answer, task, free, running], replied, **SLOW)
    score.click(many, [task, count, free, guess, running], said, **SLOW)
    gr.on([halt.click, stop.click], Running.stop, running, None, **LIGHT)
    gr.on([text.change, task.change], prompts, [text, task], shown, **LIGHT)
    text.change(kind, [text, task, answer], [task, answer], **LIGHT)
    return text


@handler(working("the tutor's model"))
def trial(
    weights: Weights,
    task: Task,
    items: Callable[[], Sequence[Item]],
    free: bool,
    running: Running,
    picture: Picture,
    guess: str | None = None,
) -> Iterator[str]:
    """Ask all styles, and show how it goes; at the end the guess beside what came out."""
    running.stopped = False
    asked = items()
    engine = weights.engine()
    for found in compare(engine, task, asked, not free, SECONDS, lambda: running.stopped):
        yield picture(found)
    yield figures.verdict(found, guess) + picture(found, stopped=True)


@handler()
def prompts(text: str, task: str) -> str:
    """The three prompts, or what is wrong with the text."""
    return figures.prompts(task_named(task), text)


def kind(text: str, task: str, answer: str) -> tuple[str | Update, str | Update]:
    """What changes with the text: without a digit it is no word problem, and has another answer."""
    changed = task == ARITHMETIC.name and not any(letter.isdigit() for letter in text)
    outdated = answer == demo.ANSWER and text.strip() != demo.PROBLEM
    return OPEN.name if changed else gr.skip(), "" if outdated else gr.skip()
