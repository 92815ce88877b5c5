"""Typing errors are mended, and nothing else is touched."""

import pytest

from tutor.search.spelling import Spelling

GUIDE = ["softmax attention transformer language model eigenvalues quantization"]


@pytest.fixture
def spelling() -> Spelling:
    return Spelling(GUIDE, known={"what", "spam", "recipe", "attenuation"}.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sofmax", "softmax"),
        ("trasnformer", "transformer"),
        ("what is langauge modle", "what is language model"),
        ("eigenvlaues", "eigenvalues"),
        ("Atention!", "attention!"),
        ("attenuation", "attenuation"),  # an ordinary word, though near one of the guide's
        ("paella", "paella"),  # far from every word
        ("osftmax", "softmax"),  # the first letter may have changed places with the second
        ("lnaguaeg", "language"),  # two slips in eight letters
        ("quatizatin", "quantization"),
        ("eigenvaluuees", "eigenvalues"),
        ("sotfmxa", "sotfmxa"),  # two slips in seven
        ("lagauge", "lagauge"),
        ("mdel", "mdel"),  # too short to tell
        ("llama3 注意力 🦙", "llama3 注意力 🦙"),
    ],
)
def test_mending(spelling, typed, meant):
    assert spelling.mend(typed) == meant


def test_the_word_used_more_often_wins_a_tie():
    spelling = Spelling(["weights weights heights"], known=lambda _: False)
    assert spelling.mend("xeights") == "xeights"  # another first letter is another word
    assert Spelling(["layers layers layerx"], lambda _: False).mend("layerz") == "layers"


def test_a_typing_error_that_the_guide_shows_is_mended_too():
    words = "tokenization long " * 20 + "tokenizaton luong generative"
    spelling = Spelling([words], known=lambda _: False)
    assert spelling.mend("tokenizaton in luong") == "tokenization in luong"
    assert spelling.mend("generative") == "generative"


def test_a_word_of_four_letters_may_be_meant_by_one_of_five():
    assert Spelling(["bert"], known=lambda _: False).mend("berrt") == "bert"


def test_fewer_slips_win_over_more_frequent_words():
    spelling = Spelling(["weighting " + "weightings " * 3], known=lambda _: False)
    assert spelling.mend("weightinq") == "weighting"
    assert Spelling(["layerz layera"], lambda _: False).mend("layers") == "layera"  # a plain tie


@pytest.mark.parametrize(
    ("often", "once", "meant"),
    [
        (20, "embeddign", "embedding"),
        (19, "embeddign", "embeddign"),  # not often enough to be believed
        (20, "emebddign", "emebddign"),  # two slips: rather a word of its own
        (20, "sampling", "sampling"),  # of an ordinary length: the guide knows what it says
    ],
)
def test_what_the_guide_has_once_is_replaced_only_by_what_it_has_often(often, once, meant):
    texts = ["embedding samplings " * often + once]
    assert Spelling(texts, known=lambda _: False).mend(once) == meant


def test_what_the_guide_has_twice_is_no_typing_error():
    spelling = Spelling(["embedding " * 40 + "embeddign embeddign"], known=lambda _: False)
    assert spelling.mend("embeddign") == "embeddign"
