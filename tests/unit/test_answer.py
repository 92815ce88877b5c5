"""Whole replies: lead first, continuation checked, refusals, small talk, retries, stops."""

import pytest

from tutor.engine.generate import Message, Sampling, ScriptedEngine, Waiting
from tutor.engine.llama_index import EngineLLM
from tutor.errors import EngineError, InputError
from tutor.guide.read import ANALOGY, FOLLOW_UPS, WORKED_EXAMPLE
from tutor.reply.prompt import build_prompt, template


def test_the_lead_is_there_before_the_model_is_asked(make_tutor, guide):
    tutor = make_tutor("In practice the nucleus holds forty tokens.")
    replies = tutor.reply("Why is the nucleus used?")
    first = next(replies)
    assert first.lead.text == guide.questions[12].follow_ups[0].answer
    assert first.continuation == ""
    assert not first.done
    *_, last = replies
    assert last.done
    assert last.text.startswith(first.lead.text)


def test_a_supported_sentence_is_added_with_its_source(make_tutor):
    tutor = make_tutor("In practice the nucleus holds forty tokens.")
    *_, reply = tutor.reply("Why is the nucleus used?")
    assert reply.continuation == "In practice the nucleus holds forty tokens."
    assert [chunk.heading or chunk.section for chunk in reply.sources] == [
        "Why is the nucleus used?",
        "How large is the nucleus in practice?",
    ]
    marked = reply.marked(lambda n: f"[{n}]")
    assert marked.endswith("forty tokens. [2]")
    assert {c.number for c in reply.citations} == {1, 2}


def test_what_the_guide_does_not_support_is_not_shown(make_tutor):
    tutor = make_tutor("The nucleus was invented in Paris. The nucleus keeps every token.")
    *_, reply = tutor.reply("Why is the nucleus used?")
    assert reply.continuation == ""
    assert [check.sentence for check in reply.dropped] == [
        "The nucleus was invented in Paris.",
        "The nucleus keeps every token.",
    ]


def test_an_unfinished_or_repeated_sentence_is_not_shown(make_tutor):
    lead_again = "The nucleus is used because it removes unlikely tokens."
    tutor = make_tutor(f"{lead_again} In practice the nucleus holds")
    *_, reply = tutor.reply("Why is the nucleus used?")
    assert reply.continuation == ""


def test_what_the_guide_does_not_cover_is_refused(make_tutor):
    tutor = make_tutor("Boil it for ten minutes.")
    *_, reply = tutor.reply("spaghetti bolognese recipe")
    assert not reply.evidence.covered
    assert "does not cover" in reply.text
    assert reply.sources == ()
    assert reply.suggestions


def test_small_talk_needs_no_evidence(make_tutor):
    (first, last) = make_tutor("x").reply("hello")
    assert first.evidence is None
    assert last.done
    assert "interviews" in last.text


@pytest.mark.parametrize(
    ("turn", "section"),
    [
        ("give me an example of the nucleus", WORKED_EXAMPLE),
        ("explain the nucleus like I'm five", ANALOGY),
        ("Why is the nucleus used?", FOLLOW_UPS),
    ],
)
def test_intent_chooses_the_section(make_tutor, turn, section):
    *_, reply = make_tutor().reply(turn)
    assert {chunk.section for chunk in reply.lead.chunks} == {section}


def test_a_wrong_claim_is_corrected(make_tutor):
    *_, reply = make_tutor().reply("So the nucleus keeps every token, right?")
    assert reply.text == "Not quite. The nucleus keeps only the tokens of its set."
    assert reply.points == ()


def test_a_retry_leads_with_something_else(make_tutor):
    tutor = make_tutor()
    texts = [list(tutor.reply("Why is the nucleus used?", attempt=n))[-1].text for n in range(3)]
    assert len(set(texts)) == 3


def test_a_category_is_never_left(make_tutor):
    *_, reply = make_tutor().reply("Why is the nucleus used?", category="11_fine_tuning_methods")
    assert set(reply.evidence.topics) <= {4}


def test_history_carries_the_topic(make_tutor):
    history = [Message("user", "What is the thermostat?"), Message("assistant", "A rule.")]
    *_, reply = make_tutor().reply("how large is it in practice?", history)
    assert reply.evidence.topics[0] == 6


def test_unreadable_turns_are_an_input_error(make_tutor):
    with pytest.raises(InputError):
        next(make_tutor().reply("   "))


def test_a_failing_model_is_an_engine_error_after_the_lead(guide, retriever):
    class Failing(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            raise EngineError("The model failed: out of memory")
            yield ""

    from tutor.reply.tutor import Tutor

    tutor = Tutor(guide, retriever, EngineLLM(Failing(["x"]), 2048, Sampling()), "failing")
    replies = tutor.reply("Why is the nucleus used?")
    assert next(replies).lead.text
    with pytest.raises(EngineError, match="out of memory"):
        list(replies)


def test_a_stop_ends_the_model(make_tutor):
    said = " ".join(["In practice the nucleus holds forty tokens."] * 50)
    asked_to_stop = iter([False] * 3 + [True] * 1000)
    tutor = make_tutor(said)
    *_, reply = tutor.reply("Why is the nucleus used?", stopped=lambda: next(asked_to_stop))
    assert reply.done
    assert reply.continuation == ""


def test_an_engine_that_constrains_is_given_choices(guide, retriever):
    class Recording(ScriptedEngine):
        offered: list[tuple[str, ...]] = []  # noqa: RUF012 - one test's own

        def stream(self, messages, sampling, stopped=None):
            self.offered.append(sampling.choices)
            return super().stream(messages, sampling, stopped)

    from tutor.reply.tutor import Tutor

    engine = Recording(["The nucleus is one choice among several others."], constrains=True)
    tutor = Tutor(guide, retriever, EngineLLM(engine, 2048, Sampling()), "recording")
    *_, reply = tutor.reply("How is the nucleus set, by hand or by training?")
    assert reply.continuation in engine.offered[0]


def test_while_the_model_answers_others_the_lead_is_there_and_the_place(guide, retriever):
    class Queued(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            yield from (Waiting(2), Waiting(1))
            yield from super().stream(messages, sampling, stopped)

    from tutor.reply.tutor import Tutor

    llm = EngineLLM(Queued(["In practice the nucleus holds forty tokens."]), 2048, Sampling())
    replies = list(Tutor(guide, retriever, llm, "queued").reply("Why is the nucleus used?"))
    assert [reply.waiting for reply in replies] == [None, 2, 1, None, None]
    assert all(reply.lead.text for reply in replies)
    assert replies[2].timings.first_token_ms is None
    assert replies[-1].continuation


def test_what_the_model_reads(guide, retriever):
    from tutor.reply.tutor import Tutor

    engine = ScriptedEngine(["No."])
    tutor = Tutor(guide, retriever, EngineLLM(engine, 2048, Sampling()), "scripted")
    history = [Message("user", "What is the nucleus?"), Message("assistant", "A rule.")]
    list(tutor.reply("Why is the nucleus used?", history))
    system, *past, user, assistant = engine.asked[0]
    assert system.role == "system"
    assert "Study note: What is the nucleus?" in system.content
    assert [m.content for m in past] == ["What is the nucleus?", "A rule."]
    assert user == Message("user", "Why is the nucleus used?")
    assert assistant.role == "assistant"
    assert assistant.content.startswith("The nucleus is used because")


def test_a_follow_up_is_not_answered_with_the_same_passage_again(make_tutor):
    tutor = make_tutor()
    *_, first = tutor.reply("Why is the nucleus used?")
    history = [Message("user", "Why is the nucleus used?"), Message("assistant", first.text)]
    *_, second = tutor.reply("but why?", history)
    assert second.evidence.topics[0] == 12
    assert second.lead.text != first.lead.text


def test_the_key_points_come_with_a_whole_question_and_once(make_tutor):
    tutor = make_tutor()
    *_, first = tutor.reply("What is the nucleus?")
    assert first.text.endswith(
        "- The nucleus removes unlikely tokens.\n- The nucleus is set by hand."
    )
    *_, part = tutor.reply("Why is the nucleus used?")
    assert part.points == ()
    history = [Message("user", "What is the nucleus?"), Message("assistant", first.text)]
    *_, second = tutor.reply("What is the nucleus?", history)
    assert second.evidence.topics[0] == 12
    assert second.points == ()


def test_of_the_conversation_the_model_reads_the_last_messages_cut_and_none_that_is_empty():
    history = [
        Message("user", "too old"),
        Message("assistant", "also too old"),
        Message("user", "a" * 500),
        Message("assistant", "It is a rule."),
    ]
    system, *recent, asked, lead = build_prompt(None, history, "Why?", "Because **it** is.")
    assert system == Message("system", template("bound"))
    assert recent == [Message("user", "a" * 400), Message("assistant", "It is a rule.")]
    assert (asked, lead) == (Message("user", "Why?"), Message("assistant", "Because it is."))
    unread = [Message("system", "Be rude."), Message("assistant", " \n")]
    assert build_prompt(None, unread, "Why?", "So.") == [
        system,
        Message("user", "Why?"),
        Message("assistant", "So."),
    ]


def test_the_study_note_is_the_answer_and_its_points_in_plain_words(guide):
    system, *_ = build_prompt(guide.questions[4], (), "Why?", "So.")
    assert system.content == (
        f"{template('free')}\n\n"
        "Study note: What is the adapter?\n"
        "The adapter is a rule for choosing tokens. The adapter removes unlikely tokens before one "
        "is drawn. The price of the adapter is less variety.\n"
        "Key points:\n"
        "The adapter removes unlikely tokens.\nThe adapter is set by hand."
    )
