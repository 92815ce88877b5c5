"""How much of the graph's answer stands in the passages that retrieval finds for the question."""

import re
from dataclasses import dataclass

from demos.retrieval.graph import Node
from demos.retrieval.hops import Hops
from tutor.guide.chunks import Chunk
from tutor.search.retrieve import Retriever


@dataclass(frozen=True)
class Passages:
    """What single passages hold of the same answer.

    A passage holds an answer if it names all that the question names and the answer too; its own
    place (question, category) counts as named. `best` is the most that one passage holds, `all`
    what all passages hold between them, out of `answers`.
    """

    answers: int
    passages: int
    best: int
    all: int


def in_passages(retriever: Retriever, hops: Hops) -> Passages:
    """How much of the graph's answer stands in the passages that a search for the question finds.

    A path's answer is its other end, so a passage must name both ends.
    """
    named = hops.linked[:1] if hops.answers == hops.linked[1:] else hops.linked
    passages = retriever.search(hops.question).passages
    held = [
        {
            answer
            for answer in hops.answers
            if all(names_it(passage.chunk, node) for node in (*named, answer))
        }
        for passage in passages
    ]
    together: set[Node] = set().union(*held)
    best = max((len(each) for each in held), default=0)
    return Passages(len(hops.answers), len(passages), best, len(together))


def names_it(chunk: Chunk, node: Node) -> bool:
    """Whether a chunk names a node, in its text or by its own place in the guide."""
    if node.kind == "question" and node.key == f"Q{chunk.number}":
        return True
    if node.kind == "category" and node.key == chunk.category:
        return True
    name = node.key if node.kind == "question" else node.label
    text = f"{chunk.heading} {chunk.text}"
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE))
