"""Words as the word search sees them, and how much each tells."""

import math

import numpy as np
import pytest


def test_a_hyphenated_word_is_itself_and_its_parts(retriever):
    words = retriever.lexical.words
    assert words("top-k sampling") == ["top-k", "top", "k", "sampl"]
    assert words("what is the Q?") == ["q"]
    assert words("how it is") == []


def test_a_word_that_nothing_holds_scores_nothing(retriever):
    lexical = retriever.lexical
    assert not lexical.scores(["zebra"]).any()
    assert not lexical.scores([]).any()
    assert lexical.scores(["zebra", "nucleus"]) == pytest.approx(lexical.scores(["nucleus"]))
    found = lexical.scores(["nucleus"])
    assert found.shape == (len(retriever.passages),)
    best = list(retriever.passages)[int(np.argmax(found))]
    assert "nucleus" in best.text


def test_rarity_is_the_inverse_document_frequency(retriever):
    lexical, size = retriever.lexical, len(retriever.passages)
    holding = sum(
        "nucleus" in lexical.words(" ".join([chunk.embedded, *chunk.answers]))
        for chunk in retriever.passages
    )
    assert lexical.rarity("nucleus") == pytest.approx(math.log(1 + size / (holding + 0.5)))
    assert lexical.rarity("zebra") == pytest.approx(math.log(1 + size / 0.5))


def test_documents_are_ranked_by_how_much_they_hold(retriever):
    scores = retriever.lexical.over([["a", "b"], ["a", "a", "c"], ["d"]])(["a"])
    assert scores[1] > scores[0] > scores[2] == 0


def test_indexing_and_scoring_draw_nothing_on_the_terminal(retriever, capfd):
    retriever.lexical.over([["a"], ["b"]])(["a"])
    assert capfd.readouterr() == ("", "")
