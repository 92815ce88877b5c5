"""What a browser keeps of conversations: put first, bounded, and distrusted when it comes back."""

import pytest

from tutor.web import kept
from tutor.web.chat import exported
from tutor.web.kept import keep_chat, open_chat, reopen_chat


def turn(text: str, answer: str = "") -> list[dict]:
    """One turn of a chat, in Gradio's form, with its answer if it has one."""
    said = [{"role": "user", "content": [{"type": "text", "text": text}]}]
    return said + ([{"role": "assistant", "content": answer}] if answer else [])


def test_a_conversation_is_kept_with_its_suggestions_and_found_again():
    chat = turn("What is LoRA?", "A low-rank update.")
    chat[1]["options"] = [{"value": "Why?", "label": "Why?"}]
    chat[1]["metadata"] = {"title": None}
    stored, _, _ = keep_chat(kept.nothing(), chat)
    again, shown, listed = reopen_chat(stored)
    assert again == stored
    assert shown["value"] == [
        {"role": "user", "content": "What is LoRA?"},
        {
            "role": "assistant",
            "content": "A low-rank update.",
            "options": [{"value": "Why?", "label": "Why?"}],
        },
    ]
    assert listed["choices"] == [kept.NEW, ("What is LoRA?", stored["open"])]
    assert listed["value"] == stored["open"]


def test_the_open_conversation_grows_and_others_stay():
    first = kept.keep(kept.nothing(), turn("one", "1"))
    second = kept.keep(first | {"open": ""}, turn("two", "2"))
    assert [row["title"] for row in second["all"]] == ["two", "one"]
    grown = kept.keep(second | {"open": first["open"]}, [*turn("one", "1"), *turn("more", "2")])
    assert [row["title"] for row in grown["all"]] == ["one", "two"]
    assert len(grown["all"][0]["chat"]) == 4


def test_an_empty_conversation_is_not_kept():
    assert kept.keep(kept.nothing(), []) == kept.nothing()
    stored = kept.keep(kept.nothing(), turn("one", "1"))
    assert kept.keep(stored, [])["open"] == ""
    assert len(kept.keep(stored, [])["all"]) == 1


def test_it_is_bounded(monkeypatch):
    stored = kept.nothing()
    for number in range(kept.MOST_KEPT + 5):
        stored = kept.keep(stored | {"open": ""}, turn(f"number {number}", "x"))
    assert len(stored["all"]) == kept.MOST_KEPT
    assert stored["all"][0]["title"] == f"number {kept.MOST_KEPT + 4}"
    monkeypatch.setattr(kept, "MOST_CHARACTERS", 100)
    stored = kept.keep(stored | {"open": ""}, turn("long", "x" * 90))
    assert [row["title"] for row in stored["all"]] == ["long"]
    long = kept.keep(kept.nothing(), turn("a", "b") * kept.MOST_MESSAGES)
    assert len(long["all"][0]["chat"]) == kept.MOST_MESSAGES


@pytest.mark.parametrize(
    "found",
    [None, 3, "x", [], {}, {"all": 3}, {"open": "a", "all": [3, {"id": "a"}]}]
    + [{"open": "a", "all": [{"id": "a", "title": "t", "chat": [chat]}]} for chat in (
        3, {"role": "system", "content": "x"}, {"role": "user", "content": [1]},
        {"role": "assistant", "content": "x", "mark": {"a": 1}})],
)  # fmt: skip
def test_what_has_another_shape_is_dropped(found):
    assert kept.read_kept(found) == kept.nothing()
    assert reopen_chat(found)[1]["value"] == []


def test_an_answer_that_was_cut_off_is_said_to_be():
    stored = kept.keep(kept.nothing(), turn("What is LoRA?"))
    _, shown, _ = open_chat(stored, stored["open"])
    chat = shown["value"]
    assert [message["role"] for message in chat] == ["user", "assistant"]
    assert chat[1]["content"] == kept.CUT_OFF


def test_one_can_be_forgotten():
    stored = kept.keep(kept.nothing(), turn("one", "1"))
    stored = kept.keep(stored | {"open": ""}, turn("two", "2"))
    left = kept.forgotten(stored)
    assert [row["title"] for row in left["all"]] == ["one"]
    assert left["open"] == ""


def test_a_title_is_cut_at_a_word():
    title = kept.title_of([{"role": "user", "content": "why " * 40}])
    assert len(title) <= kept.TITLE
    assert title.endswith("why…")


def test_what_is_exported_is_what_was_typed_and_said():
    chat = turn("a &lt; b &amp; $5?", r"Yes. [\[1\]](#src-q4-0a1b2c3d4e)")
    said = "**You**\n\na < b & $5?\n\n---\n\n**Tutor**\n\nYes."
    assert exported(chat, kept.nothing()).endswith(f"{said} \n")
    stored = kept.marked(kept.keep(kept.nothing(), chat), chat, 1, "Like")
    assert exported(chat, stored).endswith(f"{said}\n\n*Marked helpful*\n")
    stored = kept.marked(stored, chat, 1, "Dislike")
    assert exported(chat, stored).endswith(f"{said}\n\n*Marked not helpful*\n")


def test_a_mark_stays_with_its_answer_and_can_be_taken_back():
    chat = [*turn("one", "same"), *turn("two", "same"), *turn("three", "3")]
    stored = kept.marked(kept.keep(kept.nothing(), chat), chat, 3, "Like")
    assert kept.marks_of(stored, chat) == [None, "Like", None]
    longer = [*chat, *turn("four", "4")]
    stored = kept.marked(kept.keep(stored, longer), longer, 7, "Dislike")
    assert reopen_chat(stored)[1]["feedback_value"] == [None, "Like", None, "Dislike"]
    stored = kept.marked(stored, longer, 3, None)
    assert kept.marks_of(stored, longer) == [None, None, None, "Dislike"]


def test_an_answer_in_place_of_a_marked_one_has_no_mark():
    chat = [*turn("one", "1"), *turn("two", "2"), *turn("three", "3")]
    stored = kept.keep(kept.nothing(), chat)
    for place in (1, 3, 5):
        stored = kept.marked(stored, chat, place, "Like")
    edited = [*turn("one", "1"), *turn("two, edited", "another"), *turn("three", "3")]
    assert kept.marks_of(kept.keep(stored, edited), edited) == ["Like", None, None]


def test_marks_keep_their_places_in_an_endless_conversation_and_while_one_grows():
    chat = [m for n in range(kept.MOST_MESSAGES) for m in turn(f"q{n}", f"a{n}")]
    stored = kept.marked(kept.keep(kept.nothing(), chat), chat, len(chat) - 1, "Like")
    assert kept.marks_of(stored, chat) == [None] * (kept.MOST_MESSAGES - 1) + ["Like"]
    more = [*chat, *turn("more", "half an ans")]
    stored = kept.keep(stored, more[:-1])
    assert kept.marked(stored, more, len(more) - 1, "Like") == stored
    stored = kept.keep(stored, [*chat, *turn("more", "half an answer.")])
    assert kept.marks_of(stored, more)[-2:] == ["Like", None]
