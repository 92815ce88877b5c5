"""The Practice place: interviews, what is shown of an answer, what goes into the record."""

from types import SimpleNamespace

import gradio as gr
import pytest

from tests.conftest import real_guide
from tests.unit.test_feedback import Words
from tutor.engine.embed import HashingEmbedder
from tutor.errors import ModelError
from tutor.practice.interview import Interview
from tutor.practice.record import Record, as_json, due, read_record
from tutor.practice.statements import key_points, wrong_claims
from tutor.web.practising import CATEGORY, DUE, MIX, Practice, now

GUIDE = real_guide()
EMPTY = as_json(Record())


@pytest.fixture
def practice():
    library = SimpleNamespace(embedder=HashingEmbedder())
    return Practice(SimpleNamespace(grader=Words, library=lambda: library), GUIDE)


def asked(query):
    return SimpleNamespace(query_params=query)


def test_a_mix_asks_as_many_as_wished(practice):
    drawn, setup, room, *_ = practice.start(MIX, "", 5, 0, EMPTY)
    assert len(set(drawn.numbers)) == 5
    assert (setup["visible"], room["visible"]) == (False, True)


def test_a_category_and_an_address_ask_what_they_name(practice):
    folder = GUIDE.categories[4].folder
    own = {question.number for question in GUIDE.categories[4].questions}
    assert set(practice.start(CATEGORY, folder, 10, 30, EMPTY)[0].numbers) == own
    of_category = practice.open_address(Interview(), EMPTY, asked({"category": folder}))
    assert set(of_category[0].numbers) == own
    assert practice.open_address(Interview(), EMPTY, asked({"q": "12"}))[0].numbers == (12,)


def test_an_interview_that_is_under_way_goes_on_when_the_page_has_loaded(practice):
    kept = practice.open_address(Interview((3, 4)), EMPTY, asked({"q": "12"}))
    assert kept == (gr.skip(),) * len(practice.open_address(Interview(), EMPTY, asked({})))


@pytest.mark.parametrize("query", [{}, {"q": "51"}, {"q": "<b>"}, {"category": "../etc"}])
def test_any_other_address_offers_the_choice(practice, query):
    drawn, setup, room, *_ = practice.open_address(Interview(), EMPTY, asked(query))
    assert drawn == Interview()
    assert (setup["visible"], room["visible"]) == (True, False)


def test_nothing_due_is_said(practice):
    with pytest.raises(gr.Error, match="Nothing is due"):
        practice.start(DUE, "", 3, 0, EMPTY)


def test_only_the_first_try_goes_into_the_record(practice):
    point = key_points(GUIDE.questions[12])[0].text
    interview, record, text, *_ = practice.check(Interview((12,)), f"I say: {point}", EMPTY)
    assert "1 of" in text
    (event,) = read_record(record).events
    assert (event.number, event.what) == (12, "practised")
    assert 0 not in event.missed
    again, same, *_ = practice.check(interview, "another try, of which nothing is right", record)
    assert same == record
    assert again.results == interview.results


def test_what_was_practised_badly_comes_again_and_can_be_asked_for(practice):
    _, record, *_ = practice.check(Interview((12,)), "I have no idea at all about it", EMPTY)
    memory = read_record(record).memory[12]
    assert due(read_record(record), memory.due) == [12]


def test_right_comes_before_wrong_before_missing(practice):
    question = GUIDE.questions[12]
    said = f"{key_points(question)[0].text} {wrong_claims(question)[0].text}"
    text = practice.check(Interview((12,)), said, EMPTY)[2]
    places = [text.index(part) for part in ("You said", "Not right", "Missing", "A model answer")]
    assert places == sorted(places)


def test_the_parts_of_an_answer_are_told(practice):
    point = key_points(GUIDE.questions[12])[0].text
    text = practice.check(Interview((12,)), f"I say: {point}", EMPTY)[2]
    parts = GUIDE.parts[12]
    assert f"✓</b> {parts[0]} 1 of {parts.count(parts[0])}" in text
    assert f"○</b> trade-off 0 of {parts.count('trade-off')}" in text


def test_a_part_left_out_of_most_answers_is_a_habit(practice):
    interview = Interview((12, 5))
    for number in interview.numbers:
        places = [i for i, part in enumerate(GUIDE.parts[number]) if part != "trade-off"]
        points = key_points(GUIDE.questions[number])
        said = " ".join(points[place].text for place in places)
        interview = practice.check(interview, said, EMPTY)[0].moved_on()
    *_, debrief = practice.shown(interview, EMPTY)
    assert "A habit to change" in debrief
    assert "when you would not use it (2 of 2 answers)" in debrief


def test_an_empty_answer_is_asked_for_and_a_missing_model_is_said(practice):
    with pytest.raises(gr.Error, match="Say something"):
        practice.check(Interview((12,)), "   ", EMPTY)

    def broken():
        raise ModelError("The grader was trained on another embedding model.")

    practice._loading.grader = broken
    with pytest.raises(gr.Error, match="another embedding model"):
        practice.check(Interview((12,)), "an answer", EMPTY)


def test_the_debrief_has_what_was_answered_and_what_was_not(practice):
    interview, record, *_ = practice.check(Interview((12, 7)), "no idea about this one", EMPTY)
    *_, text = practice.stop(interview, record)
    assert "0 of" in text
    assert "[Q12](practice?q=12)" in text
    assert "Not answered: [Q7](practice?q=7)" in text
    *_, nothing = practice.stop(Interview((12,)), EMPTY)
    assert "Nothing has been answered" in nothing


def test_times_know_their_zone():
    assert now().utcoffset() is not None
