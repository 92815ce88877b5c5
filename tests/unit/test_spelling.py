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
