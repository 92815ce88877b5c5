"""Whisper on a real voice, in what browsers record: where the extra is installed (make speech).

The sounds are eleven seconds of John F. Kennedy's inaugural address (public domain) at 24 kbit/s.
"""

import io
import wave
from pathlib import Path

import pytest

from tutor.errors import InputError
from tutor.practice.hearing import MOST_BYTES, RATE, can_hear, decode, open_hearing
from tutor.settings import read_settings

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not can_hear(), reason="needs the extra: make speech"),
]
SOUNDS = Path(__file__).parent / "sounds"
SAID = "ask not what your country can do for you ask what you can do for your country"


@pytest.fixture(scope="module")
def hearing():
    return open_hearing(read_settings())


def silence(seconds, rate=RATE):
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(2 * rate * seconds))
    return file.getvalue()


@pytest.mark.parametrize("name", ["inaugural.webm", "inaugural.ogg", "inaugural.mp4"])
def test_a_voice_is_written_down_and_timed(hearing, name):
    heard = hearing.write((SOUNDS / name).read_bytes())
    words = heard.text.lower().replace(",", "").replace(".", "")
    assert SAID in words
    assert 9 < heard.seconds <= 11.1


def test_nobody_speaking_is_no_words(hearing):
    assert hearing.write(silence(3)).text == ""


def test_what_is_too_long_is_refused_before_it_is_heard():
    assert len(decode(silence(2))) == 2 * RATE
    with pytest.raises(InputError, match="more than 4 minutes"):
        decode(silence(300, rate=4000))  # not many bytes
    with pytest.raises(InputError, match="more than 4 MB"):
        decode(b"OggS" + bytes(MOST_BYTES))


@pytest.mark.parametrize("name", ["inaugural.webm", "inaugural.ogg", "inaugural.mp4"])
def test_a_damaged_recording_is_said(name):
    head = (SOUNDS / name).read_bytes()[:40]
    with pytest.raises(InputError, match="cannot be read"):
        decode(head)
