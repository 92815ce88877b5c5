"""A model is tried in a process of its own: what crashes there does not crash here."""

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import write_corpus
from tutor.engine.models import models_dir
from tutor.engine.probe import SAID, machine, probe
from tutor.errors import EngineError, TutorError


def ends(how: str, log: Path) -> list[str]:
    """A stand-in for the trial that notes that it ran, then ends as told."""
    lines = f"import os, sys, time; open({str(log)!r}, 'a').write('tried\\n'); {how}"
    return [sys.executable, "-c", lines]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    return path


def tried(log: Path) -> int:
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_what_went_well_is_remembered_for_this_file(tmp_path, model):
    log = tmp_path / "log"
    for _ in range(2):
        probe(model, tmp_path, 1, 1024, command=ends("pass", log))
    assert tried(log) == 1
    model.write_bytes(b"GGUF!")
    probe(model, tmp_path, 1, 1024, command=ends("pass", log))
    assert tried(log) == 2
    record = models_dir(tmp_path) / "model.gguf.probed.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"machine": "another"}))
    probe(model, tmp_path, 1, 1024, command=ends("pass", log))
    assert tried(log) == 3
    record.write_text("{")
    probe(model, tmp_path, 1, 1024, command=ends("pass", log))
    assert tried(log) == 4


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("os.kill(os.getpid(), 4)", "lacks instructions.*AVX2"),
        ("os.kill(os.getpid(), 9)", "memory ran out"),
        ("os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("os.abort()", "SIGABRT"),
        ("sys.exit(5)", "status 5"),
    ],
)
def test_a_crash_is_one_line_and_tried_again_at_the_next_start(tmp_path, model, how, said):
    log = tmp_path / "log"
    for _ in range(2):
        with pytest.raises(EngineError, match=f"{said}.*TUTOR_MODEL"):
            probe(model, tmp_path, 1, 1024, command=ends(how, log))
    assert tried(log) == 2


def test_an_error_that_was_said_is_no_crash_and_not_remembered(tmp_path, model):
    log = tmp_path / "log"
    for _ in range(2):
        probe(model, tmp_path, 1, 1024, command=ends(f"sys.exit({SAID})", log))
    assert tried(log) == 2


def test_it_is_ended_when_the_start_is(tmp_path, model):
    log = tmp_path / "log"

    def going() -> None:
        if tried(log):
            raise TutorError("stopped")

    with pytest.raises(TutorError, match="stopped"):
        probe(model, tmp_path, 1, 1024, going, ends("time.sleep(600)", log))


def test_a_home_that_cannot_be_written_costs_a_trial_at_each_start(tmp_path, model):
    log, home = tmp_path / "log", tmp_path / "home"
    home.write_text("a file in the way")
    for _ in range(2):
        probe(model, home, 1, 1024, command=ends("pass", log))
    assert tried(log) == 2


def test_another_processor_is_another_machine(tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    marks = set()
    for text in ("processor: 0\nflags: sse avx2", "processor: 0\nflags: sse", ""):
        cpuinfo.write_text(text)
        marks.add(machine(cpuinfo))
    cpuinfo.write_text("processor: 0\nflags: sse\ncpu MHz: 1\nprocessor: 1\nflags: sse")
    assert machine(cpuinfo) in marks
    assert len(marks) == 3


STAND_IN = """
import os

class CommonParams:
    def __getattr__(self, name):
        value = CommonParams()
        setattr(self, name, value)
        return value

def Server(params):
    os.kill(os.getpid(), 4)
"""


def test_a_processor_without_its_instructions_leaves_the_guide(tmp_path, model, monkeypatch):
    """The whole start: a llama.cpp that dies by SIGILL, found first on the path of modules."""
    from tests.conftest import KINDS
    from tutor.engine.embed import HashingEmbedder
    from tutor.settings import read_settings
    from tutor.start import make_tutor, open_library, try_engine
    from tutor.turn.reader import PlainReader

    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "xllamacpp.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "modules"))
    corpus = write_corpus(tmp_path / "corpus")
    settings = read_settings(home=tmp_path / "home", corpus=corpus, model=str(model))
    engine, problem = try_engine(settings, lambda *_: None)
    assert engine is None
    assert "AVX2" in problem
    embedder = HashingEmbedder(64)
    library = open_library(settings, lambda *_: None, embedder, PlainReader(embedder, KINDS))
    *_, reply = make_tutor(library, engine, settings).reply("What is the nucleus?")
    assert "sieve" in reply.text or "nucleus" in reply.text
    library.index.close()
