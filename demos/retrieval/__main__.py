"""`python -m demos.retrieval`: options in, lines of text out."""

import sys
from collections.abc import Sequence

from demos import retrieval
from demos.retrieval import grounding
from demos.retrieval.coverage import Passages, in_passages
from demos.retrieval.graph import build_graph
from demos.retrieval.hops import Hops, follow
from demos.retrieval.ranking import Found
from demos.retrieval.run import ASKED, HOPS, QUESTION, run
from demos.shared.command import parser_of, run_command
from demos.shared.weights import Weights, open_weights


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(retrieval)
    parser.add_argument("--question", default=QUESTION, help="what to search for")
    parser.add_argument("--ask", default=ASKED, help="what the model answers twice")
    parser.add_argument("--hops", default=HOPS[0], help="a question for the knowledge graph")
    parser.add_argument("--no-model", action="store_true", help="skip the model's two replies")
    return run_command(parser, show, argv)


def show(question: str, ask: str, hops: str, no_model: bool) -> None:
    """Search and print, answer twice and print, follow the graph and print."""
    weights = open_weights()
    print_found(run(question, weights))
    if not no_model:
        print_replies(weights, ask)
    graph = build_graph(weights.library().guide)
    found = follow(graph, hops)
    print_hops(found, in_passages(weights.library().retriever, found), len(graph.triples))


def print_found(found: Found) -> None:
    """The table of ranks and the gate, as text."""
    print(found.question)
    print(f"{found.candidates} candidates in {1000 * found.seconds:.0f} ms; confidence that the")
    print(f"guide covers it: {found.confidence:.2f} ({'' if found.covered else 'not '}covered)")
    kinds = sorted(found.reading.kinds.items(), key=lambda item: -item[1])[:3]
    print("read as " + ", ".join(f"{kind.value} {share:.2f}" for kind, share in kinds))
    print("\nrank  reader      question    answer      BM25        fused  RRF   passage")
    for place, row in enumerate(found.rows, 1):
        passage = row.passage
        cells = (
            f"{passage.read:.2f} #{row.read_rank or '-'}",
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


def print_hops(found: Hops, held: Passages, size: int) -> None:
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
