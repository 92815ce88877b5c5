"""Replies made at once by the local model: python -m tests.bench.batch --visitors 2 4

Each visitor asks another thing and gets TOKENS tokens. For each number of visitors, one reply after
the other and all at once: new tokens a second over all visitors, until the last has everything, and
how many times that of one visitor alone it is. Where a processor is kept busy by a single reply, as
two cores are by 0.5B, sharing its passes over the weights gains little, and everybody waits longer.
"""

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tutor.engine.catalog import named
from tutor.engine.generate import Message, Sampling, Usage
from tutor.engine.llama import LlamaEngine
from tutor.engine.models import status
from tutor.guide.read import read_guide
from tutor.settings import Settings, read_settings

TOKENS = 64  # new ones a visitor
LIMIT = 300.0  # seconds a reply may take


def ask(engine: LlamaEngine, question: str) -> int:
    """How many tokens a reply has."""
    asked = Message("user", f"Explain at length: {question}")
    parts = engine.stream([asked], Sampling(max_tokens=TOKENS))
    return sum(part.generated for part in parts if isinstance(part, Usage))


def speed(settings: Settings, slots: int, visitors: int) -> float:
    """New tokens a second over all visitors."""
    path = status(named(settings.model), settings.home).path
    if path is None:
        raise SystemExit(f"The model is not there: python -m tutor pull {settings.model}")
    engine = LlamaEngine(
        path, settings.model, settings.threads, settings.context, LIMIT, visitors, slots
    )
    categories = read_guide(settings.corpus).categories
    titles = [question.title for one in categories for question in one.questions][:visitors]
    try:
        ask(engine, "What is a token?")  # the first reply sets up threads and caches
        begin = time.perf_counter()
        with ThreadPoolExecutor(visitors) as pool:
            tokens = sum(pool.map(lambda title: ask(engine, title), titles))
        return tokens / (time.perf_counter() - begin)
    finally:
        engine.close()


def main(argv: Sequence[str] | None = None) -> None:
    """Print a line for each number of visitors."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.batch")
    parser.add_argument("--visitors", type=int, nargs="+", default=[2, 4])
    options = parser.parse_args(argv)
    settings = read_settings()
    alone = speed(settings, 1, 1)
    print(f"{settings.model}, {settings.threads} threads: alone {alone:.1f} tokens/s")
    for visitors in options.visitors:
        for slots in (1, visitors):
            rate = speed(settings, slots, visitors)
            print(f"{visitors} visitors, {slots} at once: {rate:.1f}, {rate / alone:.2f} times")


if __name__ == "__main__":
    main()
