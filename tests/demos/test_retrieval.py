"""The retrieval demo: ranks and fusion by hand, the small guide, a scripted model, real ones."""

from dataclasses import replace

import numpy as np
import pytest

from demos.retrieval import figures as draw
from demos.retrieval import grounding
from demos.retrieval.__main__ import main
from demos.retrieval.grounding import answer_twice, overlap
from demos.retrieval.ranking import fuse_ranks, ranks, search_traced
from demos.retrieval.run import HOPS, run
from demos.retrieval.view import view
from demos.shared.weights import Weights, open_weights, quietly
from tutor.engine.generate import ScriptedEngine
from tutor.errors import InputError
from tutor.guide.chunks import cut_guide
from tutor.guide.text import plain
from tutor.search.index import open_or_build
from tutor.search.retrieve import Retriever
from tutor.start import Library
from tutor.turn.reader import PlainReader

A, B, C = range(3)


@pytest.fixture
def weights(settings, guide, embedder):
    """The small guide's library in place of the tutor's."""
    chunks = cut_guide(guide, embedder.count, embedder.window)
    index = open_or_build(settings.home, chunks, embedder)
    library = Library(
        guide, chunks, embedder, index, Retriever(index, embedder, chunks, PlainReader(embedder))
    )
    yield Weights(settings, quietly, library=lambda: library)
    index.close()


def test_the_guides_fusion_of_two_rankings():
    dense = ranks([0.96, 0.80, 0.60])
    bm25 = ranks([1.0, 3.0, 2.0])  # B, C, A
    fused = [fuse_ranks(pair) for pair in zip(dense, bm25, strict=True)]
    assert [round(score, 5) for score in fused] == [0.03227, 0.03252, 0.03200]
    assert sorted((A, B, C), key=lambda i: -fused[i]) == [B, A, C]


def test_ranks_by_hand():
    assert ranks([0.5, 0.9, 0.0, 0.5]) == [2, 1, None, 2]
    assert ranks([]) == []
    assert ranks([-0.1]) == [None]
    assert fuse_ranks([None, None]) == 0


def test_ranks_equal_scipys():
    import numpy as np
    from scipy.stats import rankdata

    scores = np.random.default_rng(0).integers(1, 9, 40).tolist()
    assert ranks(scores) == rankdata([-score for score in scores], method="min").tolist()


def test_a_search_is_the_retrievers_own(retriever):
    found = search_traced(retriever, "Why is the nucleus used?")
    evidence = retriever.search("Why is the nucleus used?")
    assert [row.passage for row in found.rows] == list(evidence.passages)
    assert (found.covered, found.confidence) == (evidence.covered, evidence.confidence)
    first = found.rows[0]
    assert first.passage.chunk.heading == "Why is the nucleus used?"
    assert first.question_rank == 1
    assert first.read_rank == 1
    candidates = retriever.rank(found.question)
    assert found.candidates == len(candidates)
    for row in found.rows:
        better = [c for c in candidates if c.bm25 > row.passage.bm25]
        assert row.bm25_rank == (len(better) + 1 if row.passage.bm25 > 0 else None)
        assert candidates[row.fused_rank - 1].chunk == row.passage.chunk


def test_what_was_said_before_is_read_too(retriever):
    alone = search_traced(retriever, "why?")
    after = search_traced(retriever, "why?", "What is the thermostat?")
    assert after.topics[0] == 6
    assert not np.allclose(alone.reading.vector, after.reading.vector)
    assert "question" in draw.understood(after)
    assert "Q6</a>" in draw.understood(after)


@pytest.mark.parametrize(("question", "words"), [(" ", "Type a question"), ("a" * 501, "at most")])
def test_questions_are_bounded(question, words, weights):
    with pytest.raises(InputError, match=words):
        run(question, weights)


def test_run_searches_the_given_library(weights):
    assert run("nucleus", weights=weights).rows[0].passage.chunk.number == 12


def test_the_model_is_asked_twice_and_differs_by_the_prompt(retriever):
    engine = ScriptedEngine(["Out of thin air.", "From the nucleus."])
    question = "What is the nucleus?"
    steps = list(answer_twice(retriever, engine, question))
    last = steps[-1]
    assert (last.memory, last.grounded) == ("Out of thin air.", "From the nucleus.")
    assert [step.step for step in steps[:2]] == ["memory", "memory"]
    assert last.step == "done"
    (memory, passages) = engine.asked
    assert [m.role for m in memory] == [m.role for m in passages] == ["system", "user"]
    assert memory[1] == passages[1]
    best = retriever.search(question).passages[0].chunk
    assert plain(best.text)[: grounding.LONGEST_PASSAGE] in passages[0].content
    assert plain(best.text) not in memory[0].content
    assert len(last.passages) == grounding.PASSAGES


def test_closing_stops_the_model(retriever):
    closed = []

    class Endless(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            try:
                while True:
                    yield "and "
            finally:
                closed.append(True)

    steps = answer_twice(retriever, Endless(["x"]), "nucleus")
    for _ in range(4):
        next(steps)
    steps.close()
    assert closed == [True]


def test_overlap_by_hand():
    passages = ["HyDE lets a model write an imagined answer first"]
    assert overlap("HyDE models climate from imagined data", passages) == pytest.approx(3 / 5)
    assert overlap("", passages) == 0
    assert overlap("Nothing", []) == 0


def test_pictures_escape_what_was_typed_and_said(weights):
    evil = "<script>alert(1)</script>"
    found = run(f"nucleus {evil}", weights)
    page = draw.search_table(found, "covered")
    engine = ScriptedEngine([f"Well {evil}"])
    *_, replies = answer_twice(weights.library().retriever, engine, evil)
    page += draw.two_replies(replies, evil)
    assert "<script" not in page
    assert page.count("&lt;script") >= 3


def test_pictures_say_who_agrees(retriever):
    found = search_traced(retriever, "Why is the nucleus used?")
    page = draw.search_table(found, "not covered" if found.covered else "covered")
    assert "You guessed:" in page
    assert "question side" in draw.agreement(found)
    assert draw.rank_cell(None, "0").count("–") == 1
    empty = replace(found, rows=())
    assert "No passage" in draw.search_table(empty)


def test_the_view_loads_nothing(settings):
    import gradio as gr

    def fail():
        raise AssertionError("loaded while building")

    with gr.Blocks():
        for _ in range(2):
            box = view(Weights(settings, quietly, library=fail, engine=fail))
    assert box.value


def test_bad_input_is_one_line(capsys):
    assert main(["--question", ""]) == 2
    assert capsys.readouterr().err.startswith("Type a question first")


@pytest.mark.model
@pytest.mark.slow
def test_everything_on_the_real_models(capsys):
    weights = open_weights()
    found = run("Why would top-p keep only one token?", weights)
    assert found.covered
    assert found.rows[0].passage.chunk.number == 12
    *_, replies = answer_twice(weights.library().retriever, weights.engine(), "What is HyDE?")
    memory, grounded = replies.shares
    assert grounded > memory
    weights.engine().close()
    assert main(["--no-model", "--hops", HOPS[1]]) == 0
    assert "graph: " in capsys.readouterr().out
