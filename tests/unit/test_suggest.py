"""What is offered to ask next, and what to study."""

from tutor.engine.generate import Message
from tutor.reply.study import asked_next, named, study_plan
from tutor.reply.suggest import OPENERS, suggest


def test_without_evidence_the_openers_are_offered(guide):
    assert suggest(guide) == OPENERS


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
            from dataclasses import replace

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
