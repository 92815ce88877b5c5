"""The knowledge graph: a small guide's facts, the example of Q40, networkx, the whole guide."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from demos.retrieval import graph_figures as draw
from demos.retrieval.coverage import in_passages, names_it
from demos.retrieval.entity_linking import link
from demos.retrieval.graph import NAME, Graph, Node, Triple, build_graph
from demos.retrieval.hops import (
    JOINED,
    TO_ITSELF,
    follow,
    kinds_between,
    nodes_of,
    walk,
    wanted_kind,
)
from tests.conftest import CORPUS
from tutor.errors import InputError
from tutor.guide.read import READING, bullets, read_guide


@pytest.fixture
def graph(guide):
    return build_graph(guide)


@pytest.fixture(scope="module")
def whole():
    """The graph of the guide that ships."""
    return build_graph(read_guide(CORPUS))


def facts(graph, relation):
    return {(t.head.label, t.tail.label) for t in graph.triples if t.relation == relation}


def supply_graph():
    """The example of the guide's Q40."""
    rows = """P1 contains valve, P1 contains pump, valve made_by Arno, pump made_by Belk,
    pump made_by Corin, Arno located_in Chile, Belk located_in Norway, Corin located_in Chile"""
    kinds = {"P1": "product", "valve": "part", "pump": "part", "Chile": "place", "Norway": "place"}

    def node(name):
        return Node(kinds.get(name, "supplier"), name, name)

    triples = [row.split() for row in rows.split(",")]
    return Graph(tuple(Triple(node(h), r, node(t), "Q40") for h, r, t in triples)), node


def test_facts_of_the_small_guide(graph):
    assert facts(graph, "belongs to") == {
        ("Q12 What is the nucleus?", "Text Generation"),
        ("Q6 What is the thermostat?", "Text Generation"),
        ("Q4 What is the adapter?", "Fine-Tuning"),
    }
    # The three titles carry one arXiv number, so they are one paper.
    assert len({tail for _, tail in facts(graph, "cites")}) == 1
    assert len(facts(graph, "cites")) == 3
    assert {tail for _, tail in facts(graph, "written by")} == {"Ada Writer"}
    assert all(t.source.endswith(READING) for t in graph.triples if t.relation == "cites")


def test_links_and_names_become_facts(corpus):
    path = corpus / "11_fine_tuning_methods" / "README.md"
    text = path.read_text(encoding="utf-8").replace(
        "The adapter is like a sieve",
        "LoRA, BM25 and LSTMs: see [Q12](../05_text_generation/README.md#q12-what-is-the-nucleus), "
        "$K_{QK}$. The adapter is like a sieve",
    )
    path.write_text(text, encoding="utf-8")
    graph = build_graph(read_guide(corpus))
    assert facts(graph, "refers to") == {("Q4 What is the adapter?", "Q12 What is the nucleus?")}
    assert {tail for _, tail in facts(graph, "mentions")} == {"LoRA", "BM25", "LSTM"}
    (fact,) = [t for t in graph.triples if t.relation == "refers to"]
    assert fact.source == "Q4, Analogy"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("LoRA and QLoRA", ["LoRA", "QLoRA"]),
        ("GPT-2, not Paris or K", ["GPT-2"]),
        ("T5 of 2019; top-k; Kullback-Leibler", ["T5", "Kullback-Leibler"]),
    ],
)
def test_names(text, names):
    assert NAME.findall(text) == names


def test_the_guides_two_hops_and_a_filter():
    graph, node = supply_graph()
    made = walk(graph, node("P1"), ("product", "part", "supplier"))
    located = walk(graph, node("Chile"), ("place", "supplier"))
    assert [n.key for n in made] == ["Arno", "Belk", "Corin"]
    assert [n.key for n in made if n in located] == ["Arno", "Corin"]
    assert [n.key for n in nodes_of(node("P1"), made[node("Corin")])] == ["P1", "pump", "Corin"]


def test_a_path_prefers_rare_nodes():
    graph, node = supply_graph()
    assert [t.relation for t in graph.path(node("P1"), node("Norway"))] == [
        "contains", "made_by", "located_in",
    ]  # fmt: skip
    # Both Arno's and Corin's way to Chile have three facts; the valve has fewer than the pump.
    assert nodes_of(node("P1"), graph.path(node("P1"), node("Chile")))[1] == node("valve")
    assert graph.path(node("P1"), node("P1")) == ()
    assert graph.path(node("P1"), Node("supplier", "Dorn", "Dorn")) == ()


def test_path_lengths_equal_networkx(whole):
    import networkx

    other = networkx.Graph((t.head, t.tail) for t in whole.triples)
    chosen = list(whole.facts)[::97]
    for start, end in combinations(chosen, 2):
        path = whole.path(start, end)
        if networkx.has_path(other, start, end):
            assert len(path) == networkx.shortest_path_length(other, start, end)
            assert nodes_of(start, path)[-1] == end
        else:
            assert path == ()


def test_every_reading_of_the_guide_is_a_fact(whole):
    guide = read_guide(CORPUS)
    listed = sum(len(bullets(q.section(READING))) for q in guide.questions.values())
    assert len([t for t in whole.triples if t.relation == "cites"]) == listed
    assert len([t for t in whole.triples if t.relation == "belongs to"]) == len(guide.questions)
    assert len(set(whole.triples)) == len(whole.triples)


def test_hintons_categories_equal_a_search_of_the_files(whole):
    found = follow(whole, "Which categories cite papers by Geoffrey Hinton?")
    naming = {
        path.parent.name
        for path in Path(CORPUS).glob("*/README.md")
        if re.search(r"^- [^\"]*Geoffrey Hinton[^\"]*, \"", path.read_text("utf-8"), re.MULTILINE)
    }
    assert found.walk == ("author", "paper", "question", "category")
    assert {node.key for node in found.answers} == naming
    for node, (chain,) in zip(found.answers, found.evidence, strict=True):
        assert nodes_of(found.linked[0], chain)[-1] == node


def test_two_names_must_both_lead_to_the_answer(whole):
    found = follow(whole, "Who wrote papers cited by both Q36 and Q3?")
    for answer in found.answers:
        papers = {t.head for t in whole.facts[answer] if t.relation == "written by"}
        for question in found.linked:
            assert papers & {t.tail for t in whole.facts[question] if t.relation == "cites"}


def test_co_authors_are_not_the_author(whole):
    found = follow(whole, "Who wrote a paper with Noam Shazeer?")
    assert found.linked[0] not in found.answers
    assert found.answers


def test_linking_takes_the_longest_name_and_last_names(whole):
    nodes, rest = link(whole, "Does Attention Is All You Need mention QLoRA, as Vaswani says?")
    assert [node.label for node in nodes] == [
        "Attention Is All You Need",
        "QLoRA",
        "Ashish Vaswani",
    ]
    assert "QLoRA" not in rest
    assert link(whole, "clip the embeddings")[0] == ()
    assert [node.kind for node in link(whole, "q40")[0]] == ["question"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Which categories cite papers", "category"), ("Who is cited", "author"),
     ("how many questions cite the paper", "question"), ("what now", None)],
)  # fmt: skip
def test_the_first_telling_word_says_what_is_wanted(text, kind):
    assert wanted_kind(text) == kind


def test_every_kind_leads_to_every_kind():
    for start in JOINED:
        for end in JOINED:
            chain = kinds_between(start, end)
            assert (chain[0], chain[-1]) == (start, end)
            assert len(chain) > 1
    assert kinds_between("author", "category") == ("author", "paper", "question", "category")
    assert set(TO_ITSELF) == set(JOINED)


def test_questions_that_cannot_be_linked(graph):
    with pytest.raises(InputError, match="names no paper"):
        follow(graph, "What is love?")
    with pytest.raises(InputError, match="at most 300"):
        follow(graph, "Q4 " * 101)
    with pytest.raises(InputError, match="Say what you want"):
        follow(graph, "Q4, Q6, Q12")


def test_what_passages_hold(graph, retriever):
    found = follow(graph, "Which categories cite papers by Ada Writer?")
    assert len(found.answers) == 2
    held = in_passages(retriever, found)
    # A reading list names the author and stands in one category.
    assert held.answers == 2
    assert held.best <= 1
    assert held.all <= 2
    path = follow(graph, "How is Ada Writer connected to Fine-Tuning?")
    assert [t.relation for t in path.evidence[0][0]] == ["written by", "cites", "belongs to"]
    assert in_passages(retriever, path).answers == 1


def test_a_chunk_names_its_place_and_its_words(retriever):
    chunk = next(c for c in retriever.passages if c.section == READING and c.number == 4)
    assert names_it(chunk, Node("author", "Ada Writer", "Ada Writer"))
    assert names_it(chunk, Node("question", "Q4", "Q4 What is the adapter?"))
    assert names_it(chunk, Node("category", "11_fine_tuning_methods", "Fine-Tuning"))
    assert not names_it(chunk, Node("author", "Ada", "da Wri"))


def test_pictures(whole):
    found = follow(whole, "Which categories cite papers by Geoffrey Hinton?")
    places, edges = draw.layout(found)
    columns = {kind: {c for n, (c, _) in places.items() if n.kind == kind} for kind in JOINED}
    assert columns["author"] == {0}
    assert columns["category"] == {3}
    assert len(set(places.values())) == len(places)
    assert all(places[tail][0] == places[head][0] + 1 for head, tail in edges)
    drawn = draw.draw_hops(found)
    assert len(drawn.data) == len(edges) + 1
    assert "Geoffrey Hinton" in draw.list_facts(found)
    nothing = follow(whole, "Which categories cite both Claude Shannon and RotatE?")
    assert nothing.answers == ()
    assert draw.draw_hops(nothing) is None
