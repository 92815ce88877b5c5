"""The tutor's own search under your question, the model with and without it, and a graph.

    python -m demos.retrieval
    python -m demos.retrieval --question "why sqrt d_k" --hops "Which questions mention RoPE?"

Three scores are kept for every passage: the cosine to its text (answer side), the cosine to the
questions it answers (question side), and BM25. Reciprocal rank fusion adds 1 / (60 + rank) over
them: ranks 2 and 1 give 1/62 + 1/61 = 0.0325, more than 1 and 3 with 1/61 + 1/63 = 0.0323.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from demos import grounding, hops
from demos import retrieval_figures as draw
from demos.graph import Graph, build_graph
from demos.hops import Hops
from demos.panel import LIGHT, SLOW, guide_links, plot_of, problem, source_of, working
from demos.ranking import LONGEST, Found, check, fuse_ranks, look, ranks
from demos.weights import Weights, open_weights
from tutor.errors import TutorError

TITLE = "Retrieval"
QUESTIONS = (36, 40)
QUESTION = "Is temperature 0 deterministic?"
ASKED = "What is HyDE and when does it help?"  # a name that the model gets wrong from memory
HOPS = (
    "Which categories cite papers by Geoffrey Hinton?",
    "How many questions cite Attention Is All You Need?",
    "Who wrote papers cited by both Q36 and Q3?",
    "How is LoRA connected to Geoffrey Hinton?",
    "Who wrote a paper with Noam Shazeer?",
    "Which questions mention BM25?",
)


@dataclass
class Running:
    """Whether a visitor has asked the model to stop."""

    stopped: bool = False


def run(question: str = QUESTION, weights: Weights | None = None) -> Found:
    """Search the guide as the tutor does; InputError for an empty or very long question."""
    check(question)
    return look((weights or open_weights()).library().retriever, question)


def view(weights: Weights) -> Any:
    """Three tabs; returns the box for the question."""
    import gradio as gr

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


def search_tab(weights: Weights) -> Any:
    """Every rank of the best passages, and the gate."""
    import gradio as gr

    box = gr.Textbox(QUESTION, label="Your question", max_length=LONGEST)
    guess = gr.Radio(["covered", "not covered"], label="Your guess: does the guide cover it?")
    button = gr.Button("Search", variant="primary")
    said = gr.HTML()

    def show(question: str, guessed: str | None) -> Iterator[str]:
        yield working("the guide's index")
        try:
            check(question)
            yield draw.search_table(look(weights.library().retriever, question), guessed)
        except TutorError as error:
            yield problem(error)

    gr.on([button.click, box.submit], show, [box, guess], said, **SLOW)
    source_of(look, ranks, fuse_ranks)
    return box


def replies_tab(weights: Weights, searched: Any) -> None:
    """The same model from memory and from the passages, streamed, with a way to stop.

    A question of one's own in the box `searched` is asked here as well.
    """
    import gradio as gr

    box = gr.Textbox(ASKED, label="Your question", max_length=LONGEST)
    with gr.Row():
        button = gr.Button("Answer twice", variant="primary")
        stop = gr.Button("Stop")
    said = gr.HTML()
    running = gr.State(lambda: Running())  # a visitor's own
    searched.change(lambda text: text, searched, box, **LIGHT)

    def show(question: str, running: Running) -> Iterator[str]:
        running.stopped = False
        yield working("the index and the tutor's model")
        try:
            check(question)
            retriever, engine = weights.library().retriever, weights.engine()
            for replies in grounding.answer_twice(
                retriever, engine, question, lambda: running.stopped
            ):
                yield draw.two_replies(replies, engine.name)
        except TutorError as error:
            yield problem(error)

    gr.on([button.click, box.submit], show, [box, running], said, **SLOW)
    stop.click(lambda running: setattr(running, "stopped", True), running, None, **LIGHT)
    source_of(grounding.answer_twice, grounding.overlap)


def graph_tab(weights: Weights, graph: Any) -> None:
    """A question of several hops: the graph's answer beside what single passages hold."""
    import gradio as gr

    box = gr.Dropdown(
        list(HOPS), label="A question of several hops, your own too", allow_custom_value=True
    )
    button = gr.Button("Follow the facts", variant="primary")
    said, plot, facts = gr.HTML(), plot_of("The graph and the hops followed"), gr.HTML()

    def show(question: str | None) -> Iterator[tuple[Any, Any, Any]]:
        yield working("the guide's facts"), gr.skip(), gr.skip()
        try:
            found = hops.ask(graph(), question or "")
            held = hops.in_passages(weights.library().retriever, found)
        except TutorError as error:
            yield problem(error), None, ""
            return
        yield (
            draw.describe_hops(found, held, graph()),
            draw.draw_hops(found),
            draw.list_facts(found),
        )

    button.click(show, box, [said, plot, facts], **SLOW)
    source_of(hops.ask, hops.walk, Graph.path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 2 when something cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.retrieval", description="The tutor's search, looked at."
    )
    parser.add_argument("--question", default=QUESTION, help="what to search for")
    parser.add_argument("--ask", default=ASKED, help="what the model answers twice")
    parser.add_argument("--hops", default=HOPS[0], help="a question for the knowledge graph")
    parser.add_argument("--no-model", action="store_true", help="skip the model's two replies")
    args = parser.parse_args(argv)
    weights = open_weights()
    try:
        print_found(run(args.question, weights))
        if not args.no_model:
            print_replies(weights, args.ask)
        graph = build_graph(weights.library().guide)
        found = hops.ask(graph, args.hops)
        print_hops(found, hops.in_passages(weights.library().retriever, found), len(graph.triples))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def print_found(found: Found) -> None:
    """The table of ranks and the gate, as text."""
    print(found.question)
    print(f"{found.candidates} candidates in {1000 * found.seconds:.0f} ms; confidence that the")
    print(f"guide covers it: {found.confidence:.2f} ({'' if found.covered else 'not '}covered)\n")
    print("rank  question    answer      BM25        fused  RRF   passage")
    for place, row in enumerate(found.rows, 1):
        passage = row.passage
        cells = (
            f"{passage.to_question:.2f} #{row.question_rank or '-'}",
            f"{passage.to_answer:.2f} #{row.answer_rank or '-'}",
            f"{passage.bm25:.1f} #{row.bm25_rank or '-'}",
        )
        columns = "".join(f"{cell:12}" for cell in cells)
        chunk = passage.chunk
        label = f"Q{chunk.number} {chunk.heading or chunk.section}"
        print(f"{place:4}  {columns}#{row.fused_rank:<4}  #{row.rrf_rank or '-':<4} {label[:56]}")


def print_replies(weights: Weights, question: str) -> None:
    """Both replies with the share of their words in the passages."""
    engine = weights.engine()
    *_, replies = grounding.answer_twice(weights.library().retriever, engine, question)
    memory, grounded = replies.shares
    print(f"\n{question}")
    print(f"{engine.name} from memory ({memory:.0%} of its words stand in the passages):")
    print(f"  {replies.memory.strip()}")
    print(f"{engine.name} from {len(replies.passages)} passages ({grounded:.0%}):")
    print(f"  {replies.grounded.strip()}")


def print_hops(found: Hops, held: hops.Passages, size: int) -> None:
    """The graph's answer with its facts, and retrieval's."""
    print(f"\n{found.question}   ({size} facts of the guide)")
    for answer, chains in zip(found.answers, found.evidence, strict=True):
        facts = [fact for chain in chains for fact in chain]
        steps = " | ".join(f"{f.head.label[:40]} {f.relation} {f.tail.label[:40]}" for f in facts)
        print(f"  {answer.label}: {steps}")
    print(f"  graph: {held.answers} answers; of {held.passages} passages found the best one holds")
    print(f"  {held.best} of them, all together hold {held.all}")


if __name__ == "__main__":
    sys.exit(main())
