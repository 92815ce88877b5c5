"""The index on a Chroma server: built once by whoever comes first, read by many processes.

    tutor-MARK                     the guide's entries; its metadata names the other two
    tutor-MARK-answers-BUILDER     the questions of written answers
    tutor-MARK-outside-BUILDER     what the guide leaves out
    tutor-MARK-building            the lock of a build; its metadata says how far the build is

MARK is the fingerprint of all that an index depends on. A server has no locks, but it lets only one
collection have a name. So the lock is a collection that only one process can create, and a build
counts once its guide has got its final name: if two should build nevertheless, the first one counts
and the other's is deleted. Processes say now and then that they read; a version is deleted only by
`python -m tutor index --prune`, when nobody has said so for a day.
"""

import logging
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from tutor.engine.embed import Embedder, Vectors
from tutor.errors import StoreError
from tutor.guide.chunks import Chunk
from tutor.search.index import (
    Count,
    Index,
    add_entries,
    add_vectors,
    embed_all,
    entries_of,
    fingerprint,
    import_chroma,
    questions_of,
)

log = logging.getLogger(__name__)

PREFIX = "tutor-"
BUILDING = "building"
LOOK = 1.0  # seconds between looks at another process's build
SILENT = 120.0  # seconds without progress after which a build counts as given up
PATIENCE = 30.0  # seconds until a server that does not answer counts as away
READ_EVERY = 600.0  # seconds between two notes that a version is read
UNREAD = (
    86400.0  # seconds after which a version may be deleted: many missed notes, and clocks apart
)


@dataclass(frozen=True)
class Version:
    """An index on the server: its mark, its size, and for how many seconds nobody has read it."""

    mark: str
    entries: int
    unread: float


class Away(StoreError):
    """The Chroma server does not answer, or not as it should."""


@contextmanager
def answering(address: str, *more: type[Exception]) -> Iterator[None]:
    """Says in one line what to do if the server at an address fails inside.

    Chroma has errors of its own, and passes those of httpx on; `more` count as well.
    """
    from chromadb.errors import ChromaError

    failures: tuple[type[Exception], ...] = (ChromaError, httpx.HTTPError, *more)
    try:
        yield
    except failures as error:
        detail = str(error).strip().partition("\n")[0][:200]
        message = f"The Chroma server at {address} failed ({detail or type(error).__name__})."
        raise Away(f"{message} Start it, chroma run --port 8000, or unset TUTOR_CHROMA.") from error


def connect(address: str) -> Any:
    """A client of the Chroma server at http://host:port; Away if there is none."""
    chromadb = import_chroma()
    from chromadb.config import Settings

    place = urlsplit(address)
    secure = place.scheme == "https"
    # A server that is not there is a ValueError, and so is the answer of one that is not Chroma.
    with answering(address, ValueError, KeyError):
        client = chromadb.HttpClient(
            host=place.hostname or "",
            port=place.port or (443 if secure else 8000),
            ssl=secure,
            settings=Settings(
                _env_file=None,  # type: ignore[call-arg]
                anonymized_telemetry=False,
                # It never closes them itself; a new one costs next to nothing.
                chroma_http_max_keepalive_connections=0,
            ),
        )
    # Chroma waits for ever, and has no setting for it.
    client._server._session.timeout = httpx.Timeout(PATIENCE)
    return client


@contextmanager
def closed_on_error(client: Any) -> Iterator[None]:
    """Closes a client if what is done inside fails."""
    try:
        yield
    except BaseException:
        client.close()
        raise


class Reading:
    """A collection on a server, to be asked; what fails is said in one line."""

    def __init__(self, collection: Any, address: str):
        self._collection = collection
        self._address = address

    def query(self, **options: Any) -> Any:
        """See Chroma's `Collection.query`."""
        with answering(self._address):
            return self._collection.query(**options)

    def count(self) -> int:
        """How many entries it has."""
        with answering(self._address):
            return int(self._collection.count())


def open_or_build_at(
    address: str,
    chunks: Sequence[Chunk],
    embedder: Embedder,
    report: Count | None = None,
    outside: Sequence[str] = (),
    written: Sequence[Chunk] = (),
) -> Index:
    """The index of these chunks on the server at `address`, built if it is not there.

    While another process builds it, its progress is reported. Raises Away, in one line, if the
    server cannot be reached or fails.
    """
    mark = fingerprint(chunks, embedder, outside, written)
    client = connect(address)
    with answering(address), closed_on_error(client):
        while (index := open_complete(client, address, mark)) is None:
            builder = secrets.token_hex(4)
            if take(client, mark, builder):
                try:
                    if find(client, name_of(mark)) is None:  # nobody was quicker
                        build(client, mark, builder, chunks, embedder, report, outside, written)
                finally:
                    drop(client, name_of(mark, BUILDING))
            else:
                wait_for_other(client, mark, report)
        return index


def name_of(*parts: str) -> str:
    """The name of a collection of an index."""
    return PREFIX + "-".join(parts)


def find(client: Any, name: str) -> Any | None:
    """A collection by its name, if there is one."""
    from chromadb.errors import NotFoundError

    try:
        return client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return None


def drop(client: Any, name: str) -> None:
    """Delete a collection, unless it is gone already."""
    from chromadb.errors import NotFoundError

    with suppress(NotFoundError):
        client.delete_collection(name)


def open_complete(client: Any, address: str, mark: str) -> Index | None:
    """A version of the server's, if it is there and whole; what is left of one is deleted."""
    guide = find(client, name_of(mark))
    if guide is None:
        return None
    facts = guide.metadata or {}
    answers = find(client, str(facts.get("answers")))
    left_out = find(client, str(facts.get("outside")))
    if (
        answers is None
        or left_out is None
        or (guide.count() + answers.count() != facts.get("entries"))
    ):
        log.warning("index %s at %s is damaged and will be built again", mark, address)
        drop(client, name_of(mark))
        return None
    stop = threading.Event()
    keep_read(guide, stop)

    def close() -> None:
        stop.set()
        client.close()

    topics = vectors_of(left_out, int(facts["dimension"]))
    return Index(mark, Reading(guide, address), Reading(answers, address), topics, close)


def vectors_of(collection: Any, dimension: int) -> Vectors:
    """The vectors of a collection in their order, shape (vectors, dimension)."""
    found = collection.get(include=["embeddings"])
    vectors = np.zeros((len(found["ids"]), dimension), dtype=np.float32)
    for name, vector in zip(found["ids"], found["embeddings"], strict=True):
        vectors[int(name)] = vector
    return vectors


def keep_read(guide: Any, stop: threading.Event) -> None:
    """Note that a version is read, now and from time to time until `stop`."""

    def note() -> None:
        guide.modify(metadata={**(guide.metadata or {}), "read": time.time()})

    def run() -> None:
        while not stop.wait(READ_EVERY):
            try:
                note()
            # The server is away or the version is gone: the next search says so to its visitor.
            except Exception as error:
                log.warning("the index's use could not be noted (%s)", error)

    note()
    threading.Thread(target=run, name="index-read", daemon=True).start()


def take(client: Any, mark: str, builder: str) -> bool:
    """Take the lock of a build; False if another process has it."""
    from chromadb.errors import ChromaError

    name = name_of(mark, BUILDING)
    try:
        client.create_collection(
            name, embedding_function=None, metadata={"builder": builder, "at": time.time()}
        )
    except ChromaError:  # it has no error of its own for a name that is taken
        if find(client, name) is None and find(client, name_of(mark)) is None:
            raise
        return False
    return True


def wait_for_other(client: Any, mark: str, report: Count | None) -> None:
    """Return once another process's build has ended or has made no progress for too long."""
    last: Any = None
    since = time.monotonic()
    while lock := find(client, name_of(mark, BUILDING)):
        facts = lock.metadata or {}
        if facts != last:
            last, since = facts, time.monotonic()
        elif time.monotonic() - since > SILENT:
            log.warning("the build of index %s was given up; building again", mark)
            drop(client, name_of(mark, BUILDING))
            return
        if report and facts.get("total"):
            report(int(facts["done"]), int(facts["total"]))
        time.sleep(LOOK)


def build(
    client: Any,
    mark: str,
    builder: str,
    chunks: Sequence[Chunk],
    embedder: Embedder,
    report: Count | None,
    outside: Sequence[str],
    written: Sequence[Chunk],
) -> None:
    """Embed everything into collections of the builder's own, then give the guide its name."""
    from chromadb.errors import ChromaError

    guide, answers, left_out = (
        name_of(mark, part, builder) for part in ("guide", "answers", "outside")
    )
    entries, questions = entries_of(chunks), questions_of(written)
    texts = [*outside, *(entry.text for entry in [*entries, *questions])]
    vectors = embed_all(texts, embedder, beating(client, mark, builder, report))
    done = False
    try:
        add_vectors(client, left_out, vectors[: len(outside)])
        vectors = vectors[len(outside) :]
        add_entries(client, answers, questions, vectors[len(entries) :])
        add_entries(client, guide, entries, vectors[: len(entries)])
        count = len(entries) + len(questions)
        facts = {
            "entries": count,
            "answers": answers,
            "outside": left_out,
            "dimension": vectors.shape[1],
            "read": time.time(),
        }
        try:
            client.get_collection(guide, embedding_function=None).modify(
                name=name_of(mark), metadata=facts
            )
            done = True
        except ChromaError:
            if find(client, name_of(mark)) is None:
                raise
            log.warning("index %s was built by another process meanwhile", mark)
    finally:
        if not done:
            for name in (guide, answers, left_out):
                drop(client, name)


def beating(client: Any, mark: str, builder: str, report: Count | None) -> Count:
    """A report of progress that others see on the server as well."""
    lock = client.get_collection(name_of(mark, BUILDING), embedding_function=None)

    def beat(done: int, total: int) -> None:
        from chromadb.errors import NotFoundError

        with suppress(NotFoundError):  # somebody took this build for given up: the first one counts
            lock.modify(
                metadata={"builder": builder, "at": time.time(), "done": done, "total": total}
            )
        if report:
            report(done, total)

    return beat


def versions(address: str) -> list[Version]:
    """The complete indexes on a server, the one read last first."""
    client = connect(address)
    try:
        with answering(address):
            return sorted(versions_of(client), key=lambda version: version.unread)
    finally:
        client.close()


def versions_of(client: Any) -> Iterator[Version]:
    """The complete indexes."""
    for collection in client.list_collections():
        mark = collection.name.removeprefix(PREFIX)
        if collection.name != mark and "-" not in mark:
            facts = collection.metadata or {}
            unread = max(0.0, time.time() - float(facts.get("read", 0)))
            yield Version(mark, int(facts.get("entries", 0)), unread)


def prune(address: str, unread: float = UNREAD) -> list[str]:
    """Delete versions that nobody has read for `unread` seconds, and what builds left behind.

    Returns the names of the collections that are gone.
    """
    client = connect(address)
    try:
        with answering(address):
            old = {found.mark for found in versions_of(client) if found.unread > unread}
            kept, building = set(), set()
            for collection in client.list_collections():
                facts, name = collection.metadata or {}, collection.name
                if name.endswith(f"-{BUILDING}") and time.time() - facts.get("at", 0) <= unread:
                    building.add(name.removesuffix(f"-{BUILDING}"))
                elif name.count("-") == 1 and name.removeprefix(PREFIX) not in old:
                    kept |= {name, facts.get("answers"), facts.get("outside")}
            gone = [
                collection.name
                for collection in client.list_collections()
                if collection.name.startswith(PREFIX)
                and collection.name not in kept
                and not collection.name.startswith(tuple(f"{name}-" for name in building))
            ]
            for name in gone:
                drop(client, name)
            return gone
    finally:
        client.close()
