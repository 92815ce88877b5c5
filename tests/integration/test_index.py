"""The index: found again, filtered, rebuilt when damaged or out of date, never half-written."""

import json
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from tutor.engine.embed import HashingEmbedder
from tutor.errors import StoreError
from tutor.guide.chunks import Chunk, cut_guide
from tutor.guide.read import ONE_MINUTE, read_guide
from tutor.search.index import MANIFEST, embed_all, entries_of, fingerprint, open_or_build


@pytest.fixture
def chunks(guide, embedder) -> tuple[Chunk, ...]:
    return cut_guide(guide, embedder.count, embedder.window)


def built(home: Path, chunks, embedder) -> tuple[bool, object]:
    """(whether anything was embedded, the index)"""
    calls: list[tuple[int, int]] = []
    index = open_or_build(home, chunks, embedder, lambda *counts: calls.append(counts))
    return bool(calls), index


def only_index(home: Path) -> Path:
    (folder,) = [path for path in (home / "index").iterdir() if path.is_dir()]
    return folder


def test_built_once_then_opened(tmp_path, chunks, embedder):
    for expected in (True, False):
        was_built, index = built(tmp_path, chunks, embedder)
        assert was_built is expected
        assert len(index) == len(entries_of(chunks))
        index.close()


def test_a_chunk_is_its_own_nearest_neighbor(tmp_path, chunks, embedder):
    index = open_or_build(tmp_path, chunks, embedder)
    for chunk in chunks:
        (vector,) = embedder.embed([chunk.embedded])
        best = index.nearest(vector, 5, side="answer")[0]
        assert best.similarity == pytest.approx(1, abs=1e-3)
        assert best.chunk_id == chunk.id or best.similarity > 0.99
    index.close()


def test_filters_never_leak(tmp_path, chunks, embedder):
    index = open_or_build(tmp_path, chunks, embedder)
    by_id = {chunk.id: chunk for chunk in chunks}
    (vector,) = embedder.embed(["nucleus thermostat adapter"])
    hits = index.nearest(vector, 50, category="11_fine_tuning_methods")
    assert {by_id[hit.chunk_id].category for hit in hits} == {"11_fine_tuning_methods"}
    hits = index.nearest(vector, 50, section=ONE_MINUTE)
    assert {by_id[hit.chunk_id].section for hit in hits} == {ONE_MINUTE}
    index.close()


def test_a_changed_guide_or_embedder_is_another_index(tmp_path, corpus, chunks, embedder):
    path = corpus / "05_text_generation" / "README.md"
    path.write_text(path.read_text(encoding="utf-8").replace("gravel", "sand"), encoding="utf-8")
    changed = cut_guide(read_guide(corpus), embedder.count, embedder.window)
    marks = {
        fingerprint(chunks, embedder),
        fingerprint(changed, embedder),
        fingerprint(chunks, HashingEmbedder(64)),
        fingerprint(chunks, embedder, ["zebras"]),
    }
    assert len(marks) == 4


@pytest.mark.parametrize("damage", ["flip", "truncate", "delete", "manifest"])
def test_a_damaged_index_is_built_again(tmp_path, chunks, embedder, damage):
    built(tmp_path, chunks, embedder)[1].close()
    database = only_index(tmp_path) / "chroma.sqlite3"
    data = bytearray(database.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
        database.write_bytes(data)
    elif damage == "truncate":
        database.write_bytes(data[:1000])
    elif damage == "delete":
        database.unlink()
    else:
        (database.parent / MANIFEST).write_text("{", encoding="utf-8")
    was_built, index = built(tmp_path, chunks, embedder)
    assert was_built
    assert len(index) == len(entries_of(chunks))
    index.close()


def test_an_interrupted_build_leaves_nothing_that_counts(tmp_path, chunks):
    class Failing(HashingEmbedder):
        def embed(self, texts):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_or_build(tmp_path, chunks, Failing(512))
    assert [path for path in (tmp_path / "index").iterdir() if path.is_dir()] == []
    was_built, index = built(tmp_path, chunks, HashingEmbedder(512))
    assert was_built
    index.close()


def test_two_builders_at_once_build_once(tmp_path, chunks, embedder):
    results: list[bool] = []

    def run() -> None:
        was_built, index = built(tmp_path, chunks, embedder)
        results.append(was_built)
        index.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == [False, True]


def test_the_stored_index_is_not_written_by_its_readers(tmp_path, chunks, embedder):
    built(tmp_path, chunks, embedder)[1].close()
    folder = only_index(tmp_path)
    before = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    one, other = built(tmp_path, chunks, embedder)[1], built(tmp_path, chunks, embedder)[1]
    (vector,) = embedder.embed(["nucleus"])
    found = [[hit.similarity for hit in index.nearest(vector, 3)] for index in (one, other)]
    assert found[0] == pytest.approx(found[1])
    one.close()
    other.close()
    was_built, index = built(tmp_path, chunks, embedder)
    index.close()
    assert not was_built
    assert json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"] == before


def test_a_home_that_cannot_be_written(tmp_path, chunks, embedder):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="TUTOR_HOME"):
        open_or_build(blocked, chunks, embedder)


def test_a_full_disk_is_said_in_one_line_and_leaves_nothing_behind(tmp_path, chunks):
    from chromadb.errors import InternalError

    class FullDisk(HashingEmbedder):
        def embed(self, texts):
            raise InternalError("database or disk is full")

    with pytest.raises(StoreError, match=r"disk is full.*Free space"):
        open_or_build(tmp_path, chunks, FullDisk(64))
    assert not [path for path in (tmp_path / "index").iterdir() if path.is_dir()]


def test_only_the_newest_indexes_are_kept(tmp_path, chunks):
    for dimension in (32, 64, 128, 256, 512):
        open_or_build(tmp_path, chunks, HashingEmbedder(dimension)).close()
    assert sum(os.path.isdir(path) for path in (tmp_path / "index").iterdir()) == 3


def test_a_text_that_stands_twice_is_embedded_once():
    seen: list[str] = []

    class Counting(HashingEmbedder):
        def embed(self, texts):
            seen.extend(texts)
            return super().embed(texts)

    texts = ["long beam search", "a", "long beam search"]
    vectors = embed_all(texts, Counting())
    assert sorted(seen) == ["a", "long beam search"]
    assert np.array_equal(vectors, HashingEmbedder().embed(texts))
    assert len(embed_all([], HashingEmbedder())) == 0
