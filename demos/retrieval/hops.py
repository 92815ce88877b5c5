"""Answers a question of several hops by walking the knowledge graph, and asks retrieval the same.

Three steps, none of which is a model: entity linking finds the graph's nodes that the question
names; the first word such as "categories" or "authors" says what is wanted; then facts are joined.

    Which categories cite papers by Geoffrey Hinton?
    Geoffrey Hinton <- written by - paper <- cites - question - belongs to -> category

With several names an answer must be reached from each of them. Without a wanted kind, two names are
joined by the shortest path and one name is answered with its facts. Facts are followed in both
directions.
"""

import re
from dataclasses import dataclass

from demos.retrieval.entity_linking import link
from demos.retrieval.graph import Graph, Kind, Node, Triple
from tutor.errors import InputError

LONGEST_QUESTION = 300  # characters
# What the words of a question ask for.
WANTED: tuple[tuple[str, Kind], ...] = (
    (r"categor(?:y|ies)|topics?|areas?", "category"),
    (r"questions?", "question"),
    (r"papers?|publications?|articles?", "paper"),
    (r"authors?|who|whom|researchers?|people|co-?authors?", "author"),
    (r"names?|models?|methods?|terms?", "name"),
)
# How kinds are joined by one fact, and the walk for a kind to itself where one fact is not enough.
JOINED: dict[Kind, tuple[Kind, ...]] = {
    "category": ("question",),
    "question": ("category", "paper", "name"),
    "paper": ("question", "author"),
    "author": ("paper",),
    "name": ("question",),
}
TO_ITSELF: dict[Kind, tuple[Kind, ...]] = {
    "category": ("category", "question", "question", "category"),
    "question": ("question", "question"),
    "paper": ("paper", "author", "paper"),
    "author": ("author", "paper", "author"),
    "name": ("name", "question", "name"),
}
Chain = tuple[Triple, ...]  # facts from one node to another, each sharing a node with the next
PATH = re.compile(r"\b(connect\w*|path|relat\w+|link(?:s|ed)?|between|from)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Hops:
    """What the graph answers: the nodes found, each with a chain of facts from every name linked.

    `walk` is the kinds passed through from the first name to the answers; a path and the facts of
    one name have none.
    """

    question: str
    linked: tuple[Node, ...]
    wanted: Kind | None
    walk: tuple[Kind, ...]
    answers: tuple[Node, ...]
    evidence: tuple[tuple[Chain, ...], ...]


def follow(graph: Graph, question: str) -> Hops:
    """Link, join and collect; InputError if the question names nothing that is in the graph."""
    if len(question) > LONGEST_QUESTION:
        raise InputError(f"Ask in at most {LONGEST_QUESTION} characters.")
    linked, rest = link(graph, question)
    if not linked:
        message = "The question names no paper, author, method, category or Q-number of the guide."
        raise InputError(f"{message} Try: Which categories cite papers by Geoffrey Hinton?")
    wanted = wanted_kind(rest)
    if len(linked) == 2 and (wanted is None or PATH.search(rest)):
        facts = graph.path(linked[0], linked[1])
        return Hops(
            question, linked, None, (), linked[1:] if facts else (), ((facts,),) if facts else ()
        )
    if wanted is None and len(linked) > 2:
        raise InputError(
            "Say what you want: which categories, questions, papers, authors or names?"
        )
    if wanted is None:
        facts_of = graph.facts[linked[0]]
        others = tuple(triple.other(linked[0]) for triple in facts_of)
        return Hops(question, linked, None, (), others, tuple(((fact,),) for fact in facts_of))
    found = [walk(graph, node, kinds_between(node.kind, wanted)) for node in linked]
    answers = tuple(n for n in found[0] if n not in linked and all(n in each for each in found))
    evidence = tuple(tuple(each[answer] for each in found) for answer in answers)
    return Hops(question, linked, wanted, kinds_between(linked[0].kind, wanted), answers, evidence)


def wanted_kind(text: str) -> Kind | None:
    """The kind that the first telling word of a question asks for."""
    matches = [
        (match.start(), kind)
        for pattern, kind in WANTED
        if (match := re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE))
    ]
    return min(matches)[1] if matches else None


def kinds_between(start: Kind, end: Kind) -> tuple[Kind, ...]:
    """The shortest chain of kinds from one to another, both included, breadth first."""
    if start == end:
        return TO_ITSELF[start]
    chains: list[tuple[Kind, ...]] = [(start,)]
    for chain in chains:
        for kind in JOINED[chain[-1]]:
            if kind == end:
                return (*chain, kind)
            if kind not in chain:
                chains.append((*chain, kind))
    raise ValueError(f"no facts join {start} and {end}")


def walk(graph: Graph, start: Node, kinds: tuple[Kind, ...]) -> dict[Node, Chain]:
    """All nodes at the end of a chain of kinds, each with the first facts that lead to it."""
    reached: dict[Node, Chain] = {start: ()}
    for kind in kinds[1:]:
        further: dict[Node, Chain] = {}
        for node, facts in reached.items():
            for other, triple in graph.neighbors(node):
                if other.kind == kind and other != start:
                    further.setdefault(other, (*facts, triple))
        reached = further
    return reached


def nodes_of(start: Node, chain: Chain) -> tuple[Node, ...]:
    """The nodes that a chain of facts passes through, from `start`."""
    nodes = [start]
    for fact in chain:
        nodes.append(fact.other(nodes[-1]))
    return tuple(nodes)
