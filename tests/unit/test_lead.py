"""Leads: which authored text a reply begins with."""

from dataclasses import replace

import pytest

from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import (
    HOW_IT_WORKS,
    IN_SHORT,
    KEY_POINTS,
    ONE_MINUTE,
    PITFALLS,
    READING,
    WORKED_EXAMPLE,
)
from tutor.reply.lead import NO_CODE, WHICH, choose_lead, formula


def last(tutor, turn, *said):
    """The reply to a turn after pairs of turn and reply."""
    roles = ("user", "assistant")
    history = [Message(roles[place % 2], text) for place, text in enumerate(said)]
    *_, reply = tutor.reply(turn, history)
    return reply


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["Words.", "$$a$$", "$$b$$", "$$c$$"], "$$a$$\n\n$$b$$"),
        (["$$a$$", "Words.", "$$b$$"], "$$a$$"),  # the second formula is about something else
        (["Words.", "More words."], "Words."),
    ],
)
def test_a_formula_is_shown_with_what_follows_it_directly(texts, shown):
    chunks = [
        Chunk(f"q4-{n}", 4, "11_fine_tuning", HOW_IT_WORKS, "", text, text, ())
        for n, text in enumerate(texts)
    ]
    assert formula(4, Passages(chunks)).text == shown


@pytest.mark.parametrize(
    ("turn", "section"),
    [
        ("nucleus: an example", WORKED_EXAMPLE),
        ("nucleus: more please", HOW_IT_WORKS),
        ("nucleus: what mistakes?", PITFALLS),
        ("nucleus: the formula", HOW_IT_WORKS),
        ("nucleus in bullets", KEY_POINTS),
        ("papers on the nucleus", READING),
        ("how would I say it: the nucleus", IN_SHORT),
    ],
)
def test_a_wish_gets_its_section(make_tutor, turn, section):
    reply = last(make_tutor(), turn)
    assert {chunk.section for chunk in reply.lead.chunks} == {section}
    assert reply.lead.number == 12


def test_a_section_that_was_shown_is_not_shown_again(make_tutor):
    tutor = make_tutor()
    first = last(tutor, "nucleus: an example")
    again = last(tutor, "another example of the nucleus", "nucleus: an example", first.text)
    assert again.lead.text != first.lead.text


def test_shorter_is_the_beginning_of_the_last_reply(make_tutor):
    tutor = make_tutor()
    first = last(tutor, "How large is the nucleus in practice?")
    short = last(tutor, "shorter", "How large is the nucleus in practice?", first.text)
    assert short.text == "In practice the nucleus holds forty tokens."
    assert short.sources[0].heading == "How large is the nucleus in practice?"


def test_a_whole_answer_is_shortened_to_what_is_said_in_20_seconds(make_tutor):
    tutor = make_tutor()
    first = last(tutor, "What is the nucleus?")
    assert first.lead.chunks[0].section == ONE_MINUTE
    short = last(tutor, "shorter", "What is the nucleus?", first.text)
    assert short.text == (
        "Think of a sieve: nucleus lets the likely words through and holds back the rest."
    )


def test_a_wish_about_nothing_asks_back(make_tutor, guide):
    tutor = make_tutor()
    ask = tutor.understand("shorter")
    evidence = replace(tutor.retriever.search(ask), shares=(0.1, 0.1, 0.1))
    assert choose_lead(ask, evidence, guide, tutor.passages).text == WHICH


def test_code_that_the_guide_lacks_is_said_to_be_lacking(make_tutor):
    reply = last(make_tutor(), "code for the nucleus")
    assert reply.text.startswith(NO_CODE)
    assert "$$p_nucleus = 1$$" in reply.text


def test_a_quiz_asks_and_an_answer_is_compared(make_tutor):
    tutor = make_tutor()
    asked = last(tutor, "quiz me on the nucleus")
    assert asked.lead.chunks == ()
    compared = last(tutor, "my answer: it removes tokens", "quiz me on the nucleus", asked.text)
    heading = compared.lead.chunks[0].heading
    assert f"**{heading}**" in asked.text
    assert compared.lead.chunks[0].text in compared.text
    other = last(tutor, "quiz me on the nucleus again", "quiz me on the nucleus", asked.text)
    assert f"**{heading}**" not in other.text


def test_next_names_follow_ups_that_were_not_answered(make_tutor):
    tutor = make_tutor()
    first = last(tutor, "Why is the nucleus used?")
    coming = last(tutor, "nucleus: what comes next?", "Why is the nucleus used?", first.text)
    assert "- How large is the nucleus in practice?" in coming.text
    assert "- Why is the nucleus used?" not in coming.text


def test_a_plan_names_every_category(make_tutor):
    reply = last(make_tutor(), "plan my week")
    assert reply.evidence is None
    assert "Text Generation (Q12, Q6)" in reply.text
    assert "Fine-Tuning (Q4)" in reply.text


def test_small_talk_comes_before_an_answer(make_tutor):
    reply = last(make_tutor(), "thanks! Why is the nucleus used?")
    assert reply.text.startswith("You are welcome. The nucleus is used because")


def test_a_refusal_says_so_by_a_flag(make_tutor):
    tutor = make_tutor()
    assert last(tutor, "spaghetti bolognese").lead.refused
    assert not last(tutor, "Why is the nucleus used?").lead.refused


def test_what_is_hostile_or_about_the_tutor_needs_no_passage(make_tutor):
    for turn in ("you idiot", "who are you"):
        reply = last(make_tutor(), turn)
        assert reply.evidence is None
        assert reply.text
