"""Start, memory and search times: python -m tests.bench.run

    start    from `python -m tutor serve` to the first served page, and to readiness
    memory   resident memory of that process when ready and after ten questions
    search   median and 95th percentile, for the guide and for one a hundred times as large,
             next to a plain dense search of Chroma in the same run

The large guide repeats the real chunks with other words mixed in and random vectors, because
embedding it would take an hour; what is timed, the search, does the same work on it.
"""

import argparse
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.bench.served import call, served, wait
from tests.eval.sets import read
from tutor.engine.embed import Embedder, Vectors
from tutor.guide.chunks import Chunk
from tutor.search.fitted import read_fitted
from tutor.search.index import open_or_build
from tutor.search.retrieve import Retriever
from tutor.settings import read_settings
from tutor.start import Library, open_library

TEN = 10


def resident(pid: int) -> float:
    """Resident memory of a process in MiB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def start_up() -> None:
    """Serve, wait for the page and for readiness, ask ten questions."""
    begin = time.perf_counter()
    with served() as (url, process):
        wait(lambda: urllib.request.urlopen(url, timeout=5).status == 200)
        print(f"first page after       {time.perf_counter() - begin:6.1f} s")
        wait(lambda: bool(call(url, "health")["ready"]))
        print(f"ready after            {time.perf_counter() - begin:6.1f} s")
        print(f"resident when ready    {resident(process.pid):6.0f} MiB")
        for case in read("questions", "test")[:TEN]:
            call(url, "ask", case.question, "")
        print(f"after ten questions    {resident(process.pid):6.0f} MiB")


class WithRandomTexts:
    """The real embedder for questions; random vectors for the texts of the large guide."""

    def __init__(self, embedder: Embedder):
        """Seeded, so that runs compare."""
        self._embedder = embedder
        self._random = np.random.default_rng(0)
        self.name, self.window, self.filling = "random", embedder.window, True
        self.count, self.knows = embedder.count, embedder.knows

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors."""
        if not self.filling:
            return self._embedder.embed(texts)
        vectors = self._random.standard_normal((len(texts), 384)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def multiplied(chunks: Sequence[Chunk], times: int) -> list[Chunk]:
    """The chunks `times` over, as other guide questions with some words of their own."""
    return [
        replace(
            chunk,
            id=f"{chunk.id}-{n}",
            number=chunk.number + 1000 * n,
            embedded=f"{chunk.embedded} word{n} term{n}",
        )
        for n in range(times)
        for chunk in chunks
    ]


def timed(searches: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = []
    for search in searches:
        begin = time.perf_counter()
        search()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def search_times(library: Library, times: int) -> None:
    """Search in the guide and in a large one, and the plain dense search as the baseline."""
    questions = [case.question for case in read("questions", "test")]
    embedder, index = library.embedder, library.index

    def dense(question: str) -> object:
        return index.nearest(embedder.embed([question])[0], 8)

    base = timed([lambda q=q: dense(q) for q in questions])  # type: ignore[misc]
    here = timed([lambda q=q: library.retriever.search(q) for q in questions])  # type: ignore[misc]
    show("dense search alone", base, base)
    show(f"search, {len(index):,} entries", here, base)
    with tempfile.TemporaryDirectory() as folder:
        random = WithRandomTexts(embedder)
        chunks = multiplied(library.chunks, times)
        large = open_or_build(Path(folder), chunks, random, outside=library.guide.outside)
        random.filling = False
        retriever = Retriever(large, random, chunks, library.retriever.reader, read_fitted())
        there = timed([lambda q=q: retriever.search(q) for q in questions])  # type: ignore[misc]
        show(f"search, {len(large):,} entries", there, base)
        large.close()


def show(name: str, taken: tuple[float, float], base: tuple[float, float]) -> None:
    """One line: median, 95th percentile, ratio of the medians."""
    ratio = taken[0] / base[0]
    print(f"{name:26} median {taken[0]:7.1f} ms   p95 {taken[1]:7.1f} ms   x{ratio:.1f}")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--times", type=int, default=100, help="size of the large guide; 100 builds for an hour"
    )
    options = parser.parse_args(argv)
    start_up()
    library = open_library(read_settings(), lambda *_: None)
    search_times(library, options.times)
    library.index.close()


if __name__ == "__main__":
    main()
