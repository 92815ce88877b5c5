"""What is offered to ask next, and what to study."""

from dataclasses import replace
from pathlib import Path

from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.guide.read import Category, FollowUp, Guide, Question
from tutor.reply.lead import Lead
from tutor.reply.study import asked_next, named, study_plan
from tutor.reply.suggest import OPENERS, suggest
from tutor.search.retrieve import Evidence, Passage


def question(number, follow_ups=""):
    """A question with one follow-up for every letter."""
    asked = tuple(FollowUp(letter, f"The answer to {letter}.", 1) for letter in follow_ups)
    return Question(number, f"Question {number}?", "05", 1, (), asked)


def guide_of(*questions):
    """A guide with one category of these questions."""
    return Guide(Path(), (Category("05", "Text", "", Path(), questions),))


def chunk(heading, number=12):
    """A passage under a heading, of a question."""
    return Chunk(heading, number, "05", "", heading, "", "", ())


def found(*chunks, topics=(12,)):
    """Evidence for topics, with passages in order."""
    passages = tuple(Passage(chunk, 0.0, 0.0, 0.0, 0.0, 0.0) for chunk in chunks)
    return Evidence("", passages, topics, (1.0,) * len(topics), True, 1.0)


def test_without_evidence_or_topics_the_openers_are_offered(guide):
    assert suggest(guide) == OPENERS
    assert suggest(guide, found(topics=())) == OPENERS


def test_three_follow_ups_and_one_neighbor_are_offered():
    guide = guide_of(question(11), question(12, "abcde"), question(13))
    assert suggest(guide, found()) == ("a", "b", "c", "Question 11?")


def test_follow_ups_that_were_found_come_first_and_the_one_just_answered_is_left_out():
    guide = guide_of(question(12, "abcd"), question(13, "xyz"))
    evidence = found(chunk("a wrong claim"), chunk("d"), chunk("x", 13), chunk("b"), chunk("d"))
    assert suggest(guide, evidence)[:3] == ("d", "b", "a")
    answered = Lead("", (chunk("d"),))
    assert suggest(guide, evidence, answered) == ("b", "a", "c", "Question 13?")


def written(question, answers, verdict="", section="Written answer"):
    """A written answer that was found, with the probability that it answers."""
    part = Chunk(question, 12, "05", section, question, "", "", (question,), verdict=verdict)
    return Passage(part, 0.0, 0.0, 0.0, 0.0, 0.0, answers)


def test_what_the_turn_may_have_meant_comes_before_the_follow_ups():
    guide = guide_of(question(12, "abc"), question(13))
    near = (
        written("it is B, right?", 0.9, verdict="wrong"),  # judges a claim
        written("does C cost more?", 0.4),
        written("just shown?", 0.8),
        written("what about 64 heads?", 0.5),  # another one's number
        written("d_k too small?", 0.3),
        written("E?", 0.2),
    )
    evidence = replace(found(), written=near, query="does it cost more")
    shown = Lead("", (near[2].chunk,))
    expected = ("Does C cost more?", "d_k too small?", "a", "Question 13?")
    assert suggest(guide, evidence, shown) == expected
    with_number = replace(evidence, query="does it cost more with 64 heads")
    assert suggest(guide, with_number, shown)[:2] == ("What about 64 heads?", "Does C cost more?")


def test_what_hardly_answers_is_not_suggested():
    evidence = replace(found(), written=(written("Far?", 0.09),), query="q")
    assert suggest(guide_of(question(12, "ab")), evidence) == ("a", "b")


def test_what_was_asked_is_not_suggested_again():
    near = (written("What's a Nucleus?", 0.4), written("Why?", 0.2))
    evidence = replace(found(), written=near, query="what's the nucleus")
    assert suggest(guide_of(question(12, "ab")), evidence) == ("Why?", "a", "b")


def test_follow_ups_of_the_topic_come_first_then_its_neighbor(make_tutor, guide):
    *_, reply = make_tutor().reply("Why is the nucleus used?")
    assert reply.suggestions == (
        "How large is the nucleus in practice?",
        "What is the thermostat?",
    )
    assert reply.suggestions == suggest(guide, reply.evidence, reply.lead)


def test_a_topic_without_neighbors_offers_its_own_follow_ups(make_tutor):
    *_, reply = make_tutor().reply("What is the adapter?")
    assert set(reply.suggestions) == {
        "Why is the adapter used?",
        "How large is the adapter in practice?",
    }


def test_a_plan_begins_with_what_was_talked_about(guide):
    plan = study_plan(guide, [4, 12, 4])
    assert plan.startswith(
        "Begin with what we have talked about: Q4 What is the adapter; Q12 What is the nucleus."
    )
    fresh = study_plan(guide, [])
    assert fresh.startswith("A way through the guide in five steps")
    assert "\n3. **How it is adapted**: Fine-Tuning (Q4)" in fresh
    assert "\n4. **How it is used**: Text Generation (Q12, Q6)" in fresh
    assert "The model itself" not in fresh  # none of its categories is in this guide


def test_the_tutor_remembers_what_was_talked_about(make_tutor):
    class Sure:
        """A reader that knows the topic by a word in the turn."""

        def __init__(self, reader):
            self._reader = reader

        def read(self, turn, history=()):
            topics = {12: 0.9, 4: 0.1} if "nucleus" in turn else {12: 0.1, 4: 0.9}
            return replace(self._reader.read(turn, history), topics=topics)

    tutor = make_tutor()
    tutor.reader = Sure(tutor.reader)
    said = ["Why is the nucleus used?", "hello", "Why is the adapter used?"]
    history = [m for text in said for m in (Message("user", text), Message("assistant", "…"))]
    *_, reply = tutor.reply("plan my week", history)
    assert "talked about: Q12 What is the nucleus; Q4 What is the adapter. Then" in reply.text


def test_what_comes_next_is_at_most_five_and_unanswered(guide):
    topic = guide.questions[12]
    text = asked_next(topic, ["Why is the nucleus used?"])
    assert text.splitlines()[2:3] == ["- How large is the nucleus in practice?"]
    assert named([topic]) == "Q12 What is the nucleus"


def test_of_many_follow_ups_an_interviewer_goes_on_with_five():
    lines = asked_next(question(12, "abcdefg"), ["b"]).splitlines()
    assert [line for line in lines if line.startswith("- ")] == ["- a", "- c", "- d", "- e", "- f"]


def test_where_every_follow_up_was_answered_it_is_said():
    text = asked_next(question(12, "ab"), ["b", "a"])
    assert text.startswith("Every follow-up of Q12 (Question 12) is answered above.")
    assert "would go on with" not in text
