"""Runs what makes a reply on a thread of its own, so that whoever waits for it can be called away.

A library that computes, or a server that is silent, cannot be interrupted; waiting for it can.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator
from typing import TypeVar

from tutor.engine.generate import Stopped
from tutor.errors import EngineError

POLL = 0.1  # seconds between looks at `stopped`
BEAT = 1.0  # seconds without news after which a None is passed on

T = TypeVar("T")
Give = Callable[[T], bool]  # takes what was made; true asks to stop


def apart(
    make: Callable[[Give[T]], None], seconds: float, stopped: Stopped | None, join: bool
) -> Generator[T | None, None, None]:
    """What `make` gives away, as it comes, and a None for every second in which nothing does.

    Ends when `make` does or once `stopped()`. Left early, it tells `make` to stop, and with `join`
    waits until it has. Raises what `make` raises, and EngineError after so many seconds.
    """
    made: queue.SimpleQueue[tuple[T | None, BaseException | None, bool]] = queue.SimpleQueue()
    left = threading.Event()

    def give(item: T) -> bool:
        made.put((item, None, False))
        # Whoever waits may not look again: a page whose server ends takes nothing more.
        return left.is_set() or bool(stopped and stopped())

    def run() -> None:
        error: BaseException | None = None
        try:
            make(give)
        except Exception as raised:
            error = raised  # passed on to whoever waits, with its traceback
        made.put((None, error, True))

    thread = threading.Thread(target=run, name="reply", daemon=True)
    deadline = time.monotonic() + seconds
    thread.start()
    try:
        beat = time.monotonic()
        while not (stopped and stopped()):
            if time.monotonic() > deadline:
                message = f"The model took longer than {seconds:.0f} s."
                raise EngineError(f"{message} Ask again, or raise TUTOR_TIMEOUT.")
            try:
                item, error, ended = made.get(timeout=POLL)
            except queue.Empty:
                if time.monotonic() > beat + BEAT:
                    beat = time.monotonic()
                    yield None
                continue
            if error:
                raise error
            if ended:
                return
            yield item
    finally:
        left.set()
        if join:
            thread.join(seconds)
