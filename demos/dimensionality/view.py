"""The three tabs of the dimensionality demo: map, eigenvalues, shorter vectors."""

from collections.abc import Callable
from functools import cache

import gradio as gr

from demos.dimensionality import QUESTIONS
from demos.dimensionality import figures as draw
from demos.dimensionality.map_figures import category_legend, describe_place, draw_map
from demos.dimensionality.pca import Components, principal_components, same_group
from demos.dimensionality.question_map import (
    LONGEST,
    QuestionMap,
    check,
    cuts,
    embed_questions,
    place,
)
from demos.dimensionality.run import QUESTION
from demos.shared.charts import Figure
from demos.shared.panel import (
    LIGHT,
    SLOW,
    Update,
    guide_links,
    handler,
    plot_of,
    source_of,
    working,
)
from demos.shared.weights import Weights


def view(weights: Weights) -> gr.Textbox:
    """Three tabs; returns the box for the question."""
    questions = cache(lambda: embed_questions(weights.library()))
    guide_links("All questions of the guide as 384 numbers each, and fewer.", QUESTIONS)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Map"):
            box = map_tab(weights, questions)
        with gr.Tab("Eigenvalues"):
            eigenvalues_tab(questions)
        with gr.Tab("Shorter vectors"):
            cuts_tab(questions)
    return box


def map_tab(weights: Weights, questions: Callable[[], QuestionMap]) -> gr.Textbox:
    """The first two components of every question, and one's own among them."""
    box = gr.Textbox(QUESTION, label="Your question", max_length=LONGEST)
    button = gr.Button("Place it on the map", variant="primary")
    said, plot, legend = gr.HTML(), plot_of("Map of questions, yours among them"), gr.HTML()

    @handler(working("all questions of the guide"), failed=[None, ""])
    def show(question: str) -> tuple[str, Figure, str]:
        check(question)
        vector = weights.library().embedder.embed([question])[0]
        placed = place(questions(), question, vector)
        titles = {c.folder: c.title for c in weights.library().guide.categories}
        text = describe_place(placed, questions())
        return text, draw_map(placed, questions(), titles), category_legend(titles)

    gr.on([button.click, box.submit], show, box, [said, plot, legend], **SLOW)
    source_of(principal_components, Components.project, place)
    return box


def eigenvalues_tab(questions: Callable[[], QuestionMap]) -> None:
    """How much each component holds, and how many are needed."""
    guess = gr.Slider(1, 384, 100, step=1, label="Your guess: components that keep 90 %")
    button = gr.Button("Reveal", variant="primary")
    share = gr.Slider(0.1, 0.99, 0.9, step=0.01, label="Share of the variance to keep")
    said, plot = gr.HTML(), plot_of("Eigenvalues of the components, largest first")
    held = gr.State(None)

    @handler(
        working("all questions of the guide"), failed=[None, None], meanwhile=[gr.skip(), None]
    )
    def show(share: float, guessed: float) -> tuple[str, Figure, Components]:
        parts = questions().components
        words = draw.judge_guess(parts, int(guessed)) + draw.describe_components(parts, share)
        return words, draw.draw_eigenvalues(parts, share), parts

    def again(share: float, parts: Components | None) -> tuple[str | Update, Figure | Update]:
        if parts is None:  # nothing has been revealed yet
            return gr.skip(), gr.skip()
        return draw.describe_components(parts, share), draw.draw_eigenvalues(parts, share)

    button.click(show, [share, guess], [said, plot, held], **SLOW)
    share.release(again, [share, held], [said, plot], **LIGHT)
    source_of(principal_components, Components.needed)


def cuts_tab(questions: Callable[[], QuestionMap]) -> None:
    """What shortening costs a search."""
    button = gr.Button("Measure the search", variant="primary")
    said, plot = gr.HTML(), plot_of("Search hits against numbers kept")

    @handler(working("all questions of the guide"), failed=[None])
    def show() -> tuple[str, Figure]:
        found = cuts(questions())
        return draw.describe_cuts(found), draw.draw_cuts(found)

    button.click(show, None, [said, plot], **SLOW)
    source_of(cuts, same_group)
