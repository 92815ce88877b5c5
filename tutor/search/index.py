"""The vector index: Chroma on disk, filled through LlamaIndex, built once per state of the guide.

An index is a folder named by the fingerprint of all it depends on. It is built beside its final
place, then renamed, so a folder with the final name is always complete. Chroma writes to any folder
it opens and allows one process at a time, so a stored index is never opened itself: its files are
checked against the hashes taken at the build, and each process works on a copy. What does not match
is built again. The vectors of what the guide leaves out are kept beside. LlamaIndex and Chroma
types stop here: in go chunks and vectors, out come `Hit`s.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from sqlite3 import sqlite_version
from typing import Any, Literal

import numpy as np
from filelock import FileLock, Timeout

from tutor.engine.embed import Embedder, Vector, Vectors
from tutor.errors import StoreError
from tutor.guide.chunks import VERSION, Chunk

log = logging.getLogger(__name__)

Side = Literal["answer", "question"]
Count = Callable[[int, int], None]  # (texts embedded, texts in all)

COLLECTION = "guide"
ANSWERS = "answers"  # the collection of written answers, found by their questions alone
MANIFEST = "manifest.json"
OUTSIDE = "outside.npy"
KEPT_INDEXES = 3  # older ones are deleted after a build
BUILD_TIMEOUT = 900.0  # seconds to wait for another process that builds the same index
BATCH = 64  # texts embedded at once
ADDED = 1000  # entries handed to Chroma at once; it takes up to about 5,000
# Chroma's HNSW graph (Malkov & Yashunin 2018, arXiv:1603.09320). The defaults of 16 neighbors and
# a search list of 100 lose neighbors when a filter leaves few entries, so both are generous: the
# guide is small.
GRAPH = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}


@dataclass(frozen=True)
class Entry:
    """One vector of the index: an answer's text, or one of the questions that a chunk answers."""

    id: str  # the chunk's id, and for a question its number: q12-3f9c1a07be?0
    chunk: Chunk
    side: Side
    text: str


@dataclass(frozen=True)
class Hit:
    """A chunk found by one of its entries; `similarity` is a cosine, -1 to 1.

    `place` is that of the question among the chunk's, if a question was found.
    """

    chunk_id: str
    side: Side
    similarity: float
    place: int = 0


def entries_of(chunks: Sequence[Chunk]) -> list[Entry]:
    """What is embedded: every chunk's text, and every question it answers."""
    entries = []
    for chunk in chunks:
        entries.append(Entry(chunk.id, chunk, "answer", chunk.embedded))
        for number, question in enumerate(chunk.questions):
            entries.append(Entry(f"{chunk.id}?{number}", chunk, "question", question))
    return entries


def questions_of(written: Sequence[Chunk]) -> list[Entry]:
    """What is embedded of written answers: the questions that they answer."""
    return [
        Entry(f"{chunk.id}?{number}", chunk, "question", question)
        for chunk in written
        for number, question in enumerate(chunk.questions)
    ]


def fingerprint(
    chunks: Sequence[Chunk],
    embedder: Embedder,
    outside: Sequence[str] = (),
    written: Sequence[Chunk] = (),
) -> str:
    """Sixteen hex digits that change whenever the index would."""
    digest = hashlib.sha256()
    parts = [str(VERSION), embedder.name, version("chromadb"), json.dumps(GRAPH), *outside]
    for entry in [*entries_of(chunks), *questions_of(written)]:
        parts += [entry.id, entry.text]
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()[:16]


def hit_of(id_: str, similarity: float) -> Hit:
    """What an entry's id says: its chunk, and which of the chunk's questions it is, if any."""
    chunk, _, place = id_.partition("?")
    return Hit(chunk, "question" if place else "answer", similarity, int(place or 0))


def hits_of(collection: Any, vector: Vector, k: int, wanted: Mapping[str, str | None]) -> list[Hit]:
    """The k nearest entries of a collection whose metadata is as wanted; None wants nothing."""
    if not k:
        return []
    given = [{key: {"$eq": value}} for key, value in wanted.items() if value]
    # Asked for distances alone: an entry's id says which chunk and side it is. Reading the nodes
    # as LlamaIndex does takes 20 times as long, and nothing in them is needed.
    found = collection.query(
        query_embeddings=[vector.tolist()],
        n_results=k,
        where={"$and": given} if len(given) > 1 else (given[0] if given else None),
        include=["distances"],
    )
    pairs = zip(found["ids"][0], found["distances"][0], strict=True)
    return [hit_of(id_, 1.0 - distance) for id_, distance in pairs]


class NoRoom(StoreError):
    """A copy of the index cannot be made; building it again would not help."""


class Index:
    """Nearest entries of the guide to a vector. Read-only: shared by all visitors."""

    def __init__(
        self, mark: str, guide: Any, answers: Any, outside: Vectors, close: Callable[[], None]
    ):
        """Over two collections of Chroma's; `outside` has the shape (topics, dimension)."""
        self.fingerprint = mark
        self.outside = outside
        self._collection = guide
        self._size = int(guide.count())  # asked once: Chroma counts for milliseconds
        self._answers = answers
        self._written = int(answers.count())
        self._close = close

    def __len__(self) -> int:
        return self._size + self._written

    def nearest(
        self,
        vector: Vector,
        k: int,
        category: str | None = None,
        section: str | None = None,
        side: Side | None = None,
    ) -> list[Hit]:
        """The k nearest entries to a unit vector of shape (dimension,), best first.

        `category`, `section` and `side` restrict the search itself: nothing outside them is found.
        """
        wanted = {"category": category, "section": section, "side": side}
        return hits_of(self._collection, vector, min(k, self._size), wanted)

    def nearest_written(self, vector: Vector, k: int, category: str | None = None) -> list[Hit]:
        """The k nearest questions of written answers to a unit vector, best first."""
        return hits_of(self._answers, vector, min(k, self._written), {"category": category})

    def close(self) -> None:
        """Close Chroma; a copy that was opened is deleted."""
        self._close()


def open_copy(folder: Path, mark: str) -> Index:
    """Open a copy of a complete index folder; raises whatever Chroma raises if it cannot.

    NoRoom if there is none for the copy.
    """
    try:
        # Deleted when the index is closed or garbage, or at the interpreter's end.
        copy = tempfile.TemporaryDirectory(prefix="tutor-index-", ignore_cleanup_errors=True)
        shutil.copytree(folder, copy.name, dirs_exist_ok=True)
    except OSError as error:
        reason = error.strerror or "the disk may be full"
        message = f"The index cannot be copied to the folder for temporary files ({reason})."
        raise NoRoom(f"{message} Free space there, or set TMPDIR to another folder.") from error
    outside: Vectors = np.load(folder / OUTSIDE, allow_pickle=False)
    client = open_client(Path(copy.name))

    def close() -> None:
        client.close()
        copy.cleanup()

    guide = client.get_collection(COLLECTION, embedding_function=None)
    answers = client.get_collection(ANSWERS, embedding_function=None)
    return Index(mark, guide, answers, outside, close)


def import_chroma() -> Any:
    """Chroma, imported when it is first wanted; StoreError if it cannot work with this Python."""
    try:
        import chromadb
    except RuntimeError as error:  # its own check of Python's SQLite
        message = f"Chroma needs SQLite 3.35 or later, and this Python has {sqlite_version}."
        raise StoreError(f"{message} Use another: make clean run PYTHON=python3.12") from error
    return chromadb


def open_client(folder: Path) -> Any:
    """A Chroma client on a folder, with nothing taken from the environment's .env files."""
    chromadb = import_chroma()
    from chromadb.config import Settings

    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def open_or_build(
    home: Path,
    chunks: Sequence[Chunk],
    embedder: Embedder,
    report: Count | None = None,
    outside: Sequence[str] = (),
    written: Sequence[Chunk] = (),
) -> Index:
    """The index of these chunks, opened if it is on disk and intact, else built.

    `outside` are topics that the guide does not treat, `written` are written answers.
    `report(done, total)` is called while building. Raises StoreError if `home` cannot be written or
    another process holds the build for too long.
    """
    import_chroma()
    from chromadb.errors import ChromaError

    mark = fingerprint(chunks, embedder, outside, written)
    folder = home / "index" / mark
    if index := open_if_intact(folder, mark):
        return index
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock"), timeout=BUILD_TIMEOUT):
            if index := open_if_intact(folder, mark):
                return index  # another process has built it meanwhile
            build(folder, chunks, embedder, report, outside, written)
            index = open_intact(folder, mark)
            delete_old(folder)
            return index
    except Timeout as error:
        message = f"Another process has been building the index in {folder.parent} for too long."
        raise StoreError(f"{message} Stop it, then start again.") from error
    except (OSError, ChromaError) as error:  # Chroma has its own error for a full disk
        reason = error.strerror if isinstance(error, OSError) else None
        message = f"The index cannot be written to {folder.parent} ({reason or error})."
        raise StoreError(f"{message} Free space or set TUTOR_HOME to a writable folder.") from error


def open_if_intact(folder: Path, mark: str) -> Index | None:
    """The index in a folder, or None if it is not there or damaged; damage is logged.

    NoRoom if it could be opened, were there room for its copy.
    """
    if not folder.exists():
        return None
    try:
        return open_intact(folder, mark)
    except NoRoom:
        raise
    # Chroma raises its own errors, sqlite3's, and plain RuntimeErrors from its Rust core; whatever
    # it is, the remedy is the same: build again.
    except Exception as error:
        log.warning("index %s is damaged (%s) and will be built again", folder, error)
        return None


def open_intact(folder: Path, mark: str) -> Index:
    """Open a copy of an index folder; StoreError if its files are not what the build left."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["files"] != hashes(folder):
        raise StoreError("its files have changed")
    index = open_copy(folder, mark)
    if len(index) != manifest["entries"]:
        raise StoreError(f"it holds {len(index)} entries, not {manifest['entries']}")
    return index


def build(
    folder: Path,
    chunks: Sequence[Chunk],
    embedder: Embedder,
    report: Count | None,
    outside: Sequence[str],
    written: Sequence[Chunk],
) -> None:
    """Embed everything into a new folder, then move it to its place."""
    beside = folder.with_name(f"{folder.name}.{os.getpid()}.building")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        entries, questions = entries_of(chunks), questions_of(written)
        texts = [*outside, *(entry.text for entry in [*entries, *questions])]
        vectors = embed_all(texts, embedder, report)
        np.save(beside / OUTSIDE, vectors[: len(outside)])
        vectors = vectors[len(outside) :]
        client = open_client(beside)
        try:
            add_entries(client, COLLECTION, entries, vectors[: len(entries)])
            add_entries(client, ANSWERS, questions, vectors[len(entries) :])
        finally:
            client.close()
        count = len(entries) + len(questions)
        manifest = {"entries": count, "embedder": embedder.name, "files": hashes(beside)}
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def embed_all(texts: Sequence[str], embedder: Embedder, report: Count | None = None) -> Vectors:
    """Unit vectors (text, dimension); in batches of similar length, which wastes little padding.

    What people ask stands beside guide and answers, often in the same words: each text is embedded
    once.
    """
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    place = {text: number for number, text in enumerate(distinct)}
    found: list[Vector] = []
    for start in range(0, len(distinct), BATCH):
        found += list(embedder.embed(distinct[start : start + BATCH]))
        if report:
            report(len(found), len(distinct))
    if not found:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack(found)[[place[text] for text in texts]]


def add_entries(client: Any, name: str, entries: Sequence[Entry], vectors: Vectors) -> None:
    """Add to a new collection of Chroma's, through LlamaIndex."""
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = client.create_collection(
        name, embedding_function=None, configuration={"hnsw": GRAPH}
    )
    store = ChromaVectorStore(chroma_collection=collection)
    for start in range(0, len(entries), ADDED):
        pairs = zip(entries[start : start + ADDED], vectors[start : start + ADDED], strict=True)
        nodes = [
            TextNode(
                id_=entry.id,
                text=entry.text,
                embedding=vector.tolist(),
                metadata={
                    "chunk": entry.chunk.id,
                    "side": entry.side,
                    "number": entry.chunk.number,
                    "category": entry.chunk.category,
                    "section": entry.chunk.section,
                },
            )
            for entry, vector in pairs
        ]
        store.add(list(nodes))


def add_vectors(client: Any, name: str, vectors: Vectors) -> None:
    """Keep vectors alone in a new collection, by their places."""
    collection = client.create_collection(name, embedding_function=None)
    for start in range(0, len(vectors), ADDED):
        part = vectors[start : start + ADDED]
        collection.add(
            ids=[str(start + number) for number in range(len(part))], embeddings=part.tolist()
        )


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an index but its manifest, by relative path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def delete_old(newest: Path) -> None:
    """Keep the last few indexes of this home; what cannot be deleted is left."""
    folders = [path for path in newest.parent.iterdir() if (path / MANIFEST).is_file()]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in folders[KEPT_INDEXES:]:
        if folder != newest:
            shutil.rmtree(folder, ignore_errors=True)
