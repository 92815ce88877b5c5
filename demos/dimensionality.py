"""PCA of the guide's questions: eigenvalues, a map of the 21 categories, and your question on it.

    python -m demos.dimensionality
    python -m demos.dimensionality --question "Is LoRA low rank?" --share 0.8

The texts are all questions the guide answers, titles and follow-ups, as MiniLM's 384 numbers each.
A covariance of [[6.667, 5.333], [5.333, 6.667]] has the eigenvalues 12 and 1.333, so one direction
of two keeps 12 / 13.333 = 90 % of the variance. Here the first of 384 keeps about 4 %.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from demos import dimensionality_figures as draw
from demos.cloud import LONGEST, NEAR, Cloud, Cut, Place, check, cloud_of, cuts, place
from demos.components import Components, principal_components, same_group
from demos.panel import LIGHT, SLOW, guide_links, plot_of, problem, source_of, working
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "PCA"
QUESTIONS = (28,)
QUESTION = "Why does the model forget what it knew after fine-tuning?"


@dataclass(frozen=True)
class Result:
    """Everything the demo shows."""

    cloud: Cloud
    needed: int
    share: float
    place: Place
    cuts: tuple[Cut, ...]


def run(
    question: str = QUESTION, share: float = 0.9, seed: int = 0, weights: Weights | None = None
) -> Result:
    """PCA of the guide; InputError for an unusable question or a share outside 0 to 1."""
    check(question)
    if not 0 < share <= 1:
        raise InputError("The share of variance to keep lies above 0 and at most at 1.")
    library = (weights or open_weights()).library()
    cloud = cloud_of(library)
    vector = library.embedder.embed([question])[0]
    needed = cloud.components.needed(share)
    return Result(cloud, needed, share, place(cloud, question, vector), cuts(cloud, seed))


def view(weights: Weights) -> Any:
    """Three tabs; returns the box for the question."""
    import gradio as gr

    cloud = cache(lambda: cloud_of(weights.library()))
    guide_links("All questions of the guide as 384 numbers each, and fewer.", QUESTIONS)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Map"):
            box = map_tab(weights, cloud)
        with gr.Tab("Eigenvalues"):
            eigenvalues_tab(cloud)
        with gr.Tab("Shorter vectors"):
            cuts_tab(cloud)
    return box


def map_tab(weights: Weights, cloud: Any) -> Any:
    """The first two components of every question, and one's own among them."""
    import gradio as gr

    box = gr.Textbox(QUESTION, label="Your question", max_length=LONGEST)
    button = gr.Button("Place it on the map", variant="primary")
    said, plot, legend = gr.HTML(), plot_of("Map of questions, yours among them"), gr.HTML()

    def show(question: str) -> Iterator[tuple[Any, Any, Any]]:
        yield working("all questions of the guide"), gr.skip(), gr.skip()
        try:
            check(question)
            vector = weights.library().embedder.embed([question])[0]
            placed = place(cloud(), question, vector)
        except TutorError as error:
            yield problem(error), None, ""
            return
        titles = {c.folder: c.title for c in weights.library().guide.categories}
        text = draw.describe_place(placed, cloud())
        yield text, draw.draw_map(placed, cloud(), titles), draw.legend(titles)

    gr.on([button.click, box.submit], show, box, [said, plot, legend], **SLOW)
    source_of(principal_components, Components.project, place)
    return box


def eigenvalues_tab(cloud: Any) -> None:
    """How much each component holds, and how many are needed."""
    import gradio as gr

    guess = gr.Slider(1, 384, 100, step=1, label="Your guess: components that keep 90 %")
    button = gr.Button("Reveal", variant="primary")
    share = gr.Slider(0.1, 0.99, 0.9, step=0.01, label="Share of the variance to keep")
    said, plot = gr.HTML(), plot_of("Eigenvalues of the components, largest first")
    held = gr.State(None)

    def show(share: float, guessed: float) -> Iterator[tuple[Any, Any, Any]]:
        yield working("all questions of the guide"), gr.skip(), None
        try:
            parts = cloud().components
        except TutorError as error:
            yield problem(error), None, None
            return
        words, drawn = again(share, parts)
        yield draw.judge_guess(parts, int(guessed)) + words, drawn, parts

    def again(share: float, parts: Components | None) -> tuple[Any, Any]:
        if parts is None:  # nothing has been revealed yet
            return gr.skip(), gr.skip()
        return draw.describe_components(parts, share), draw.draw_eigenvalues(parts, share)

    button.click(show, [share, guess], [said, plot, held], **SLOW)
    share.release(again, [share, held], [said, plot], **LIGHT)
    source_of(principal_components, Components.needed)


def cuts_tab(cloud: Any) -> None:
    """What shortening costs a search."""
    import gradio as gr

    button = gr.Button("Measure the search", variant="primary")
    said, plot = gr.HTML(), plot_of("Search hits against numbers kept")

    def show() -> Iterator[tuple[Any, Any]]:
        yield working("all questions of the guide"), gr.skip()
        try:
            found = cuts(cloud())
        except TutorError as error:
            yield problem(error), None
            return
        yield draw.describe_cuts(found), draw.draw_cuts(found)

    button.click(show, None, [said, plot], **SLOW)
    source_of(cuts, same_group)


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.dimensionality", description="PCA of the guide's questions."
    )
    parser.add_argument("--question", default=QUESTION, help="text to place on the map")
    parser.add_argument("--share", type=float, default=0.9, help="variance to keep, 0 to 1")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random projection")
    args = parser.parse_args(argv)
    try:
        print_result(run(**vars(args)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def print_result(result: Result) -> None:
    """Everything as lines of text."""
    cloud, placed = result.cloud, result.place
    parts = cloud.components
    print(f"{len(cloud.texts)} questions of the guide, {cloud.vectors.shape[1]} numbers each")
    kept = np.cumsum(parts.shares)
    print("component    eigenvalue   share    kept")
    for number in (1, 2, 3, 4, 5, 10, 20, 50, 100):
        if number <= len(kept):
            row = number - 1
            value, share = parts.eigenvalues[row], parts.shares[row]
            print(f"{number:9} {value:13.5f} {share:7.2%} {kept[row]:7.1%}")
    print(f"{result.needed} components keep {result.share:.0%} of the variance\n")
    x, y = placed.spot
    print(f"{placed.text!r} is at ({x:.3f}, {y:.3f}); the map shows {placed.shown:.0%} of it")
    for index, cosine in zip(placed.neighbors[:3], placed.cosines, strict=False):
        print(f"  cosine {cosine:.2f}  Q{cloud.numbers[index]} {cloud.texts[index]}")
    print(f"  {placed.kept} of its {NEAR} nearest are also nearest on the map\n")
    print("numbers kept   components   coordinates   random   (nearest is of the same question)")
    for cut in result.cuts:
        print(f"{cut.size:12} {cut.components:12.1%} {cut.coordinates:13.1%} {cut.random:8.1%}")


if __name__ == "__main__":
    sys.exit(main())
