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
    stored, _ = keep_chat(kept.nothing(), chat)
    again, shown, listed = reopen_chat(stored)
    assert again == stored
    assert shown == [
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
        3, {"role": "system", "content": "x"}, {"role": "user", "content": [1]})],
)  # fmt: skip
def test_what_has_another_shape_is_dropped(found):
    assert kept.read_kept(found) == kept.nothing()
    assert reopen_chat(found)[1] == []


def test_an_answer_that_was_cut_off_is_said_to_be():
    stored = kept.keep(kept.nothing(), turn("What is LoRA?"))
    _, chat, _ = open_chat(stored, stored["open"])
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
    assert exported(chat).endswith("**You**\n\na < b & $5?\n\n---\n\n**Tutor**\n\nYes. \n")
