"""Two questions in one message."""

import numpy as np
import pytest

from tutor.guide.chunks import Chunk
from tutor.guide.read import FOLLOW_UPS
from tutor.reply.both import CERTAIN, Found, both_lead
from tutor.reply.lead import Lead, Quote
from tutor.search.retrieve import Evidence, Passage
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.parts import parts_of
from tutor.turn.reader import Reading

FIRST, SECOND = "what is a logit", "why is it not a probability?"
BOTH = f"{FIRST}, and {SECOND}"


def found(text, answer, near=0.9, kind=Kind.QUESTION, written=()):
    """A text with an answer whose question is so near to it."""
    ask = Ask(text, text, Reading({kind: 1.0}, {}, np.zeros(1, dtype=np.float32)), (kind,))
    chunk = Chunk(answer, 6, "05_text_generation", FOLLOW_UPS, answer, answer, answer, ())
    passage = Passage(chunk, 1.0, near, near, 0.0, 0.0)
    evidence = Evidence(text, (passage,), (6,), (1.0,), True, 1.0, written)
    return Found(ask, evidence, Lead(answer, (chunk,), continued=True))


def answered(**changed):
    """The lead for BOTH, where the answer to one part may be `changed`."""
    parts = {FIRST: found(FIRST, "A score."), SECOND: found(SECOND, "It does not add up.")}
    asked = []

    def find(text, history):
        asked.append((text, [message.content for message in history]))
        return changed.get("first" if text == FIRST else "second", parts[text])

    lead = both_lead(changed.get("whole", found(BOTH, "A score.")), [], find)
    return lead, asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (BOTH, (FIRST, SECOND)),
        ("what's bitfit? and does it hit the loss", ("what's bitfit", "does it hit the loss")),
        ("two things: 1) what is k 2. who set it", ("what is k", "who set it")),
        ("which of them is fast and simple?", ("which of them is fast and simple?",)),
        ("really? are you quite sure", ("really? are you quite sure",)),  # no question by itself
        ("what is a? what is b? what is c?", ("what is a? what is b? what is c?",)),
        ("at step 2) what is the rate now", ("at step 2) what is the rate now",)),
    ],
)
def test_a_message_has_one_question_or_two(text, parts):
    assert parts_of(text) == parts


def test_each_question_gets_its_answer_and_the_second_follows_the_first():
    lead, asked = answered()
    assert lead.text == "A score.\n\nIt does not add up."
    assert [chunk.id for chunk in lead.chunks] == ["A score.", "It does not add up."]
    assert not lead.continued
    assert asked == [(FIRST, []), (SECOND, [FIRST, "A score."])]


def test_what_was_worked_out_is_as_certain_as_can_be():
    number = found(FIRST, "ignored")
    quote = Quote("A rule.", number.lead.chunks[0])
    worked = Found(number.ask, number.evidence, Lead("**4**", (), quotes=(quote,)))
    lead, _ = answered(first=worked)
    assert lead.text == "**4**\n\nIt does not add up."
    assert lead.quotes == (quote,)
    refused = Found(number.ask, number.evidence, Lead("Not covered.", (), refused=True))
    assert answered(first=refused)[0] is None


@pytest.mark.parametrize("part", ["first", "second"])
def test_half_of_a_message_is_not_answered_by_a_guess(part):
    text = FIRST if part == "first" else SECOND
    assert answered(**{part: found(text, "Perhaps.", near=CERTAIN - 0.01)})[0] is None
    assert answered(**{part: found(text, "Perhaps.", near=CERTAIN)})[0] is not None
    assert answered(**{part: found(text, "Hello!", kind=Kind.THANKS)})[0] is None


def test_one_answer_to_both_is_given_once():
    assert answered(second=found(SECOND, "A score."))[0] is None
    chunk = found(BOTH, "Both at once.").lead.chunks[0]
    sure = Passage(chunk, 1.0, 0.9, 0.9, 0.0, 0.0, answers=0.9)
    assert answered(whole=found(BOTH, "Both at once.", written=(sure,)))[0] is None
    assert answered(whole=found(BOTH, "A claim.", kind=Kind.CLAIM))[0] is None
