"""The drills on the page: what is shown for a task, and after an answer."""

from random import Random

import gradio as gr
import pytest

from tutor.practice.drills import completing, numeric
from tutor.practice.drills.answers import Verdict
from tutor.practice.drills.running import Runner
from tutor.practice.drills.session import (
    CODE,
    NUMBERS,
    TOPICS,
    Session,
    answer,
    names_of,
    pose,
)
from tutor.practice.drills.sorting import read_pairs
from tutor.web.drilling import (
    RUNNING,
    below,
    build_drills,
    headline,
    show_answer,
    show_checked,
    show_task,
    wait,
)
from tutor.web.page import MATH

PAIRS = tuple(read_pairs().values())
SCREEN = 8  # components


def posed(kind: str, about: str = "") -> Session:
    return pose(kind, about, Session(), PAIRS, Random(2))


def test_the_drills_can_be_built_anywhere_and_more_than_once():
    for _ in range(2):
        with gr.Blocks() as page:
            build_drills(MATH)
        names = {block.elem_id for block in page.blocks.values()}
        assert {"drill-kind", "drill-about", "drill-answer", "drill-another"} <= names


@pytest.mark.parametrize("kind", [NUMBERS, TOPICS, CODE])
def test_every_drill_of_a_kind_is_offered_and_shown(kind):
    names = names_of(kind, PAIRS)
    assert len(names) >= 7
    for title, name in names:
        assert title
        session = posed(kind, name)
        shown = show_task(session)
        assert len(shown) == SCREEN
        assert shown[0] is session
        box, left, right = (part["visible"] for part in shown[2:5])
        assert (box, left, right) == (
            (False, True, True) if kind == TOPICS else (True, False, False)
        )
        assert shown[5:7] == ("", "")
        assert shown[1].startswith("### ")


def test_a_wrong_number_hides_the_way_and_a_right_one_shows_it():
    session = posed(NUMBERS, "kv_cache")
    wrong, verdict = answer(session, "7 B", "me", None, Random(2))
    shown = show_answer(wrong, verdict)
    assert "Not right." in shown[5]
    assert "done" not in shown[5]
    assert "<details>" in shown[6]
    right, verdict = answer(session, f"{session.task.answer.value:.0f}", "me", None, Random(2))
    shown = show_answer(right, verdict)
    assert '"right done"' in shown[5]
    assert "<details>" not in shown[6]
    assert "1. a token: 2 ×" in shown[6]
    assert "(guide?q=3)" in shown[6]
    assert "1 of 1" in shown[5]


def test_a_statement_is_told_with_its_reason_and_rule():
    session = posed(TOPICS, "divergences")
    after, verdict = answer(session, session.task.statement.side, "me", None, Random(2))
    text = below(after, verdict)
    assert session.task.statement.why in text
    assert session.task.pair.rule in text
    assert f"(guide?q={session.task.statement.number})" in text
    buttons = show_answer(after, verdict)[3:5]
    assert [button["interactive"] for button in buttons] == [False, False]
    assert sum("✓" in button["value"] for button in buttons) == 1


def test_what_was_not_read_leaves_the_task_open():
    session = posed(NUMBERS, "softmax")
    after, verdict = answer(session, "<img src=x>", "me", None, Random(2))
    assert after == session
    text = headline(after, verdict) + below(after, verdict)
    assert "Not checked yet" in text
    assert "<img" not in text
    assert "steps" not in text


def test_a_line_of_a_visitor_stands_in_code_blocks_only():
    session = posed(CODE, "softmax")
    runner = Runner()
    for line in ("return '<img src=x>$a$~~~~~~~~~~'", "powers = {}['<b>`*x*`']", "<img src=x> = 1"):
        after, verdict = answer(session, line, "me", runner, Random(2))
        outside = below(after, verdict).split("~~~~~~~~\n")[0::2]
        assert "img" not in "".join(outside)
        assert "<b>" not in "".join(outside)
        assert "img" not in headline(after, verdict)


def test_only_a_line_that_runs_says_so():
    assert wait(posed(CODE))[0] == RUNNING
    assert wait(posed(NUMBERS))[0] != RUNNING
    assert wait(Session())[0] != RUNNING


def test_an_answer_without_a_task_or_after_the_end_changes_nothing():
    late = Verdict(False, read=False)
    session = Session(task=numeric.pose("kl", Random(1)), done=True)
    for standing in (Session(), session):
        shown = show_answer(standing, late)
        assert shown[0] is standing
        assert all(part == gr.skip() for part in shown[1:])


def test_a_late_answer_is_not_shown_for_the_next_task():
    before = posed(NUMBERS, "kl")
    after, verdict = answer(before, "0.1", "me", None, Random(2))
    assert "Not right" in show_checked((before, after, verdict), before)[5]
    gone_on = pose(NUMBERS, "lora", before, PAIRS, Random(2))
    shown = show_checked((before, after, verdict), gone_on)
    assert shown[0] is gone_on
    assert all(part == gr.skip() for part in shown[1:])


def test_the_hidden_line_is_not_on_the_page_before_it_is_asked_for():
    for name, drill in completing.DRILLS.items():
        assert drill.model not in str(show_task(posed(CODE, name))[1:])
