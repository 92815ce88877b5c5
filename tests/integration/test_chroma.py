"""The index on a Chroma server: a real `chroma run`, read and built by several processes."""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.conftest import end, free_port
from tests.conftest import ROOT, write_corpus
from tutor.cli import main
from tutor.engine.embed import HashingEmbedder
from tutor.errors import StoreError
from tutor.guide.chunks import Chunk, cut_guide
from tutor.search import remote
from tutor.search.index import entries_of, open_or_build
from tutor.search.remote import connect, open_or_build_at, prune, versions

pytestmark = [pytest.mark.slow]

OUTSIDE = ["zebras", "marble cake"]
QUESTIONS = ["nucleus", "how large is the thermostat in practice", "needs training", "gravel"]


@contextmanager
def running(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`chroma run` on a folder and a port."""
    process = subprocess.Popen(
        [Path(sys.executable).parent / "chroma", "run", "--path", folder, "--port", str(port)],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=2
                ).close()
                break
            except OSError:
                time.sleep(0.2)
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        end(process)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """An empty Chroma server's address."""
    port = free_port()
    (tmp_path / "chroma").mkdir()
    with running(tmp_path / "chroma", port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def chunks(guide, embedder) -> tuple[Chunk, ...]:
    return cut_guide(guide, embedder.count, embedder.window)


def names(address: str) -> list[str]:
    client = connect(address)
    found = sorted(collection.name for collection in client.list_collections())
    client.close()
    return found


def test_it_finds_what_the_one_on_disk_finds(address, tmp_path, chunks, embedder):
    here = open_or_build(tmp_path, chunks, embedder, None, OUTSIDE, chunks)
    there = open_or_build_at(address, chunks, embedder, None, OUTSIDE, chunks)
    assert len(there) == len(here)
    assert there.outside == pytest.approx(here.outside)
    for vector in embedder.embed(QUESTIONS):
        for wanted in ({}, {"category": "05_text_generation"}, {"side": "question"}):
            one, other = here.nearest(vector, 8, **wanted), there.nearest(vector, 8, **wanted)
            expected = [hit.similarity for hit in one]
            assert [hit.similarity for hit in other] == pytest.approx(expected, abs=1e-5)
        assert len(there.nearest_written(vector, 3)) == 3
    here.close()
    there.close()


def test_built_once_and_read_by_others(address, chunks, embedder):
    counts: list[tuple[int, int]] = []
    open_or_build_at(address, chunks, embedder, lambda *c: counts.append(c)).close()
    assert counts
    counts.clear()
    again = open_or_build_at(address, chunks, embedder, lambda *c: counts.append(c))
    assert not counts
    assert len(again) == len(entries_of(chunks))
    assert again.outside.shape == (0, embedder.dimension)
    again.close()


BUILDER = """
import sys, time
from pathlib import Path
from tutor.engine.embed import HashingEmbedder
from tutor.guide.chunks import cut_guide
from tutor.guide.read import read_guide
from tutor.search.remote import open_or_build_at

embedded = []

class Slow(HashingEmbedder):
    def embed(self, texts):
        embedded.extend(texts)
        time.sleep(0.3)
        return super().embed(texts)

embedder = Slow(512)
chunks = cut_guide(read_guide(Path(sys.argv[2])), embedder.count, embedder.window)
print("ready", flush=True)
sys.stdin.readline()
index = open_or_build_at(sys.argv[1], chunks, embedder)
print(len(embedded), len(index), flush=True)
index.close()
"""


def test_two_processes_that_build_at_once_build_once(address, tmp_path, chunks):
    corpus = write_corpus(tmp_path / "corpus")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", BUILDER, address, corpus], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=120)[0].split() for process in processes]
    embedded = sorted(int(result[0]) for result in results)
    assert embedded[0] == 0
    assert embedded[1] > 0
    assert {int(result[1]) for result in results} == {len(entries_of(chunks))}
    assert len(names(address)) == 3  # a guide, its answers, what it leaves out; no lock


def test_a_second_build_of_one_version_gives_way(address, chunks, embedder):
    """The lock was taken for given up: both build, the first one counts."""

    class Meanwhile(HashingEmbedder):
        def embed(self, texts):
            client = connect(address)
            remote.drop(client, next(name for name in names(address) if "building" in name))
            client.close()
            open_or_build_at(address, chunks, embedder).close()
            return super().embed(texts)

    index = open_or_build_at(address, chunks, Meanwhile(512))
    assert len(index) == len(entries_of(chunks))
    index.close()
    assert len(names(address)) == 3


def test_a_build_that_was_given_up_is_taken_over(address, chunks, embedder, monkeypatch):
    monkeypatch.setattr(remote, "SILENT", 2.0)
    mark = remote.fingerprint(chunks, embedder)
    client = connect(address)
    assert remote.take(client, mark, "deadbeef")  # a builder that is no more
    client.close()
    index = open_or_build_at(address, chunks, embedder)
    assert len(index) == len(entries_of(chunks))
    index.close()
    assert len(names(address)) == 3


def test_an_interrupted_build_leaves_nothing(address, chunks):
    class Failing(HashingEmbedder):
        def embed(self, texts):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_or_build_at(address, chunks, Failing(512))
    assert names(address) == []


def test_a_damaged_version_is_built_again(address, chunks, embedder):
    open_or_build_at(address, chunks, embedder).close()
    client = connect(address)
    (answers,) = [name for name in names(address) if "answers" in name]
    client.delete_collection(answers)
    index = open_or_build_at(address, chunks, embedder)
    assert len(index) == len(entries_of(chunks))
    index.close()
    client.close()


def test_old_versions_go_only_when_told_and_unread(address, tmp_path, chunks, embedder, capsys):
    open_or_build_at(address, chunks, embedder).close()
    old = open_or_build_at(address, chunks, HashingEmbedder(64))
    open_or_build_at(address, chunks, HashingEmbedder(32)).close()
    assert len(versions(address)) == 3
    assert prune(address) == []
    client = connect(address)
    client.create_collection("somebody-elses", embedding_function=None)
    client.create_collection("tutor-0123-guide-beef", embedding_function=None)  # of a dead builder
    for version in versions(address):
        if version.mark != old.fingerprint:
            guide = client.get_collection(f"tutor-{version.mark}", embedding_function=None)
            guide.modify(metadata={**guide.metadata, "read": time.time() - 2 * remote.UNREAD})
    assert main(["index", "--prune", "--chroma", address]) == 0
    said = capsys.readouterr().out
    assert said.count("deleted ") == 7
    assert said.splitlines()[-1].startswith(old.fingerprint)
    assert [version.mark for version in versions(address)] == [old.fingerprint]
    assert "somebody-elses" in names(address)
    (vector,) = HashingEmbedder(64).embed(["nucleus"])
    assert old.nearest(vector, 1)
    old.close()
    client.close()


def test_the_server_goes_away_hangs_and_comes_back(tmp_path, chunks, embedder, monkeypatch):
    monkeypatch.setattr(remote, "PATIENCE", 2.0)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    (vector,) = embedder.embed(["nucleus"])
    with running(tmp_path, port) as server:
        index = open_or_build_at(address, chunks, embedder)
        found = index.nearest(vector, 3)
        server.send_signal(signal.SIGSTOP)
        with pytest.raises(StoreError, match="TUTOR_CHROMA"):
            index.nearest(vector, 3)
    with pytest.raises(StoreError, match="chroma run"):
        index.nearest(vector, 3)
    with running(tmp_path, port):
        again = index.nearest(vector, 3)  # entries equally near come in any order
        assert [hit.similarity for hit in again] == [hit.similarity for hit in found]
        index.close()


def test_a_pruned_version_is_said(address, chunks, embedder):
    index = open_or_build_at(address, chunks, embedder)
    prune(address, unread=-1)
    (vector,) = embedder.embed(["nucleus"])
    with pytest.raises(StoreError, match="TUTOR_CHROMA"):
        index.nearest(vector, 3)
    index.close()


class Other(http.server.BaseHTTPRequestHandler):
    """A server that is not Chroma."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>hello</html>")

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_no_chroma_at_the_address_is_one_line(chunks, embedder):
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9 .*chroma run"):
        open_or_build_at("http://127.0.0.1:9", chunks, embedder)
    server = http.server.HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(StoreError, match="TUTOR_CHROMA"):
        open_or_build_at(f"http://127.0.0.1:{server.server_port}", chunks, embedder)
    server.shutdown()
    server.server_close()


@pytest.mark.model
def test_the_command_line_uses_it_and_says_when_it_is_away(address, tmp_path):
    corpus = write_corpus(tmp_path / "corpus")
    asked = tmp_path / "asked.jsonl"
    command = [sys.executable, "-m", "tutor", "search", "--jsonl", str(asked)]
    asked.write_text(json.dumps({"id": 1, "question": "What is the nucleus?"}) + "\n")

    def search(chroma: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "TUTOR_CHROMA": chroma, "TUTOR_CORPUS": str(corpus)}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
        )

    done = search(address)
    assert json.loads(done.stdout)["topics"], done.stderr
    assert len(versions(address)) == 1
    done = search("http://127.0.0.1:9")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("tutor: The Chroma server at http://")
    assert "Traceback" not in done.stderr
    done = search("127.0.0.1")
    assert "TUTOR_CHROMA" in done.stderr
