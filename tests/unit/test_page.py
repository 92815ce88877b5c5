"""The page's own functions: what is shown, what is read back, what stays apart."""

import gradio as gr
import pytest

from tutor.engine.generate import Message, Sampling, ScriptedEngine, Waiting
from tutor.engine.line import FULL
from tutor.engine.llama_index import EngineLLM
from tutor.errors import BusyError
from tutor.reply.tutor import Tutor
from tutor.web.chat import (
    Turn,
    answerer,
    history_of,
    place_in_line,
    post,
    post_edited,
    reply_message,
    settled,
    shown,
    stop,
    text_of,
)  # fmt: skip
from tutor.web.loading import Loading, Status
from tutor.web.page import build_page, examples, question_list, show_status
from tutor.web.sources import EMPTY, asking_links, cited_answer, highlighted, show_sources


@pytest.fixture
def reply(make_tutor):
    tutor = make_tutor("In practice the nucleus holds forty tokens.")
    *_, last = tutor.reply("Why is the nucleus used?")
    return last


def test_what_a_person_types_is_text():
    for attack in ("<script>alert(1)</script>", '<img src=x onerror="x">', "![x](http://x/y)"):
        assert "<" not in shown(attack)
        assert "![" not in shown(attack)
        assert text_of({"role": "user", "content": shown(attack)}) == attack


def test_history_is_read_in_both_forms_that_gradio_uses(reply):
    marked = cited_answer(reply)
    chat = [
        {"role": "user", "content": "a &lt; b"},
        {"role": "assistant", "content": [{"type": "text", "text": marked}]},
    ]
    first, second = history_of(chat)
    assert first == Message("user", "a < b")
    assert second.role == "assistant"
    assert "#src-" not in second.content
    assert second.content.startswith("The nucleus is used because")


def test_citations_open_their_source(reply, guide):
    text, panel = cited_answer(reply), show_sources(reply, guide)
    assert len(reply.sources) == 2
    for number, chunk in enumerate(reply.sources, 1):
        assert f"[\\[{number}\\]](#src-{chunk.id})" in text
        assert f'id="src-{chunk.id}"' in panel
    assert "<mark>In practice the nucleus holds forty tokens.</mark>" in panel


def test_small_talk_shows_no_sources(make_tutor, guide):
    *_, last = make_tutor().reply("hello")
    assert show_sources(last, guide) == EMPTY


def test_marks_leave_tables_and_formulas_alone():
    text = "A b c.\n| A b c. |\n$$A b c.$$"
    assert highlighted(text, {"A b c."}) == "<mark>A b c.</mark>\n| A b c. |\n$$A b c.$$"


def test_links_of_the_guide_ask_on_the_page():
    assert asking_links("see [Q12](../05_x/README.md#q12-top-k) and [Q5](#q5-beam)") == (
        "see [Q12](#ask-12) and [Q5](#ask-5)"
    )


def test_suggestions_come_with_the_finished_reply(reply, guide):
    message = reply_message(reply, guide)
    assert [option["value"] for option in message["options"]] == list(reply.suggestions)


def test_a_new_turn_makes_the_older_one_give_way():
    old = Turn(4)
    chat, _, new = post("hello", [], old)
    assert old.stopped
    assert not new.stopped
    assert new.attempt == 0
    assert chat == [{"role": "user", "content": "hello"}]


@pytest.mark.parametrize("sent", ["is $5 < <b>?", shown("is $5 < <b>?")])
def test_an_edited_turn_takes_the_place_of_all_that_followed(sent):
    chat = [{"role": role, "content": text} for role, text in (
        ("user", "one"), ("assistant", "1"), ("user", sent), ("assistant", "2"),
        ("user", "three"), ("assistant", "3"))]  # fmt: skip
    event = gr.EditData(None, {"index": 2, "value": sent, "previous_value": "two"})
    old = Turn(2)
    edited, _, new = post_edited(chat, old, event)
    assert edited == [*chat[:2], {"role": "user", "content": shown("is $5 < <b>?")}]
    assert old.stopped
    assert new.attempt == 0


def test_stop_reaches_the_turn():
    turn = Turn()
    stop(turn)
    assert turn.stopped


def test_what_was_begun_before_the_page_had_loaded_stays(settings, guide):
    """What is written when the page has loaded looks first at what a visitor has done by then.

    A callable value is written there by Gradio itself, which does not look.
    """
    page = build_page(Loading(settings), guide)
    loads = [event for event in page.fns.values() if ("load" in {e for _, e in event.targets})]
    assert loads
    for event in loads:
        states = [output for output in event.outputs if isinstance(output, gr.State)]
        assert not states or set(states) & set(event.inputs)


def test_questions_and_examples_follow_the_category(guide):
    assert "[Q4](#ask-4)" in question_list(guide, "")
    assert "[Q4](#ask-4)" not in question_list(guide, "05_text_generation")
    titles = [example["text"] for example in examples(guide, "05_text_generation")]
    assert titles == ["What is the nucleus?", "What is the thermostat?"]


def test_the_status_is_escaped_and_has_a_bar():
    html = show_status(Status("<b>Fetching</b>", share=0.5, problem="<i>"))
    assert "<b>" not in html
    assert "<i>" not in html
    assert '<progress value="0.500"' in html


def test_an_error_becomes_a_message(settings):
    loading = Loading(settings)
    loading._fail("The index cannot be written.")
    chat = [{"role": "user", "content": "x"}]
    (result,) = answerer(loading)(chat, "", Turn())
    assert result[0][-1]["content"] == "The index cannot be written."


class Held(Loading):
    """Loaded with a tutor that a test gives."""

    def __init__(self, settings, tutor):
        super().__init__(settings)
        self._tutor = tutor


def test_where_the_model_has_no_room_what_is_written_stands(settings, guide, retriever):
    class Full(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            yield Waiting(1)
            raise BusyError(FULL)

    llm = EngineLLM(Full(["x"]), 2048, Sampling())
    tutor = Tutor(guide, retriever, llm, "full")
    chat = [{"role": "user", "content": "Why is the nucleus used?"}]
    seen = [shown[0][-1] for shown in answerer(Held(settings, tutor))(chat, "", Turn())]
    lead = guide.questions[12].follow_ups[0].answer.split(".")[0]
    assert all(message["content"].startswith(lead) for message in seen)
    assert ["You are next" in message["content"] for message in seen] == [False, True, False]
    assert FULL in seen[-1]["content"]
    assert seen[-1]["options"]
    assert FULL not in text_of(seen[-1])


def test_a_place_in_line_is_no_part_of_the_reply():
    for before, words in ((None, ""), (1, "You are next"), (3, "3 are before you")):
        place = place_in_line(before)
        assert words in place
        assert text_of({"role": "assistant", "content": f"A.{place}"}).strip() == "A."


def test_a_visitor_who_stops_while_it_loads_is_let_go(settings):
    turn = Turn(stopped=True)
    assert list(answerer(Loading(settings))([{"role": "user", "content": "x"}], "", turn)) == []


@pytest.mark.parametrize(
    ("grown", "seen"),
    [
        ("a $x$ b", "a $x$ b"),
        ("a $x$ b $y", "a $x$ b "),
        ("a $$x$", "a "),
        ("a $$x$$ b $", "a $$x$$ b "),
        ("a $$x$ b$$ c", "a $$x$ b$$ c"),
        (r"costs \$5 or \$6", r"costs \$5 or \$6"),
        ("`$HOME` and\n```sh\necho $PATH", "`$HOME` and\n```sh\necho $PATH"),
    ],
)
def test_half_a_formula_waits_for_its_end(grown, seen):
    assert settled(grown) == seen
