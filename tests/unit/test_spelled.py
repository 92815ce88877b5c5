"""Numbers that are written out."""

import pytest

from tutor.calls.quantity import scalar, spans
from tutor.calls.spelled import spelled

SAID = {
    "zero": 0,
    "seven": 7,
    "thirty-two": 32,
    "Ninety": 90,
    "a hundred": 100,
    "two hundred and six": 206,
    "twelve hundred": 1200,
    "a thousand": 1000,
    "ninety thousand": 90_000,
    "two hundred and six thousand": 206_000,
    "seventeen million": 17e6,
    "dozen": 12,
    "twice": 2,
    "a tenth": 0.1,
    "three quarters": 0.75,
    "two thirds": 2 / 3,
}


@pytest.mark.parametrize("text", SAID)
def test_it_is_worth_what_it_says(text):
    assert spelled(text) == pytest.approx(SAID[text])
    assert scalar(text) == spelled(text)


@pytest.mark.parametrize("text", ["seventh", "two three", "half", "thousands of", "no one"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=text):
        spelled(text)


def test_each_is_one_span_and_an_enumeration_is_several():
    text = "thirty two layers, one two four, a dozen GPUs and half precision"
    assert [span.text for span in spans(text)] == [
        "thirty two",
        "one",
        "two",
        "four",
        "dozen",
        "half",
    ]
