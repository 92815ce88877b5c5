"""What was said, written down on this machine: Whisper tiny.en through faster-whisper.

An extra of the product (`speech`): without it there is no hearing, and answers are typed. A
recording is what a browser makes of a microphone: WebM or Ogg with Opus, MP4 with AAC, or WAV. It
is decoded in memory and kept nowhere.

Whisper was trained on texts that leave out "um" and "uh", and leaves them out or takes them for
other words. Of nine such sounds of a synthetic voice none was written down; with a prompt that has
them, one, and more words were misheard; with no token suppressed, none. "You know", "I mean" and
"basically" are written. So whoever counts fillers has to say which.
"""

import importlib.util
import io
import itertools
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tutor.engine.catalog import HEARING, named
from tutor.engine.models import package_file, pull
from tutor.errors import EngineError, InputError
from tutor.settings import Settings

MOST_BYTES = 4 * 2**20  # four minutes at 24 kbit/s are 720 kB; Safari takes more
MOST_SECONDS = 240.0
RATE = 16_000  # samples a second, as Whisper wants them
LONGEST_HINT = 300  # characters: Whisper reads at most 223 tokens before it begins to write
# How often Whisper may try a window again, with what randomness, if what it wrote repeats itself.
TRIES = (0.0, 0.4)

Samples = NDArray[np.float32]  # (samples,), mono, -1 to 1


@dataclass(frozen=True)
class Heard:
    """What was said, and the seconds from its first word to its last."""

    text: str
    seconds: float


class Hearing(Protocol):
    """Whatever writes a recording down."""

    def write(self, sound: bytes, about: str = "") -> Heard:
        """The words of a recording; none if nobody speaks in it.

        `about` is what the talk is about, so that its terms are spelt as they should be. Raises
        InputError for a recording that is too long or cannot be read, EngineError if writing fails.
        """
        ...


class Whisper:
    """Whisper on the CPU, in 8 bits. One recording is written at a time; others wait."""

    def __init__(self, folder: Path, threads: int):
        """`folder` holds a model in CTranslate2's format. Raises EngineError if it cannot load."""
        from faster_whisper import WhisperModel

        try:
            self._model: Any = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads,
                local_files_only=True,
            )  # fmt: skip
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"The speech model cannot be loaded: {first_line(error)}") from error
        self._turn = threading.Lock()

    def write(self, sound: bytes, about: str = "") -> Heard:
        """The words of a recording, as `Hearing` has it."""
        samples = decode(sound)
        if not len(samples):
            return Heard("", 0.0)
        try:
            with self._turn:
                found, _ = self._model.transcribe(
                    samples, language="en", beam_size=5, temperature=TRIES, vad_filter=True,
                    condition_on_previous_text=False, hotwords=about[:LONGEST_HINT] or None,
                )  # fmt: skip
                segments = list(found)  # it is written as it is read
        except (RuntimeError, ValueError) as error:
            problem = f"This recording cannot be written down: {first_line(error)}"
            raise EngineError(problem) from error
        if not segments:
            return Heard("", 0.0)
        text = " ".join(segment.text.strip() for segment in segments).strip()
        seconds = float(segments[-1].end - segments[0].start)
        return Heard(text, min(seconds, len(samples) / RATE))  # its times are guesses


def container(sound: bytes) -> str:
    """FFmpeg's name for a recording's container, by its first bytes; InputError for others.

    Others are refused before FFmpeg sees them: some formats are playlists, which name files and
    addresses that it would then read.

    >>> container(b"OggS" + bytes(20))
    'ogg'
    """
    if sound.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if sound.startswith(b"OggS"):
        return "ogg"
    if sound[4:8] == b"ftyp":
        return "mp4"
    if sound.startswith(b"RIFF") and sound[8:12] == b"WAVE":
        return "wav"
    raise InputError("That is no recording that can be read. Record it again.")


def decode(sound: bytes) -> Samples:
    """A recording as samples, mono, RATE a second.

    Raises InputError if it is more than MOST_BYTES, longer than MOST_SECONDS, or damaged.
    """
    if len(sound) > MOST_BYTES:
        raise InputError(f"That recording has more than {MOST_BYTES // 2**20} MB. Answer shorter.")
    import av

    parts: list[NDArray[np.int16]] = []
    left = int(MOST_SECONDS * RATE)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    try:
        with av.open(io.BytesIO(sound), format=container(sound), metadata_errors="ignore") as file:
            for frame in itertools.chain(file.decode(audio=0), [None]):  # None: give the rest
                for piece in resampler.resample(frame):
                    parts.append(piece.to_ndarray().reshape(-1))
                    left -= len(parts[-1])
                if left < 0:
                    message = f"more than {MOST_SECONDS / 60:.0f} minutes"
                    raise InputError(f"That recording has {message}. Answer shorter.")
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise InputError("That recording cannot be read. Record it again.") from error
    if not parts:
        return np.zeros(0, dtype=np.float32)
    return np.concatenate(parts).astype(np.float32) / np.float32(2**15)


def can_hear() -> bool:
    """Whether the extra is installed; nothing is loaded."""
    return bool(importlib.util.find_spec("faster_whisper") and package_file(named(HEARING)))


def open_hearing(settings: Settings) -> Hearing | None:
    """Whisper, its files verified; None where the extra is not installed.

    Raises ModelError if a file does not match its hash, EngineError if it cannot load.
    """
    if not can_hear():
        return None
    path = pull(named(HEARING), settings.home, lambda _: None)
    return Whisper(path.parent, settings.threads)


def first_line(error: Exception) -> str:
    """An error's message in one line, at most 160 characters."""
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
