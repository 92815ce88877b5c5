"""A turn in its conversation: cleaned, bounded, completed from what was said before."""

import pytest

from tutor.engine.generate import Message
from tutor.errors import InputError
from tutor.turn.ask import Query
from tutor.turn.understand import (
    LONGEST_TURN,
    NOT_COVERED,
    clean,
    is_elliptical,
    listed,
    understand,
)

LORA = [Message("user", "What is LoRA?"), Message("assistant", "Two low-rank matrices.")]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200d", "\x00\x07"])
def test_nothing_to_read(text):
    with pytest.raises(InputError, match="empty"):
        clean(text)


def test_too_long_is_refused_not_cut():
    with pytest.raises(InputError, match="100,000 characters"):
        clean("a" * 100_000)
    assert len(clean("a" * LONGEST_TURN)) == LONGEST_TURN


def test_control_characters_and_spaces_go():
    assert clean("What\x00 is\u202e   LoRA\n?") == "What is LoRA ?"


def test_other_scripts_and_emoji_stay():
    assert clean("注意力是什么? 🦙") == "注意力是什么? 🦙"


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ("why?", True),
        ("give me an example", True),
        ("and the second one?", True),
        ("is it slower?", True),
        ("shorter please", True),
        ("and nucleus sampling?", False),
        ("and in nucleus sampling?", True),
        ("What is LoRA?", False),
        ("How does beam search work?", False),
        ("What is temperature in sampling?", False),
    ],
)
def test_which_turns_lean_on_the_conversation(turn, expected):
    assert is_elliptical(turn) is expected


def test_an_elliptical_turn_is_searched_with_its_topic():
    query = understand("and why does it need less memory?", LORA).query
    assert query.text == "and why does it need less memory?"
    assert query.joined == "What is LoRA? and why does it need less memory?"
    assert query.reply == "Two low-rank matrices."
    assert query.leaning == 1


def test_a_turn_of_its_own_is_searched_alone():
    query = understand("What is beam search?", LORA).query
    assert query.text == "What is beam search?"
    assert query.leaning == 0


def test_twenty_elliptical_turns_keep_the_topic():
    history = list(LORA)
    for turn in ["why?", "is it slower?", "give me an example", "and then?"] * 5:
        ask = understand(turn, history)
        assert ask.query.joined.startswith("What is LoRA?"), turn
        assert ask.query.leaning > 0
        history += [Message("user", turn), Message("assistant", "Because it is so.")]


def test_a_new_topic_replaces_the_old_one():
    history = [*LORA, Message("user", "What is beam search?"), Message("assistant", "A search.")]
    assert understand("is it slower?", history).query.joined == "What is beam search? is it slower?"


def test_ordinals_name_an_item_of_the_last_reply():
    history = [
        Message("user", "how is bert pretrained"),
        Message("assistant", "With masked language modeling and next sentence prediction."),
    ]
    query = understand("and why did roberta drop the second one?", history).query.joined
    assert "next sentence prediction" in query


def test_lists_are_read():
    assert listed("- one thing\n- another") == ["one thing", "another"]
    assert listed("1. first\n2. next") == ["first", "next"]
    assert listed("no list here") == []


def test_a_question_number_is_its_title():
    titles = {12: "Top-k vs top-p sampling?"}
    assert understand("Q12", titles=titles).query.text == titles[12]
    assert understand("question 12 please", titles=titles).query.text == titles[12]
    assert understand("Q12 memory cost", titles=titles).query.text == f"{titles[12]} memory cost"
    assert understand("Q99", titles=titles).query.text == "Q99"


@pytest.mark.parametrize(
    ("turn", "text"),
    [
        ("explain attention like I'm five", "attention"),
        ("give me an example of top-p", "top-p"),
        ("what is LoRA in simple terms", "what is LoRA"),
        ("explain it simply", "explain it simply"),
    ],
)
def test_the_manner_of_the_answer_is_not_searched_for(turn, text):
    assert understand(turn).query.text == text


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        ("Different thing: what is LoRA?", "what is LoRA?"),
        ("ok, forget that. How is BPE trained?", "How is BPE trained?"),
        ("Now on to something different, beam search", "beam search"),
        ("never mind, what about dropout?", "what about dropout?"),
    ],
)
def test_an_announced_change_of_topic_leaves_the_conversation_behind(turn, asked):
    past = [Message("user", "What is top-p?"), Message("assistant", "A nucleus.")]
    assert understand(turn, past).query == Query(asked)


@pytest.mark.parametrize("turn", ["another example", "something else?", "different models?"])
def test_what_only_sounds_like_a_change_of_topic_stays(turn):
    past = [Message("user", "What is top-p?"), Message("assistant", "A nucleus.")]
    assert understand(turn, past).query.joined.startswith("What is top-p?")


def test_a_refusal_says_nothing_about_the_topic():
    past = [Message("user", "How do I boil eggs?"), Message("assistant", f"{NOT_COVERED} Near: Q1")]
    assert understand("why?", past).query.reply == ""


@pytest.mark.parametrize(
    ("turn", "points_back"),
    [
        ("Why would top-p keep only one token?", False),
        ("What is one attention head?", False),
        ("Why is that one faster?", True),
        ("which one needs memory?", True),
        ("is LoRA the cheaper one?", True),
        ("and one is trained?", True),
        ("hm why?", True),
        ("tl;dr", True),
        ("why divide?", True),
        ("Why is dropout scaled?", False),
    ],
)
def test_one_points_back_only_where_it_stands_for_something(turn, points_back):
    assert is_elliptical(turn) is points_back


LONG = [
    Message("user", "What is LoRA?"),
    Message("assistant", "Two low-rank matrices."),
    Message("user", "Is it slower?"),
    Message("assistant", "Not once it is merged."),
    Message("user", "What is beam search?"),
    Message("assistant", "A search with several hypotheses."),
]


@pytest.mark.parametrize(
    ("turn", "text", "reply"),
    [
        ("OK, back to the first thing. Is it older?", "Is it older?", "Two low-rank matrices."),
        ("going back to your second answer, why?", "why?", "Not once it is merged."),
        ("can we go back to the beginning", "What is LoRA?", "Two low-rank matrices."),
    ],
)
def test_going_back_takes_up_an_earlier_turn(turn, text, reply):
    query = understand(turn, LONG).query
    assert (query.text, query.reply) == (text, reply)
    assert query.joined.startswith("What is LoRA?")


@pytest.mark.parametrize(
    "turn", ["back to the ninth thing, why?", "How many passes to the first token?", "and back?"]
)
def test_what_only_sounds_like_going_back(turn):
    assert understand(turn, LONG).query.reply == LONG[-1].content


def test_setting_a_topic_aside_changes_it():
    query = understand("Forget beams for a moment, what is a tokenizer?", LONG).query
    assert query == Query("what is a tokenizer?")
