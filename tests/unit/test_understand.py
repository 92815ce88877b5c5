"""Turns, understood: cleaned, laid out for the reader, their kinds in order."""

import pytest

from tutor.engine.generate import Message
from tutor.errors import InputError
from tutor.turn.kinds import Kind
from tutor.turn.layout import BEFORE, CLS, REPLY, SEP, TURN, ends, lay_out
from tutor.turn.reader import Reading
from tutor.turn.understand import LONGEST_TURN, asked_last, clean, holding, understand

PAST = [
    Message("user", "one"), Message("assistant", "two"),
    Message("user", "three"), Message("assistant", "four"),
]  # fmt: skip


class Letters:
    """A tokenizer whose wordpieces are letters: "ab" → [97, 98]."""

    def pieces(self, text):
        return [ord(letter) for letter in text]


def spelled(laid):
    """What a layout holds, [CLS] and [SEP] as bars."""
    return "".join("|" if i in (CLS, SEP) else chr(i) for i in laid.ids)


def test_the_newest_comes_first_and_the_turn_has_a_type_of_its_own():
    laid = lay_out(Letters(), "five?", PAST)
    # "e" and "f" are 101 and 102, the ids of [CLS] and [SEP], in this alphabet.
    assert spelled(laid).replace("|", "") == "".join("iv?" + "our" + "thr" + "on")
    assert laid.types == (0,) * 7 + (1,) * (len(laid.ids) - 7)


def test_without_a_conversation_there_is_the_turn_alone():
    assert lay_out(Letters(), "why").ids == (CLS, *map(ord, "why"), SEP)


def test_what_is_long_is_cut_and_what_is_old_goes_first():
    long = [Message("user", "a" * 500), Message("assistant", "b" * 5000)] * 30
    laid = lay_out(Letters(), "x" * LONGEST_TURN, long)
    assert len(laid.ids) == 2 + TURN + REPLY + 1 + sum(BEFORE) + len(BEFORE)
    assert ends([1, 2, 3], 3) == [1, 2, 3]
    assert ends(list(range(9)), 6) == [0, 1, 2, 3, 7, 8]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  a \n\t b ", "a b"), ("a\u200bb", "ab"), ("\u202eabc", "abc"), ("né 🦙", "né 🦙")],
)
def test_a_turn_is_cleaned(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "  \n", "\u200b", "x" * (LONGEST_TURN + 1)])
def test_what_cannot_be_read_is_an_input_error(typed):
    with pytest.raises(InputError):
        clean(typed)


def test_a_number_stands_for_its_question(reader):
    titles = {12: "Top-k vs top-p sampling?"}
    assert understand("Q12", reader, titles=titles).words == titles[12]
    assert understand("question 12 please", reader, titles=titles).words == f"{titles[12]} please"
    assert understand("Q99", reader, titles=titles).words == "Q99"
    assert understand("Q12", reader, titles=titles).text == "Q12"


def test_kinds_that_hold_are_ordered_and_the_best_always_holds():
    vector = reader_vector()
    kinds = {Kind.QUESTION: 0.6, Kind.THANKS: 0.9, Kind.FAR: 0.1}
    assert holding(Reading(kinds, {}, vector)) == (Kind.THANKS, Kind.QUESTION)
    assert holding(Reading({Kind.FAR: 0.2, Kind.NEAR: 0.1}, {}, vector)) == (Kind.FAR,)


def reader_vector():
    """A vector that nobody looks at."""
    import numpy as np

    return np.zeros(2, dtype=np.float32)


def test_small_talk_gives_way_to_what_is_asked(reader):
    both = understand("thanks, an example?", reader)
    assert both.kind is Kind.EXAMPLE
    assert both.talks is Kind.THANKS
    alone = understand("thanks", reader)
    assert alone.kind is Kind.THANKS
    assert not alone.asks
    assert understand("Why is the nucleus used?", reader).asks


def test_nothing_is_an_answer_where_nothing_was_asked():
    reading = Reading({Kind.ANSWER: 0.6, Kind.CASE: 0.3, Kind.COMPUTE: 0.1}, {}, None)
    asked = [Message("user", "quiz me"), Message("assistant", "**What is top-k?**")]
    told = [Message("assistant", "What is top-k?"), Message("assistant", "It is a rule.")]
    for before, kind in ((asked, Kind.ANSWER), (told, Kind.CASE), ([], Kind.CASE)):
        assert holding(reading, asked_last(before))[0] is kind
