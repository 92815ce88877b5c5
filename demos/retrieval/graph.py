"""A small knowledge graph, read from the guide's own text without a model.

Its facts are triples of two nodes and a relation, each with the place it was read from:

    (Q15, belongs to, Model Distillation)                       the guide's folders
    (Q45, refers to, Q36)                                       the guide's links
    (Q15, cites, "Distilling the Knowledge in a Neural Network")  Further reading
    ("Distilling the Knowledge …", written by, Geoffrey Hinton)
    (Q4, mentions, LoRA)                                        names with two capitals or a digit

A paper is one node however often it is cited: its arXiv number identifies it. Authors that the
guide sums up as "and others" are not in the graph, and a missing fact means unknown, not false.
"""

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tutor.guide.read import FOLLOW_UPS, READING, Guide, Question, bullets
from tutor.guide.text import plain

Kind = Literal["category", "question", "paper", "author", "name"]
Relation = Literal["belongs to", "refers to", "cites", "written by", "mentions"]

LINK = re.compile(r"\]\([^)]*#q(\d+)-[^)]*\)")
PAPER = re.compile(r'- (?P<authors>[^"]+), "(?P<title>[^"]+)"(?P<rest>.*)')
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
# A word with two capitals, or a capital and a digit, hyphens allowed: LoRA, BERT, GPT-2, BM25.
NAME = re.compile(r"(?<![\w.-])(?=[\w-]*[A-Z][\w-]*[A-Z0-9])[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
NO_NAMES = frozenset("GB MB KB TB GiB MiB KiB AI API CPU GPU LLM OK".split())
FORMULA = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)


@dataclass(frozen=True)
class Node:
    """A thing of one kind; `key` identifies it, `label` is what a person reads."""

    kind: Kind
    key: str
    label: str


@dataclass(frozen=True)
class Triple:
    """A fact: head, relation, tail, and the place in the guide that says so."""

    head: Node
    relation: Relation
    tail: Node
    source: str

    def other(self, node: Node) -> Node:
        """The end that is not `node`."""
        return self.tail if node == self.head else self.head


@dataclass(frozen=True)
class Graph:
    """All facts, each once, in the guide's order."""

    triples: tuple[Triple, ...]

    @cached_property
    def facts(self) -> dict[Node, list[Triple]]:
        """The triples of every node, as head or tail."""
        found: dict[Node, list[Triple]] = {}
        for triple in self.triples:
            for node in (triple.head, triple.tail):
                found.setdefault(node, []).append(triple)
        return found

    def neighbors(self, node: Node) -> Iterator[tuple[Node, Triple]]:
        """The nodes one fact away, with the fact."""
        for triple in self.facts.get(node, []):
            yield triple.other(node), triple

    def path(self, start: Node, end: Node) -> tuple[Triple, ...]:
        """The facts of a shortest path, read from start to end; empty if there is none.

        Among equally short paths the one through the rarest nodes wins: Dijkstra's algorithm
        (1959) on the pair (hops, sum of log degree), so a hub such as BERT is the last choice.
        """
        waiting: list[tuple[int, float, int, Node, tuple[Triple, ...]]] = [(0, 0.0, 0, start, ())]
        done: set[Node] = set()
        count = 0  # ties are settled by the guide's order, never by comparing nodes
        while waiting:
            hops, weight, _, node, facts = heapq.heappop(waiting)
            if node == end:
                return facts
            if node in done:
                continue
            done.add(node)
            for other, triple in self.neighbors(node):
                if other not in done:
                    count += 1
                    rare = weight + math.log(len(self.facts[other]))
                    heapq.heappush(waiting, (hops + 1, rare, count, other, (*facts, triple)))
        return ()


def build_graph(guide: Guide) -> Graph:
    """Every fact the guide states in its structure, links, reading lists and names."""
    categories = {c.folder: Node("category", c.folder, c.title) for c in guide.categories}
    questions = {
        number: Node("question", f"Q{number}", f"Q{number} {question.title}")
        for number, question in guide.questions.items()
    }
    papers: dict[str, Node] = {}
    triples: dict[tuple[Node, str, Node], Triple] = {}

    def add(head: Node, relation: Relation, tail: Node, source: str) -> None:
        if head != tail:
            triples.setdefault((head, relation, tail), Triple(head, relation, tail, source))

    for number, question in guide.questions.items():
        node = questions[number]
        add(node, "belongs to", categories[question.category], "the guide's folders")
        for section in question.sections:
            place = f"Q{number}, {section.name}"
            for link in LINK.finditer(section.body):
                if target := questions.get(int(link[1])):
                    add(node, "refers to", target, place)
        for paper, authors in cited(question, papers):
            add(node, "cites", paper, f"Q{number}, {READING}")
            for author in authors:
                add(paper, "written by", author, f"Q{number}, {READING}")
        for name, place in names_in(question):
            add(node, "mentions", Node("name", name, name), f"Q{number}, {place}")
    return Graph(tuple(triples.values()))


def cited(question: Question, papers: dict[str, Node]) -> Iterator[tuple[Node, list[Node]]]:
    """The papers of a question's reading list with their authors; `papers` holds those known."""
    for item in bullets(question.section(READING)):
        if match := PAPER.fullmatch(item):
            number = ARXIV.search(match["rest"])
            key = number[1] if number else match["title"].lower()
            paper = papers.setdefault(key, Node("paper", key, match["title"]))
            people = re.sub(r",? and others$", "", match["authors"]).split(", ")
            yield paper, [Node("author", person, person) for person in people]


def names_in(question: Question) -> Iterator[tuple[str, str]]:
    """Names of models, methods and data sets in a question's text, with their section."""
    for section in question.sections:
        if section.name == READING:
            continue
        texts: Iterable[str] = [section.body]
        if section.name == FOLLOW_UPS:
            texts = [f"{each.question} {each.answer}" for each in question.follow_ups]
        for text in texts:
            for match in NAME.finditer(plain(FORMULA.sub(" ", text))):
                name = re.sub(r"(?<=[A-Z])s$", "", match[0])  # LSTMs are LSTM
                if name not in NO_NAMES and not re.fullmatch(r"Q\d+", name):
                    yield name, section.name
