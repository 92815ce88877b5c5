"""Typing errors are mended, and nothing else is touched."""

import pytest

from tutor.spelling import Spelling, slips

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


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xyz", 3), ("", "ab", 2)],
)
def test_slips(one, other, distance):
    assert slips(one, other, most=5) == distance


def test_slips_gives_up_early():
    assert slips("abcdefgh", "zyxwvuts", most=1) == 2
