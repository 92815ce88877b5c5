"""Entity linking: the nodes of the knowledge graph that a text names."""

import re

from demos.retrieval.graph import Graph, Node


def link(graph: Graph, text: str) -> tuple[tuple[Node, ...], str]:
    """Entity linking: the nodes named in a text, and the text without their names.

    Longer names first. Papers and authors are found in any case; names, categories and an author's
    last name alone, where only one author has it, as the guide writes them.
    """
    found: list[tuple[int, Node]] = []
    for name, node, exact in sorted(names(graph), key=lambda each: -len(each[0])):
        flags = re.RegexFlag(0) if exact else re.IGNORECASE
        match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, flags)
        if match and node not in (known for _, known in found):
            found.append((match.start(), node))
            text = f"{text[: match.start()]}{'_' * len(name)}{text[match.end() :]}"
    return tuple(node for _, node in sorted(found, key=lambda each: each[0])), text


def names(graph: Graph) -> list[tuple[str, Node, bool]]:
    """(name, node, whether the case must agree): every way to refer to a node."""
    found: list[tuple[str, Node, bool]] = []
    last: dict[str, list[Node]] = {}
    for node in graph.facts:
        if node.kind == "question":
            found += [(node.key, node, False), (node.label.partition(" ")[2], node, False)]
        else:
            found.append((node.label, node, node.kind in ("name", "category")))
        if node.kind == "paper" and len(node.label.partition(":")[0].split()) > 2:
            found.append((node.label.partition(":")[0], node, False))
        if node.kind == "author":
            last.setdefault(node.label.split()[-1], []).append(node)
    found += [(name, nodes[0], True) for name, nodes in last.items() if len(nodes) == 1]
    return found
