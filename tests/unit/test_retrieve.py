"""Topics, passages and the gate, each stage inspectable."""

from dataclasses import replace

import numpy as np
import pytest

from tutor.engine.generate import Message
from tutor.search.fitted import Fitted, read_fitted
from tutor.search.gate import GATE_FEATURES, SUREST, Gate, log_odds
from tutor.search.index import Hit, open_or_build
from tutor.search.retrieve import PASSAGES, Retriever, passage_features, softmax
from tutor.search.topics import TOPIC_FEATURES, View
from tutor.search.written import WRITTEN_FEATURES
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.reader import Reading
from tutor.turn.understand import understand


def test_topics_are_distinct_and_their_shares_are_probabilities(retriever):
    evidence = retriever.search("Why is the nucleus used?")
    assert evidence.topics[0] == 12
    assert len(set(evidence.topics)) == len(evidence.topics)
    assert sum(evidence.shares) == pytest.approx(1)
    assert list(evidence.shares) == sorted(evidence.shares, reverse=True)
    assert len(evidence.passages) <= PASSAGES
    scores = [passage.score for passage in evidence.passages]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("folder", "topics"), [("05_text_generation", {12, 6}), ("11_fine_tuning_methods", {4})]
)
def test_a_category_or_section_is_never_left(retriever, folder, topics):
    for query in ("nucleus", "adapter thermostat", "anything at all"):
        evidence = retriever.search(query, category=folder)
        assert {p.chunk.category for p in evidence.passages} == {folder}
        assert set(evidence.topics) == topics
        found = retriever.rank(query, section="Analogy")
        assert {p.chunk.section for p in found} == {"Analogy"}


def test_the_conversation_decides_for_a_turn_without_a_topic(retriever):
    past = [Message("user", "What is the thermostat?"), Message("assistant", "A rule.")]
    assert retriever.search(understand("why?", retriever.reader, past)).topics[0] == 6
    other = understand("the adapter, why is the adapter used?", retriever.reader, past)
    assert retriever.search(other).topics[0] == 4


def test_a_category_that_is_not_there_covers_nothing(retriever):
    evidence = retriever.search("Why is the nucleus used?", category="99_cookery")
    assert (evidence.passages, evidence.topics, evidence.shares) == ((), (), ())
    assert not evidence.covered
    assert evidence.query == "Why is the nucleus used?"


def test_candidates_have_the_best_number_of_every_search_and_zero_where_not_found(retriever):
    ids = [chunk.id for chunk in retriever.passages]
    by_words = np.arange(len(ids), dtype=np.float32)
    view = View(
        [Hit(ids[0], "question", 0.3), Hit(ids[0], "answer", 0.5), Hit(ids[1], "answer", -0.4)],
        [Hit(ids[2], "question", -0.2), Hit(ids[2], "answer", 0.1), Hit(ids[2], "answer", 0.3)],
        by_words,
        (),
        {},
    )
    found = {chunk.id: numbers for chunk, numbers in retriever.candidates(view)}
    assert set(found) == {*ids[:3], *ids[-8:]}  # eight by words
    assert found[ids[0]] == (0.5, 0.0, 0.0, 0.0)
    assert found[ids[1]] == (-0.4, 0.0, 0.0, 1.0)
    assert found[ids[2]] == (0.0, -0.2, 0.3, 2.0)
    assert found[ids[-1]] == (0.0, 0.0, 0.0, len(ids) - 1)


def test_what_a_passage_is_weighed_by(retriever):
    # half of a full BM25; the text counts four fifths of a question
    assert passage_features((0.5, 0.6, 0.9, 6.0), 0.5) == pytest.approx(
        [0.5, 0.72, 0.5, np.log(0.5)]
    )
    asked, agreement, topic = 1, 2, 3
    assert passage_features((0.5, 0.8, 0.9, 6.0), 1.0)[asked] == pytest.approx(0.8)
    assert passage_features((0.5, 0.6, 0.9, 90.0), 1.0)[agreement] == 1.0
    assert passage_features((0.5, 0.6, 0.9, 6.0), 0.0)[topic] == pytest.approx(np.log(1e-4))
    (best, *_) = retriever.rank("Why is the nucleus used?")
    assert best.near == pytest.approx((best.read + best.to_question) / 2)


def test_of_equal_passages_the_one_of_the_likelier_topic_comes_first(retriever):
    chunks = [next(c for c in retriever.passages if c.number == number) for number in (12, 6)]
    candidates = [(chunk, (0.5, 0.5, 0.5, 1.0)) for chunk in chunks]
    ranked = retriever.ranked(candidates, {12: 0.1, 6: 0.9})
    assert [passage.chunk.number for passage in ranked] == [6, 12]


def test_features_by_hand(retriever):
    query, view, said = retriever.look_at(understand("nucleus", retriever.reader))
    assert query == "nucleus"
    assert said == pytest.approx(retriever.embedder.embed(["nucleus"])[0])
    table = retriever.topics.features(view)
    assert table.shape == (3, len(TOPIC_FEATURES))
    first = retriever.topics.numbers.index(12)
    assert np.argmax(table, axis=0).tolist()[1:] == [first] * 4
    assert not table[:, 0].any()  # a plain reader has no guess
    best = max(h.similarity for h in view.said if h.side == "question")
    assert table[first, TOPIC_FEATURES.index("said_question")] == pytest.approx(best)


def test_the_readers_guess_counts(retriever):
    _, view, _ = retriever.look_at(understand("nucleus", retriever.reader))
    table = retriever.topics.features(replace(view, topics={4: 0.9, 6: 0.1}))
    by_number = dict(zip(retriever.topics.numbers, table[:, 0], strict=True))
    assert by_number[4] > by_number[6] > by_number[12]
    assert by_number[12] == pytest.approx(np.log(1e-4) / 10)


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
    strict = Retriever(
        index,
        embedder,
        chunks,
        retriever.reader,
        Fitted(gate=(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 0.0, -5.0, *(0.0,) * 7)),
    )
    assert strict.search("zebra stripes").confidence < 0.5
    assert strict.search("Why is the nucleus used?").covered
    index.close()


def read_as(kinds, before=()):
    """A turn that a reader makes this of."""
    return Ask(
        "x", "x", Reading(kinds, {}, np.zeros(2, dtype=np.float32)), (Kind.QUESTION,), before
    )


def test_the_signs_of_the_gate_by_hand(retriever):
    gate = Gate(retriever.topics, np.array([[1.0, 0.0], [0.0, 1.0]]), ())
    turn = np.array([0.6, 0.8])
    ids = [chunk.id for chunk in retriever.passages]
    view = View(
        [Hit(ids[0], "question", 0.5), Hit(ids[1], "answer", 0.7)],
        [Hit(ids[0], "question", 0.4), Hit(ids[1], "answer", 0.1)],
        np.zeros(len(ids), dtype=np.float32),
        ("nucleus",),
        {12: 0.9, 6: 0.1},
        [Hit("a12-1", "question", 0.3), Hit("a12-2", "question", 0.2)],
    )
    kinds = {Kind.NEAR: 0.2, Kind.FAR: 0.9, Kind.EXAMPLE: 0.75, Kind.CLAIM: 0.1, Kind.HELLO: 0.99}
    topic = retriever.topics.numbers.index(12)
    read = [-np.log(4), np.log(9), np.log(3), 0.9]
    near = [0.7, 0.4, 1.0, 0.8, 0.3]
    alone = gate.features(read_as(kinds), view, turn, topic)
    assert alone == pytest.approx([*read, *near, 1.0, *near])
    assert len(alone) == len(GATE_FEATURES)
    follows = gate.features(read_as(kinds, (Message("user", "so"),)), view, turn, topic)
    assert follows == pytest.approx([*read, *near, *[0.0] * 6])


def test_a_gate_that_has_seen_nothing_is_told_nothing(retriever):
    nothing = View((), (), np.zeros(len(retriever.passages), dtype=np.float32), (), {})
    gate, turn = Gate(retriever.topics, np.zeros((0, 2)), ()), np.array([0.6, 0.8])
    features = gate.features(read_as({}), nothing, turn, 0)
    assert features == [-SUREST, -SUREST, 0.0, *[0.0] * 6, 1.0, *[0.0] * 5]
    # a reader that tells only one kind of what is left out speaks for both
    for kind in (Kind.NEAR, Kind.FAR):
        told = gate.features(read_as({kind: 0.9}), nothing, turn, 0)
        assert told[:3] == pytest.approx([np.log(9), np.log(9), 0.0])


def test_confidence_by_hand(retriever):
    gate = Gate(retriever.topics, np.zeros((0, 2)), (-1.0, 2.0, -3.0))
    assert gate.confidence([2.0, 1.0]) == pytest.approx(0.5)
    assert gate.confidence([2.5, 1.0]) == pytest.approx(0.731, abs=1e-3)
    assert gate.confidence([1e6, 0.0]) == pytest.approx(1.0)
    assert gate.confidence([-1e6, 0.0]) == pytest.approx(0.0)
    assert log_odds(0.9) == pytest.approx(np.log(9))
    assert (log_odds(0.0), log_odds(0.5), log_odds(1.0)) == (-SUREST, 0.0, SUREST)


def test_a_topic_is_as_near_as_its_best_question_and_its_four_best_texts(retriever):
    first = [chunk.id for chunk in retriever.passages if chunk.number == 12]
    second = [chunk.id for chunk in retriever.passages if chunk.number == 6]
    read = [Hit(first[n], "answer", s) for n, s in enumerate((0.1, 0.6, 0.5, 0.9, 0.4))]
    read += [Hit(second[0], "answer", 0.7)]
    read += [Hit(first[0], "question", 0.2), Hit(first[1], "question", 0.8)]
    said = [Hit(second[0], "question", 0.3), Hit(first[0], "answer", 0.9)]
    view = View(read, said, np.zeros(len(retriever.passages), dtype=np.float32), (), {12: 0.5})
    table = retriever.topics.features(view)
    least = np.log(1e-4) / 10
    rows = {
        12: [np.log(0.5) / 10, 0.8, (0.9 + 0.6 + 0.5 + 0.4) / 4, 0.3, 0.0],
        6: [least, 0.2, (0.7 + 3 * 0.1) / 4, 0.3, 0.0],  # what is missing is as far as the farthest
        4: [least, 0.2, 0.1, 0.3, 0.0],
    }
    for number, row in zip(retriever.topics.numbers, table, strict=True):
        assert row == pytest.approx(rows[number])


def test_the_words_of_a_topic_count_by_their_rarity(retriever):
    topics, lexical = retriever.topics, retriever.lexical
    view = View((), (), np.zeros(len(retriever.passages), dtype=np.float32), ("nucleus",), {})
    column = topics.features(view)[:, TOPIC_FEATURES.index("document_bm25")]
    held = [
        [w for c in retriever.passages if c.number == number
         for w in lexical.words(" ".join([c.embedded, *c.answers]))]
        for number in topics.numbers
    ]  # fmt: skip
    assert column == pytest.approx(lexical.over(held)(["nucleus"]) / 20)
    first = topics.numbers.index(12)
    assert column[first] > 0
    rare, common = lexical.rarity("zebra"), lexical.rarity("nucleus")
    assert topics.coverage(["nucleus", "zebra"], first) == pytest.approx(common / (common + rare))


def test_passages_show_their_scores(retriever):
    (best, *_) = retriever.rank("Why is the nucleus used?")
    numbers = (best.read, best.to_question, best.to_answer, best.bm25)
    assert best.to_question == pytest.approx(1, abs=1e-3)
    weighed = passage_features(numbers, 1.0) @ np.array(retriever.fitted.passages)
    assert best.score == pytest.approx(weighed)


def test_softmax():
    assert softmax(np.array([0.0, 0.0])).tolist() == [0.5, 0.5]
    assert softmax(np.array([1000.0, 0.0]))[0] == pytest.approx(1)


def test_the_fitted_numbers_fit_their_features():
    fitted = read_fitted()
    assert len(fitted.topics) == len(TOPIC_FEATURES)
    assert len(fitted.gate) == len(GATE_FEATURES) + 1
    assert len(fitted.written) == len(WRITTEN_FEATURES) + 1
    assert len(fitted.passages) == len(passage_features((0.0, 0.0, 0.0, 0.0), 1.0))
    assert fitted.gate[1 + GATE_FEATURES.index("alone_outside")] < 0
    assert any(fitted.topics)


def test_a_view_without_hits_has_features(retriever):
    empty = View((), (), np.zeros(len(retriever.passages), dtype=np.float32), (), {})
    assert not retriever.topics.features(empty).any()
