"""The three tabs of the retrieval demo: search, with and without, knowledge graph."""

from collections.abc import Callable, Iterator
from functools import cache

import gradio as gr

from demos.retrieval import QUESTIONS, grounding, hops
from demos.retrieval import graph_figures as draw
from demos.retrieval.coverage import in_passages
from demos.retrieval.figures import search_table, two_replies
from demos.retrieval.graph import Graph, build_graph
from demos.retrieval.ranking import LONGEST, check, fuse_ranks, ranks, search_traced
from demos.retrieval.run import ASKED, HOPS, QUESTION
from demos.shared.charts import Figure
from demos.shared.panel import (
    LIGHT,
    SLOW,
    Running,
    guide_links,
    handler,
    plot_of,
    source_of,
    working,
)
from demos.shared.weights import Weights


def view(weights: Weights) -> gr.Textbox:
    """Three tabs; returns the box for the question."""
    graph = cache(lambda: build_graph(weights.library().guide))
    guide_links("The search behind the tutor's answers, on your question.", QUESTIONS)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Search"):
            box = search_tab(weights)
        with gr.Tab("With and without"):
            replies_tab(weights, box)
        with gr.Tab("Knowledge graph"):
            graph_tab(weights, graph)
    return box


def search_tab(weights: Weights) -> gr.Textbox:
    """Every rank of the best passages, and the gate."""
    box = gr.Textbox(QUESTION, label="Your question", max_length=LONGEST)
    before = gr.Textbox(
        "", label="What you said before (the reader reads it too)", max_length=LONGEST
    )
    guess = gr.Radio(["covered", "not covered"], label="Your guess: does the guide cover it?")
    button = gr.Button("Search", variant="primary")
    said = gr.HTML()

    @handler(working("the guide's index"))
    def show(question: str, earlier: str, guessed: str | None) -> str:
        check(question)
        found = search_traced(weights.library().retriever, question, earlier)
        return search_table(found, guessed)

    submitted = [button.click, box.submit, before.submit]
    gr.on(submitted, show, [box, before, guess], said, **SLOW)
    source_of(search_traced, ranks, fuse_ranks)
    return box


def replies_tab(weights: Weights, searched: gr.Textbox) -> None:
    """The same model from memory and from the passages, streamed, with a way to stop.

    A question of one's own in the box `searched` is asked here as well.
    """
    box = gr.Textbox(ASKED, label="Your question", max_length=LONGEST)
    with gr.Row():
        button = gr.Button("Answer twice", variant="primary")
        stop = gr.Button("Stop")
    said = gr.HTML()
    running = gr.State(Running())  # a visitor's own
    searched.change(lambda text: text, searched, box, **LIGHT)

    @handler(working("the index and the tutor's model"))
    def show(question: str, running: Running) -> Iterator[str]:
        running.stopped = False
        check(question)
        retriever, engine = weights.library().retriever, weights.engine()
        both = grounding.answer_twice(retriever, engine, question, lambda: running.stopped)
        for replies in both:
            yield two_replies(replies, engine.name)

    gr.on([button.click, box.submit], show, [box, running], said, **SLOW)
    stop.click(Running.stop, running, None, **LIGHT)
    source_of(grounding.answer_twice, grounding.overlap)


def graph_tab(weights: Weights, graph: Callable[[], Graph]) -> None:
    """A question of several hops: the graph's answer beside what single passages hold."""
    box = gr.Dropdown(
        list(HOPS), label="A question of several hops, your own too", allow_custom_value=True
    )
    button = gr.Button("Follow the facts", variant="primary")
    said, plot, facts = gr.HTML(), plot_of("The graph and the hops followed"), gr.HTML()

    @handler(working("the guide's facts"), failed=[None, ""])
    def show(question: str | None) -> tuple[str, Figure | None, str]:
        found = hops.follow(graph(), question or "")
        held = in_passages(weights.library().retriever, found)
        said = draw.describe_hops(found, held, graph())
        return said, draw.draw_hops(found), draw.list_facts(found)

    button.click(show, box, [said, plot, facts], **SLOW)
    source_of(hops.follow, hops.walk, Graph.path)
