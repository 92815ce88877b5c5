"""What goes wrong with a machine: no rights, no room, old libraries, damaged files, a wrong clock.

Each is made for real, in a process of its own. A fault is mended without a word, or is one line
that says what to do; it never damages what is stored.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.conftest import end, free_port
from tests.conftest import ROOT, write_corpus
from tutor.engine.catalog import named
from tutor.engine.embed import HashingEmbedder
from tutor.engine.models import status
from tutor.guide.chunks import cut_guide
from tutor.practice.record import Record, as_json, practised, read_record
from tutor.search.index import open_or_build
from tutor.settings import read_settings
from tutor.start import try_engine

pytestmark = [pytest.mark.slow]

SMOLLM2 = "smollm2-135m"
PLAIN = ("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups")
CHILD = """
from pathlib import Path
from tutor.engine.embed import HashingEmbedder
from tutor.errors import TutorError
from tutor.guide.chunks import cut_guide
from tutor.guide.read import read_guide
from tutor.search.index import open_or_build

embedder = HashingEmbedder(512)
chunks = cut_guide(read_guide(Path(sys.argv[1])), embedder.count, embedder.window)
try:
    index = open_or_build(Path(sys.argv[2]), chunks, embedder, lambda *_: print("building"))
    print("entries", len(index))
    index.close()
except TutorError as error:
    sys.exit(f"tutor: {error}")
"""

as_root = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0 or shutil.which("setpriv") is None,
    reason="needs root and setpriv, to run as another user or to mount a small disk",
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may look into, with the small guide in it."""
    with tempfile.TemporaryDirectory(prefix="tutor-faults-") as name:
        place = Path(name)
        place.chmod(0o755)
        write_corpus(place / "corpus")
        yield place


def opened(
    place: Path, home: Path, before: tuple[str, ...] = (), start: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Open the index in a process of its own, as another user or with another start if wanted."""
    done = subprocess.run(
        [*before, sys.executable, "-c", f"import sys\n{start}\n{CHILD}", place / "corpus", home],
        cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line of a process that had to give up."""
    assert done.returncode == 1, done.stdout
    return done.stderr.strip().splitlines()[-1]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of that size in a folder; a skip where none can be mounted."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, timeout=30).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True, timeout=30)


@as_root
def test_a_home_that_may_not_be_written(place):
    line = said(opened(place, place / "home", PLAIN))
    assert "Permission denied" in line
    assert "TUTOR_HOME" in line


@as_root
def test_an_index_in_a_read_only_home_is_read(place):
    assert "building" in opened(place, place / "home").stdout
    done = opened(place, place / "home", PLAIN)
    assert done.stdout.startswith("entries ")


@as_root
def test_a_disk_that_is_full_while_the_index_is_built(place):
    home = place / "home"
    with small_disk(home, "300k"):
        line = said(opened(place, home))
        assert "full" in line or "No space" in line
        assert "Free space" in line
        assert [path.name for path in (home / "index").iterdir() if path.is_dir()] == []
        subprocess.run(["mount", "-o", "remount,size=60m", home], check=True, timeout=30)
        assert "building" in opened(place, home).stdout
        assert opened(place, home).stdout.startswith("entries ")


@as_root
def test_a_full_folder_for_temporary_files_is_not_taken_for_damage(place):
    opened(place, place / "home")
    with small_disk(place / "tmp", "64k"):
        done = opened(place, place / "home", TMPDIR=str(place / "tmp"))
        assert "TMPDIR" in said(done)
        assert "building" not in done.stdout
        assert list((place / "tmp").iterdir()) == []
    assert opened(place, place / "home").stdout.startswith("entries ")


def test_an_sqlite_that_chroma_refuses(place):
    start = "import sqlite3\nsqlite3.sqlite_version_info = (3, 31, 0)"
    line = said(opened(place, place / "home", start=start))
    assert "SQLite 3.35" in line
    assert "PYTHON=" in line


def test_every_file_of_an_index_may_be_cut_short(tmp_path, guide, embedder):
    chunks = cut_guide(guide, embedder.count, embedder.window)
    index = open_or_build(tmp_path, chunks, embedder)
    size = len(index)
    index.close()
    (folder,) = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    assert len(files) >= 3
    for path in files:
        if path.is_file():  # a build has folders of its own names
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            index = open_or_build(tmp_path, chunks, embedder)
            assert len(index) == size, path
            index.close()


@pytest.mark.model
@pytest.mark.parametrize("share", [0.999, 0.5, 0.01])
def test_a_model_file_that_was_cut_short_leaves_the_guide(tmp_path, share):
    home = read_settings().home
    path = status(named(SMOLLM2), home).path
    if path is None:
        pytest.skip(f"needs a model: python -m tutor pull {SMOLLM2}")
    cut = tmp_path / "cut.gguf"
    with path.open("rb") as whole:
        cut.write_bytes(whole.read(int(share * path.stat().st_size)))
    settings = read_settings(home=tmp_path, model=str(cut), threads=1)
    engine, problem = try_engine(settings, lambda *_: None)
    assert engine is None
    assert "cut" in problem
    assert "\n" not in problem


def test_a_clock_that_was_set_back(tmp_path, guide):
    """What was made before lies in the future: nothing new is taken for old."""
    future = time.time() + 10 * 365 * 86400
    for dimension in (32, 64, 128, 256):
        embedder = HashingEmbedder(dimension)
        chunks = cut_guide(guide, embedder.count, embedder.window)
        open_or_build(tmp_path, chunks, embedder).close()
        for folder in (tmp_path / "index").iterdir():
            os.utime(folder, (future, future))
    counts: list[tuple[int, int]] = []
    embedder = HashingEmbedder(512)
    for _ in range(2):
        counts.clear()
        chunks = cut_guide(guide, embedder.count, embedder.window)
        open_or_build(tmp_path, chunks, embedder, lambda *c: counts.append(c)).close()
    assert counts == []


def test_a_record_from_before_the_clock_was_set_back():
    noon = datetime(2026, 11, 29, 12, tzinfo=UTC)
    record = practised(Record(), 12, 0.8, [], noon + timedelta(days=400))
    record = practised(record, 12, 0.5, [1], noon)
    assert read_record(as_json(record)) == record


@as_root
@pytest.mark.model
def test_the_server_runs_for_a_user_without_a_home_on_read_only_folders(place):
    home, port = place / "home", free_port()
    variables = {
        "TUTOR_HOME": str(home), "TUTOR_CORPUS": str(place / "corpus"), "TUTOR_MODEL": "none",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "info"], cwd=ROOT, env=os.environ | variables,
        capture_output=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    before = sorted(home.rglob("*"))
    process = subprocess.Popen(
        [*PLAIN, sys.executable, "-m", "tutor", "serve", "--port", str(port)], cwd=ROOT,
        env=os.environ | variables | {"HOME": "/nonexistent", "USER": "nobody"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        state = settled(f"http://127.0.0.1:{port}/health")
    finally:
        end(process)
    assert state["ready"], state
    assert state["problem"] == ""
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert sorted(home.rglob("*")) == before


def settled(url: str) -> dict[str, object]:
    """What the server says of itself once it is ready or will not be."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                state = json.load(answer)
        except urllib.error.HTTPError as error:
            state = json.loads(error.read() or b"{}")
            error.close()
        except (OSError, ValueError):
            state = {}
        if state.get("ready") or state.get("problem"):
            return state
        time.sleep(0.5)
    raise AssertionError(f"{url} did not settle")
