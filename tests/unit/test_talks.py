"""Conversations that are held and read: the set, and what judgments add up to."""

import json

import pytest

from tests.eval.talks import Talk, Turn, figures_of, hold, read_judgments, read_talks

TALKS = [Talk("x-1", "anyone", (Turn("why?", "Why is it so?", "question", "Because."),) * 3)]


def judged(tmp_path, *rows):
    path = tmp_path / "judged.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def row(turn, asked, miss="", **more):
    return {"id": "x-1", "turn": turn, "asked": asked, "false": 0, "want": 1, "miss": miss, **more}


def test_judgments_add_up(tmp_path):
    path = judged(tmp_path, row(0, 1), row(1, 0, "verdict", false=1), row(2, 1, want=2))
    figures = figures_of(read_judgments(path), TALKS)
    assert (figures["asked"], figures["false"], figures["want"]) == (0.667, 0.333, 1.33)
    assert figures["by kind"] == {"question": "2 of 3"}
    assert figures["misses"] == {"verdict": 1}


@pytest.mark.parametrize("bad", [row(0, 0, "because"), row(0, 0), row(0, 1, want=3)])
def test_what_is_not_of_the_rubric_is_refused(tmp_path, bad):
    with pytest.raises(ValueError, match=r"judged\.jsonl:2"):
        read_judgments(judged(tmp_path, row(1, 1), bad))


def test_every_turn_says_what_a_right_reply_holds():
    talks = read_talks()
    assert len({talk.id for talk in talks}) == len(talks)
    assert sum(len(talk.turns) for talk in talks) > 350
    assert all(turn.learner and turn.right for talk in talks for turn in talk.turns)
    assert {talk.id[0] for talk in read_talks("a-")} == {"a"}


def test_a_conversation_is_held_turn_by_turn(make_tutor):
    rows = list(hold(make_tutor(), TALKS[0]))
    assert [one["turn"] for one in rows] == [0, 1, 2]
    assert all(one["reply"] for one in rows)
