"""Wishes about the form: which answer they are about, and a talk that is summed up."""

from dataclasses import replace

import numpy as np
import pytest

from tutor.engine.generate import Message
from tutor.reply.recap import INTRO, cell, headed, recap
from tutor.reply.retold import Origins
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.reader import Reading
from tutor.turn.understand import wished
from tutor.turn.wish import About, Form, Wish, parts_wished

SIZE = "How large is the nucleus in practice?"
SIEVE = "a sieve for gravel. The comparison breaks when it rains."
TALK = (
    SIZE,
    "In practice the nucleus holds forty tokens. Larger values bring little more variety.",
    "hello",
    "Hello! Ask me anything.",
    "Why is the thermostat used?",
    "The thermostat is used because it removes unlikely tokens. Unlikely tokens harm the text.",
)


class Wishing:
    """Reads the one wish that it is given in every turn."""

    def __init__(self, form: Form, about: About):
        self.wish = Wish(form, about)

    def read(self, turn: str) -> Wish:
        return self.wish


def said(*texts):
    roles = ("user", "assistant")
    return [Message(roles[place % 2], text) for place, text in enumerate(texts)]


def ask(kinds, *before):
    reading = Reading(dict.fromkeys(kinds, 1.0), {}, np.zeros(1, dtype=np.float32))
    return Ask("a turn", "a turn", reading, kinds, tuple(said(*before)))


@pytest.fixture
def told(make_tutor):
    """told(form, about, turn, *before): the reply to a turn that is read as that wish."""

    def tell(form, about, turn, *before):
        tutor = make_tutor()
        tutor.wishes = Wishing(form, about)
        *_, reply = tutor.reply(turn, said(*before))
        return reply

    return tell


def test_a_wish_decides_what_the_turn_is_and_small_talk_stays():
    shorter = Wish(Form.SHORTER, About.LAST)
    turn = wished(ask((Kind.THANKS, Kind.QUESTION), "What?", "That."), shorter)
    assert turn.kinds == (Kind.SHORTER, Kind.THANKS)
    assert turn.wish == shorter


def test_a_wish_about_what_was_said_needs_something_said():
    first = ask((Kind.QUESTION,))
    for about in (About.LAST, About.TALK):
        assert wished(first, Wish(Form.SHORTER, about)) == first
    named = wished(first, Wish(Form.SHORTER, About.NAMED))
    assert named.kind is Kind.SHORTER


def test_a_question_that_names_its_matter_and_wants_a_list_stays_one():
    question = ask((Kind.QUESTION,), "What?", "That.")
    assert wished(question, Wish(Form.POINTS, About.NAMED)) == question
    assert wished(question, Wish(Form.POINTS, About.LAST)).kind is Kind.POINTS
    assert wished(question, None) == question


@pytest.mark.parametrize("kind", [Kind.NEAR, Kind.FAR, Kind.HOSTILE])
def test_no_form_is_read_into_what_is_not_to_be_answered(kind):
    turn = ask((kind,), "What?", "That.")
    assert wished(turn, Wish(Form.SHORTER, About.NAMED)) == turn


def test_sources_are_wished_for_whatever_form_but_one_that_the_reader_of_turns_has_not_learnt():
    turn = ask((Kind.READING,), "What?", "That.")
    assert wished(turn, Wish(Form.POINTS, About.TALK)) == turn
    assert wished(turn, Wish(Form.CARDS, About.TALK)).wish == Wish(Form.CARDS, About.TALK)


def test_a_wish_that_names_its_matter_asks_and_one_about_the_last_answer_does_not():
    question = ask((Kind.QUESTION,), "What?", "That.")
    assert wished(question, Wish(Form.SHORTER, About.NAMED)).asks
    assert not wished(question, Wish(Form.SHORTER, About.LAST)).asks


def test_what_a_wish_names_is_told_and_not_what_was_said_last(told):
    named = told(Form.SHORTER, About.NAMED, "what is the thermostat, in a line", *TALK[:2])
    assert named.text.startswith("Think of a sieve: thermostat")
    last = told(Form.SHORTER, About.LAST, "in a line", *TALK[:2])
    assert last.text == "In practice the nucleus holds forty tokens."


@pytest.mark.parametrize(
    ("turn", "most"),
    [
        ("Bullets. Max 4.", 4),
        ("in Three points", 3),
        ("2 or 3 bullets", None),
        ("a list", None),
        ("GPT-4 in bullets", None),
        ("4-bit weights as points", None),
    ],
)
def test_a_wish_for_points_may_say_how_many(turn, most):
    assert parts_wished(turn) == most


def test_a_talk_is_summed_up_by_the_core_of_what_answered(told):
    reply = told(Form.SHORTER, About.TALK, "sum up", *TALK)
    head, _, *lines = reply.text.split("\n")
    assert head == INTRO
    assert lines == [f"- {answer}" for answer in (TALK[1], TALK[5])]
    assert [chunk.number for chunk in reply.sources] == [12, 6]


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (Form.SPOKEN, "In practice the nucleus holds forty tokens. The thermostat is used because"),
        (Form.TABLE, "\n".join(["| Question | Answer |", "|---|---|", f"| {SIZE} | {TALK[1]} |"])),
        (Form.CARDS, f"**Front:** {SIZE}  \n**Back:** In practice the nucleus"),
        (
            Form.SIMPLER,
            "\n\n".join(f"The {one} is like {SIEVE}" for one in ("nucleus", "thermostat")),
        ),
    ],
)
def test_a_talk_is_summed_up_in_the_form_wished_for(told, form, shown):
    assert told(form, About.TALK, "everything", *TALK).text.startswith(shown)


def test_a_line_of_a_recap_that_says_nothing_alone_stands_behind_its_question(guide, retriever):
    chunk = next(c for c in retriever.passages if c.heading == SIZE)
    assert (
        headed(chunk, "Forty of them hold here as well.", guide)
        == "Forty of them hold here as well."
    )
    assert headed(chunk, "Not by itself.", guide) == f"*{SIZE}* Not by itself."
    judged = replace(chunk, verdict="wrong")
    assert headed(judged, "No, it holds forty tokens and more.", guide).startswith(f"*{SIZE}* No,")


def test_where_nothing_was_taken_from_anywhere_there_is_nothing_to_sum_up(guide, retriever):
    origins = Origins(retriever.passages)
    small = said("hello", "Hello! Ask me anything.")
    assert recap(Form.SHORTER, small, origins, guide, retriever.passages) is None


def test_a_cell_has_no_bars_and_one_line():
    assert cell("a | b\nc") == "a \\| b c"
