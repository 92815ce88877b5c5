"""Answers given aloud: what is let in, what is written, what is timed. With a hearing of words."""

import base64
import hashlib
from types import SimpleNamespace

import gradio as gr
import pytest

from tests.conftest import real_guide
from tests.unit.test_feedback import Words
from tutor.engine.catalog import Model
from tutor.engine.embed import HashingEmbedder
from tutor.engine.models import pull, status
from tutor.errors import EngineError, InputError, ModelError
from tutor.practice.feedback import LONGEST_ANSWER
from tutor.practice.hearing import MOST_BYTES, Heard, container
from tutor.practice.interview import Interview
from tutor.practice.record import Record, as_json
from tutor.web.practising import NOTHING_SAID, Practice, Spoken, sound_of

ASKED = Interview((12,))
OPENING, LATER = "one two three four five six seven eight nine ten", "you know eleven twelve"


class Script:
    """A hearing that hears what it was given, whatever is said."""

    def __init__(self, *heard):
        self.heard, self.asked = list(heard), []

    def write(self, sound, about=""):
        self.asked.append((sound, about))
        found = self.heard.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def practice(*heard, hears=True):
    script = Script(*heard)
    library = SimpleNamespace(embedder=HashingEmbedder())
    loading = SimpleNamespace(grader=Words, library=lambda: library, hearing=lambda: script)
    return Practice(loading, real_guide(), hears), script


def sent(sound):
    return base64.b64encode(sound).decode()


def test_what_is_said_is_added_to_what_is_there():
    place, script = practice(Heard(OPENING, 6.0), Heard(LATER, 4.0))
    sound, text, spoken = place.write(sent(b"OggS"), ASKED, "", NOTHING_SAID)
    assert (sound, text, spoken) == ("", OPENING, Spoken(10, 6.0))
    _, text, spoken = place.write(sent(b"OggS"), ASKED, text + "\n", spoken)
    assert text == f"{OPENING} {LATER}"
    assert spoken == Spoken(14, 10.0)
    assert script.asked == [(b"OggS", "Top-k vs top-p sampling?")] * 2


def test_the_box_does_not_overflow():
    place, _ = practice(Heard("word " * 2000, 240.0))
    assert len(place.write(sent(b"OggS"), ASKED, "x" * 5000, NOTHING_SAID)[1]) == LONGEST_ANSWER


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (Heard("", 0.0), "Nobody was heard"),
        (InputError("more than 4 minutes <b>"), "more than 4 minutes &lt;b&gt;"),
        (EngineError("cannot be written down"), "cannot be written down"),
    ],
)
def test_what_cannot_be_written_is_said(heard, told):
    place, _ = practice(heard)
    with pytest.raises(gr.Error, match=told):
        place.write(sent(b"OggS"), ASKED, "typed", NOTHING_SAID)


def test_only_what_was_said_is_timed():
    spoken = Spoken(10, 6.0)
    assert spoken.time_of(OPENING) == 6.0
    assert spoken.time_of(OPENING + " mended twice") == 6.0
    assert spoken.time_of(OPENING + " and much more that was typed") is None
    assert spoken.time_of("one two three") is None
    assert NOTHING_SAID.time_of("") is None


def test_feedback_has_the_pace_and_the_fillers_and_says_what_is_not_counted():
    place, _ = practice()
    answer = f"{OPENING} {LATER}"
    text = place.check(ASKED, answer, as_json(Record()), Spoken(14, 10.0))[2]
    assert "14 words in 10 seconds, 84 a minute" in text
    assert "that is slow" in text
    assert "one filler such as" in text
    assert "“um” and “uh” are rarely written down" in text
    typed = place.check(ASKED, answer, as_json(Record()))[2]
    assert "about 6 seconds aloud" in typed
    assert "“um”" not in typed


def test_a_new_question_begins_untimed():
    place, _ = practice()
    assert NOTHING_SAID in place.again(ASKED)
    assert NOTHING_SAID in place.onward(Interview((12, 7)), None)


def test_the_button_is_there_only_where_there_is_a_hearing():
    with_it, without = (practice(hears=hears)[0].again(ASKED) for hears in (True, False))
    assert any("Answer aloud" in str(value) for value in with_it)
    assert not any("Answer aloud" in str(value) for value in without)
    assert any("Rehearse aloud" in str(value) for value in without)


@pytest.mark.parametrize("recording", ["not base64 é", "abc", "A" * (MOST_BYTES * 2)])
def test_what_is_no_recording_is_refused(recording):
    with pytest.raises(InputError, match="ecord"):
        sound_of(recording)


def test_only_recordings_reach_the_decoder():
    assert container(b"\x1a\x45\xdf\xa3" + bytes(9)) == "matroska"
    assert container(b"\0\0\0\x20ftypisom") == "mp4"
    assert container(b"RIFF\0\0\0\0WAVE") == "wav"
    for other in (
        b"",
        b"#EXTM3U\nfile:///etc/passwd",
        b"ffconcat version 1.0",
        b"RIFF\0\0\0\0AVI ",
    ):
        with pytest.raises(InputError, match="no recording"):
            container(other)


def test_every_file_of_a_model_must_match(tmp_path, monkeypatch):
    folder = tmp_path / "package" / "model"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    digest = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    model = Model(
        "ear", "model.bin", 7, digest["model.bin"], "speech", "MIT", "tests", "a/b", "model.bin",
        package="package", extra="speech", beside=(("tokenizer.json", digest["tokenizer.json"]),),
    )  # fmt: skip
    monkeypatch.setattr("tutor.engine.models.package_file", lambda _: folder / "model.bin")
    assert status(model, tmp_path).path == folder / "model.bin"
    (folder / "tokenizer.json").write_text("{ }", encoding="utf-8")
    assert "tokenizer.json" in status(model, tmp_path).reason
    monkeypatch.setattr("tutor.engine.models.package_file", lambda _: None)
    with pytest.raises(ModelError, match="Run: make speech"):
        pull(model, tmp_path, lambda _: None)
