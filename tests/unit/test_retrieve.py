"""Topics, passages and the gate, each stage inspectable."""

import numpy as np
import pytest

from tutor.search.fitted import Fitted, read_fitted
from tutor.search.gate import FEATURES as GATE_FEATURES
from tutor.search.index import open_or_build
from tutor.search.retrieve import PASSAGES, Retriever, softmax
from tutor.search.topics import FEATURES, View
from tutor.turn.ask import Query


def test_topics_are_distinct_and_their_shares_are_probabilities(retriever):
    evidence = retriever.search("Why is the nucleus used?")
    assert evidence.topics[0] == 12
    assert len(set(evidence.topics)) == len(evidence.topics)
    assert sum(evidence.shares) == pytest.approx(1)
    assert list(evidence.shares) == sorted(evidence.shares, reverse=True)
    assert len(evidence.passages) <= PASSAGES
    scores = [passage.score for passage in evidence.passages]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("folder", ["05_text_generation", "11_fine_tuning_methods"])
def test_a_category_or_section_is_never_left(retriever, folder):
    for query in ("nucleus", "adapter thermostat", "anything at all"):
        evidence = retriever.search(query, category=folder)
        assert {p.chunk.category for p in evidence.passages} <= {folder}
        assert set(evidence.topics) <= {12, 6} if folder.startswith("05") else {4}
        found = retriever.rank(query, section="Analogy")
        assert {p.chunk.section for p in found} <= {"Analogy"}


def test_the_conversation_decides_for_a_turn_without_a_topic(retriever):
    query = Query("why?", "What is the thermostat? why?", "The thermostat is a rule.", leaning=2)
    assert retriever.search(query).topics[0] == 6
    other = Query("the adapter?", "What is the thermostat? the adapter?", "A rule.", leaning=0)
    assert retriever.search(other).topics[0] == 4


def test_features_by_hand(retriever):
    view = retriever.look_at("nucleus", retriever.embedder.embed(["nucleus"])[0])
    table = retriever.topics.features(view)
    assert table.shape == (3, len(FEATURES))
    first = retriever.topics.numbers.index(12)
    assert np.argmax(table, axis=0).tolist()[1:] == [first] * 5
    best = max(h.similarity for h in view.hits if h.side == "answer")
    assert table[first, 1] == pytest.approx(best)


def test_coverage_is_the_share_of_rarity(retriever):
    topic = retriever.topics.numbers.index(12)
    words = retriever.lexical.words("nucleus")
    assert retriever.topics.coverage(words, topic) == 1
    assert retriever.topics.coverage(["zebra"], topic) == 0
    assert 0 < retriever.topics.coverage([*words, "zebra"], topic) < 1
    assert retriever.topics.coverage([], topic) == 0


def test_nearness_to_a_topic_left_out_speaks_for_refusal(retriever, embedder, tmp_path):
    chunks = list(retriever.passages)
    index = open_or_build(tmp_path, chunks, embedder, outside=["zebra stripes"])
    strict = Retriever(index, embedder, chunks, Fitted(gate=(0.0, 5.0, 0.0, 0.0, -5.0)))
    assert strict.search("zebra stripes").confidence < 0.5
    assert strict.search("Why is the nucleus used?").covered
    index.close()


def test_passages_show_their_three_scores(retriever):
    (best, *_) = retriever.rank("Why is the nucleus used?")
    fitted = retriever.fitted
    assert best.to_question == pytest.approx(1, abs=1e-3)
    assert best.score == pytest.approx(fitted.fuse(best.to_question, best.to_answer, best.bm25))


def test_softmax():
    assert softmax(np.array([0.0, 0.0])).tolist() == [0.5, 0.5]
    assert softmax(np.array([1000.0, 0.0]))[0] == pytest.approx(1)


def test_the_fitted_numbers_fit_their_features():
    fitted = read_fitted()
    assert len(fitted.topics) == len(FEATURES)
    assert len(fitted.gate) == len(GATE_FEATURES) + 1
    assert len(fitted.views) == 3
    assert all(len(row) == 3 for row in fitted.views)
    assert fitted.gate[-1] < 0


def test_a_view_without_hits_has_features(retriever):
    empty = View((), np.zeros(len(retriever.passages), dtype=np.float32), ())
    assert not retriever.topics.features(empty).any()
