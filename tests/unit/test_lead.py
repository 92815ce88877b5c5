"""Leads: which authored text a reply begins with."""

from dataclasses import replace

import numpy as np
import pytest

from tutor.engine.generate import Message
from tutor.guide.chunks import WRITTEN, Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import (
    ANALOGY,
    FOLLOW_UPS,
    HOW_IT_WORKS,
    IN_SHORT,
    KEY_POINTS,
    ONE_MINUTE,
    PITFALLS,
    READING,
    WORKED_EXAMPLE,
)
from tutor.reply.lead import (
    AS_IT_STANDS,
    NO_CODE,
    NOT_COVERED,
    OTHER_NUMBERS,
    WHICH,
    Lead,
    best_answer,
    choose_lead,
    compared,
    formula,
    greeted,
    key_points,
    matching_claim,
    quiz,
    retold,
    said,
    whole_section,
)
from tutor.reply.retold import Origins
from tutor.search.retrieve import Evidence, Passage
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.reader import Reading


def asked(kind, text="a turn"):
    """A turn of one kind."""
    return Ask(text, text, Reading({kind: 1.0}, {}, np.zeros(1, dtype=np.float32)), (kind,))


QUESTION, NOTHING = asked(Kind.QUESTION), Passages([])


def chunk(text, section=ONE_MINUTE, heading="", number=12):
    """A passage of the guide."""
    id_ = f"q{number}-{section}-{heading}-{text}"
    return Chunk(id_, number, "05_text_generation", section, heading, text, text, ())


def found(*chunks, **changed):
    """Evidence with these passages in order, about Q12 if nothing else is said."""
    passages = tuple(Passage(one, 1.0, 0.7, 0.7, 0.5, 0.0) for one in chunks)
    return replace(Evidence("", passages, (12, 6), (0.9, 0.1), True, 0.9), **changed)


def replied(*texts):
    """A conversation with these replies of the tutor's."""
    return [m for text in texts for m in (Message("user", "…"), Message("assistant", text))]


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
    reply = last(make_tutor(), "thanks! Why is the nucleus used?", "hi", "Hello!")
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


def test_a_question_beyond_the_guide_is_refused_and_a_wish_is_not(guide, retriever):
    passages = retriever.passages
    beyond = found(covered=False, topics=(6, 4), shares=(0.7, 0.3))
    refused = choose_lead(asked(Kind.QUESTION), beyond, guide, passages)
    assert refused == Lead(
        f"{NOT_COVERED} The nearest topics are:\n\n- Q6: What is the thermostat?\n"
        "- Q4: What is the adapter?",
        (),
        refused=True,
    )
    wish = choose_lead(asked(Kind.EXAMPLE), beyond, guide, passages)
    assert not wish.refused
    assert [one.section for one in wish.chunks] == [WORKED_EXAMPLE]
    for kind in (Kind.QUESTION, Kind.EXAMPLE):  # as in a category without passages
        nothing = choose_lead(asked(kind), found(topics=(), shares=()), guide, passages)
        assert nothing == Lead(NOT_COVERED, (), refused=True)


def test_only_a_wish_needs_a_sure_topic(guide, retriever):
    unsure = found(shares=(0.1, 0.9))
    assert choose_lead(asked(Kind.QUESTION), unsure, guide, retriever.passages).chunks
    assert choose_lead(asked(Kind.SIMPLER), unsure, guide, retriever.passages) == Lead(WHICH, ())
    sure = choose_lead(asked(Kind.SIMPLER), found(), guide, retriever.passages)
    assert [one.section for one in sure.chunks] == [ANALOGY]


def test_the_best_answer_is_one_that_is_written_to_answer_and_about_the_topic():
    other = chunk("About the thermostat.", number=6)
    aside = chunk("A sieve.", ANALOGY)
    first, second = chunk("First. More.", FOLLOW_UPS, "a"), chunk("Second.", FOLLOW_UPS, "b")
    passages = Passages([other, aside, first, chunk("The rest.", FOLLOW_UPS, "a"), second])
    evidence = found(other, aside, first, second)
    assert best_answer(QUESTION, evidence, passages).text == "First. More.\n\nThe rest."
    assert best_answer(QUESTION, evidence, passages, attempt=1).text == "Second."
    assert (
        best_answer(QUESTION, evidence, passages, attempt=2).chunks[0] == first
    )  # from the start again


def test_what_the_last_reply_said_is_not_said_next_but_may_be_said_later():
    first, second = chunk("First. More.", FOLLOW_UPS, "a"), chunk("Second.", FOLLOW_UPS, "b")
    passages = Passages([first, second, chunk("In a minute.")])
    evidence = found(first, second)
    assert best_answer(QUESTION, evidence, passages, replied("Hello. First. More.")).chunks == (
        second,
    )
    assert best_answer(QUESTION, evidence, passages, replied("First.", "Second.")).chunks == (
        first,
    )
    both = best_answer(QUESTION, evidence, passages, replied("First. Second."))
    assert both == Lead("In a minute.", both.chunks, continued=True)


def test_of_the_mechanism_and_the_examples_one_passage_is_the_answer():
    for section in (HOW_IT_WORKS, WORKED_EXAMPLE):
        parts = chunk("One.", section), chunk("Two.", section)
        lead = best_answer(QUESTION, found(parts[1]), Passages(parts))
        assert lead == Lead("Two.", (parts[1],), continued=True)
    whole = chunk("One."), chunk("Two.")
    assert best_answer(QUESTION, found(whole[1]), Passages(whole)).text == "One.\n\nTwo."
    pitfall = chunk('Wrong: "So." Right: Not so.', PITFALLS, "So.")
    assert best_answer(QUESTION, found(pitfall), Passages([pitfall])).text == "Not so."


def test_only_the_tutor_has_said_something():
    one = chunk("The **nucleus** is a rule. It has a price.")
    assert said(one, [Message("assistant", "Well: the rest. The nucleus is a rule.")])
    assert not said(one, [Message("user", "The nucleus is a rule.")])
    assert not said(one, [Message("assistant", "It has a price.")])
    assert not said(chunk("```\n```"), replied("anything"))  # nothing to recognize it by


def test_key_points_come_with_a_whole_answer_to_a_question():
    answer, other = chunk("The answer."), chunk("Why so.", FOLLOW_UPS, "Why?")
    points = chunk("- One point.", KEY_POINTS)
    passages = Passages([answer, other, points])
    whole = Lead("The answer.", (answer,), continued=True)
    for kind in (Kind.QUESTION, Kind.INTERVIEW):
        assert key_points(asked(kind), whole, (), passages) == (points,)
    assert key_points(asked(Kind.CLAIM), whole, (), passages) == ()
    ask = asked(Kind.QUESTION)
    assert key_points(ask, Lead("Why so.", (other,), continued=True), (), passages) == ()
    assert key_points(ask, replace(whole, continued=False), (), passages) == ()
    assert key_points(ask, Lead("My own words.", (), continued=True), (), passages) == ()
    assert key_points(ask, whole, replied("One point."), passages) == ()


def test_the_model_goes_on_from_what_is_no_complete_list():
    parts = tuple(chunk(text, HOW_IT_WORKS) for text in ("One.", "Two.", "Three."))
    assert whole_section(parts, HOW_IT_WORKS) == Lead("One.\n\nTwo.", parts[:2], continued=True)
    points = tuple(chunk(text, KEY_POINTS) for text in ("- a", "- b", "- c"))
    assert whole_section(points, KEY_POINTS) == Lead("- a\n\n- b\n\n- c", points)


def test_shorter_without_a_reply_from_the_guide_is_the_topic_in_20_seconds(guide, retriever):
    ask, passages = asked(Kind.SHORTER), retriever.passages
    lead = choose_lead(ask, found(), guide, passages)
    assert [one.section for one in lead.chunks] == [IN_SHORT]
    assert lead.number == 12
    whole = chunk("The adapter is set by hand.", number=4)
    # the last reply counts, whatever the topic
    assert choose_lead(ask, found(), guide, passages, origin=whole).number == 4


def test_what_was_said_last_is_known_by_how_it_begins():
    aside, answer = chunk("One. Two.", ANALOGY), chunk("It is **small**. It is cheap.", FOLLOW_UPS)
    origins = Origins([aside, answer])
    assert origins.origin(replied("One. Two.", "Hello! It is small. It is cheap.")) is answer
    assert origins.origin(replied("It is small.", "Something else.")) is None
    assert origins.origin([Message("user", "It is small.")]) is None


def test_a_wish_for_two_points_gets_the_first_two(guide):
    passages = Passages([chunk("- a\n- b", KEY_POINTS), chunk("- c", KEY_POINTS)])
    for text, shown in (
        ("two bullets", "- a\n- b"),
        ("3 points", "- a\n- b\n- c"),
        ("list", "- a\n- b\n\n- c"),
    ):
        ask = replace(asked(Kind.POINTS), text=text)
        assert choose_lead(ask, found(), guide, passages).text == shown


def test_a_bare_verdict_is_not_taken_for_the_passage_that_happens_to_begin_with_it():
    first = chunk("No. The heat rises.", FOLLOW_UPS)
    second = chunk("No. The rank is small.", WRITTEN)
    origins = Origins([first, second])
    below = f"No, not as you put it. Close to what you say: Is it?\n\n{second.text}"
    for reply in (second.text, below):
        assert origins.origin(replied(reply)) is second
    assert origins.origin(replied("No. That is all.")) is None


def test_something_particular_is_told_again_and_not_its_whole_question():
    text = "It is small. " + "It is cheap to train and to keep. " * 12
    origin = chunk(text, FOLLOW_UPS, "How large?")
    simple = replace(chunk("A few numbers.", WRITTEN), simple=True)
    other = Passage(simple, 1.0, 0.5, 0.5, 0.0, 0.0, answers=0.6)
    evidence = found(written=(other,))
    short = retold(Kind.SHORTER, origin, evidence, NOTHING, ()).text
    assert short.startswith("It is small. It is cheap")
    assert 20 < len(short.split()) <= 30
    brief = chunk("It is small. It is cheap.", FOLLOW_UPS, "How large?")
    assert retold(Kind.SHORTER, brief, evidence, NOTHING, ()).text == "It is small."
    assert retold(Kind.SHORTER, chunk("It is small.", FOLLOW_UPS), evidence, NOTHING, ()) is None
    aloud = retold(Kind.INTERVIEW, origin, evidence, NOTHING, ())
    assert 50 < len(aloud.text.split()) <= 60
    assert aloud.chunks == (origin,)
    assert retold(Kind.SIMPLER, origin, evidence, NOTHING, ()) == Lead(
        "A few numbers.", (other.chunk,)
    )
    again = retold(Kind.SIMPLER, origin, evidence, NOTHING, replied("A few numbers."))
    assert again.text.startswith("In short: It is small. It is cheap")
    assert 20 < len(again.text.split()) <= 32
    unsure = found(written=(replace(other, answers=0.1),))
    assert retold(Kind.SIMPLER, origin, unsure, NOTHING, ()).text == again.text
    hard = found(written=(replace(other, chunk=replace(simple, simple=False)),))
    assert retold(Kind.SIMPLER, origin, hard, NOTHING, ()).text == again.text
    assert retold(Kind.SHORTER, chunk("The whole."), evidence, NOTHING, ()) is None
    quoted = retold(Kind.INTERVIEW, brief, evidence, NOTHING, ())
    assert quoted.text == f"{AS_IT_STANDS}\n\n> It is small. It is cheap."
    assert retold(Kind.INTERVIEW, chunk("The whole."), evidence, NOTHING, ()) is None
    picture = chunk("A note stuck to a book.", ANALOGY)
    shown = retold(Kind.SIMPLER, origin, unsure, Passages([picture]), ())
    assert shown.text == f"{again.text}\n\nA picture for it: A note stuck to a book."
    assert shown.chunks == (origin, picture)
    seen = retold(Kind.SIMPLER, origin, unsure, Passages([picture]), replied(picture.text))
    assert seen.text == again.text


def test_a_yes_stands_under_what_it_was_written_for():
    one = chunk("Yes, it can. Here is how.", FOLLOW_UPS, "Can it?")
    passages = Passages([one])
    for kind, near, named in (
        (Kind.CLAIM, 0.7, "Close to what you say: *Can it?*"),
        (Kind.CLAIM, 0.9, ""),
        (Kind.QUESTION, 0.7, ""),
        (Kind.QUESTION, 0.4, "Close to what you ask: *Can it?*"),
    ):
        passage = Passage(one, 1.0, near, near, 0.5, 0.0)
        lead = best_answer(asked(kind), found(passages=(passage,)), passages)
        assert lead.text == (f"{named}\n\n{one.text}" if named else one.text)
    assert said(one, replied(f"Close to it: *Can it?*\n\n{one.text}"))


def test_without_a_verdict_only_what_may_not_be_meant_is_named():
    one = chunk("It can. Here is how.", FOLLOW_UPS, "How?")
    for near, named in ((0.7, False), (0.5, True)):
        passage = Passage(one, 1.0, near, near, 0.5, 0.0)
        lead = best_answer(asked(Kind.CLAIM), found(passages=(passage,)), Passages([one]))
        assert lead.text.startswith("Close to") == named


def test_nobody_thanks_for_what_was_not_said_yet():
    thanks = replace(asked(Kind.QUESTION), kinds=(Kind.THANKS, Kind.QUESTION))
    answer = Lead("The answer.", ())
    assert greeted(thanks, answer) == answer
    later = replace(thanks, before=tuple(replied("Something.")))
    assert greeted(later, answer).text.endswith("The answer.")
    assert greeted(later, answer) != answer


def test_an_example_with_other_numbers_says_so_where_something_was_to_be_worked_out(
    guide, retriever
):
    example = chunk("Take 3 of 4.", WORKED_EXAMPLE)
    passages = Passages([example])
    lead = choose_lead(asked(Kind.COMPUTE, "5 of 9?"), found(example), guide, passages)
    assert lead.text == f"{OTHER_NUMBERS}\n\nTake 3 of 4."
    assert not lead.continued
    far = replace(found(example).passages[0], read=0.2)
    minute = chunk("In a minute.")
    about = choose_lead(
        asked(Kind.COMPUTE, "5 of 9?"), found(passages=(far,)), guide, Passages([example, minute])
    )
    assert about.text == "In a minute."  # an example of something else is none
    for ask in (asked(Kind.COMPUTE, "how?"), asked(Kind.QUESTION, "5 of 9?")):
        assert choose_lead(ask, found(example), guide, passages).text == "Take 3 of 4."


def test_a_quiz_asks_what_was_not_asked_until_all_was():
    follow_ups = [chunk("…", FOLLOW_UPS, heading) for heading in ("Why?", "How?", "When?")]
    passages = Passages(follow_ups)
    ask = asked(Kind.QUIZ)
    assert "**When?**" in quiz(ask, 12, passages, replied("**Why?**", "**How?**")).text
    again = quiz(ask, 12, passages, replied("**Why?** **How?** **When?**")).text
    assert again == quiz(ask, 12, passages, ()).text
    texts = {quiz(asked(Kind.QUIZ, turn), 12, passages, ()).text for turn in "abc"}
    assert len(texts) == 3  # another wording, another question


def test_an_answer_is_compared_with_the_question_asked_last():
    why, how = chunk("Because.", FOLLOW_UPS, "Why?"), chunk("So.", FOLLOW_UPS, "How?")
    passages = Passages([why, how, chunk("All of it.")])
    history = replied("Try: **Why?**", "Try: **How?**")
    lead = compared(QUESTION, found(), passages, [*history, Message("user", "**Why?**")])
    assert lead == Lead("Compare with the guide's answer:\n\nSo.", (how,))
    unasked = compared(QUESTION, found(), passages, replied("How? I do not know."))
    assert unasked.text == "All of it."


def test_a_claim_is_corrected_by_the_nearest_pitfall_if_nothing_is_nearer():
    def passage(section, to_question):
        return Passage(chunk("…", section), 1.0, 0.0, to_question, 0.0, 0.0)

    far, near = passage(PITFALLS, 0.65), passage(PITFALLS, 0.7)
    assert matching_claim(found(passages=(far, near, passage(FOLLOW_UPS, 0.69)))) == near
    assert matching_claim(found(passages=(far, near, passage(FOLLOW_UPS, 0.71)))) is None
    assert matching_claim(found(passages=(passage(PITFALLS, 0.59),))) is None
    assert matching_claim(found(passages=(passage(FOLLOW_UPS, 0.9),))) is None
    # a whole question is no rival: every claim about its subject is near to it
    assert matching_claim(found(passages=(near, passage(ONE_MINUTE, 0.9)))) == near


def test_a_correction_is_gone_on_from(make_tutor):
    lead = last(make_tutor(), "So the nucleus keeps every token, right?").lead
    assert lead.continued
    assert [one.heading for one in lead.chunks] == ["The nucleus keeps every token."]
