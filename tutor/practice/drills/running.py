"""Runs a visitor's line in a process of its own (`confined.py`) and brings its values back.

Only values come back, as JSON that is as untrusted as the line: who asks compares them with values
of their own. Nothing here runs the line in this process.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from tutor.practice.drills import confined

SECONDS = 10.0  # until a process is ended, waiting for the processor included
AT_ONCE = 2
PATIENCE = 15.0  # seconds that a visitor waits for a free place

BUSY = "Your last line is still running."
FULL = "Too many lines are running just now. Try again in a moment."
ENDLESS = "It did not end in time and was stopped. Is there a loop?"
ELSE = "It broke off, or tried to do something other than compute."
MUCH = "It gave back too much to read."
REFUSED = "This machine cannot run a line of yours safely, so the code drills are off here."
FAILED = "Python cannot run it:"
HUGE = f"It wants more than {confined.MEMORY // 2**20} MB of memory."


@dataclass(frozen=True)
class Ran:
    """What a run brought: values, one for each case, or in `problem` why some or all are missing.
    What the process said itself is in `said`, on one line: the visitor may have made it up."""

    values: tuple[Any, ...] = ()
    problem: str = ""
    said: str = ""

    @property
    def outside(self) -> bool:
        """Whether the line never ran, through no fault of its own."""
        return self.problem in (BUSY, FULL, REFUSED)


class Runner:
    """Where lines are run: one at a time for each visitor, a few for all."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS):
        """`seconds` is how long a process may live."""
        self._places = threading.BoundedSemaphore(at_once)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._running: set[str] = set()

    def run(self, visitor: str, source: str, name: str, cases: Sequence[Sequence[Any]]) -> Ran:
        """The values of a function of `source` for all cases. Raises nothing of the visitor's."""
        if os.name != "posix" or not sys.executable:
            return Ran(problem=REFUSED)
        with self._turn_of(visitor) as problem:
            if problem:
                return Ran(problem=problem)
            job = json.dumps({"source": source, "name": name, "cases": list(cases)})
            try:
                status, said = started(job, self._seconds)
            except OSError:  # no process or no file to be had
                return Ran(problem=FULL)
        return read_answer(status, said, len(cases))

    @contextmanager
    def _turn_of(self, visitor: str) -> Iterator[str]:
        """A place for this visitor, or in a sentence why there is none."""
        with self._lock:
            busy = visitor in self._running
            self._running.add(visitor)
        if busy:
            yield BUSY
            return
        try:
            if not self._places.acquire(timeout=PATIENCE):
                yield FULL
                return
            try:
                yield ""
            finally:
                self._places.release()
        finally:
            with self._lock:
                self._running.discard(visitor)


def started(job: str, seconds: float) -> tuple[int, str]:
    """Exit status and output of one confined process; the status is negative for a signal.

    It starts with nothing: no environment, an empty folder, a group of its own that is killed at
    the end whatever happened. It writes to a file whose size the kernel limits, so that nothing has
    to be read while it runs.
    """
    script = files("tutor.practice.drills") / "confined.py"
    with (
        as_file(script) as path,
        tempfile.TemporaryDirectory(prefix="tutor-line-") as folder,
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as said,
    ):
        given.write(job.encode())
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(path)],
            stdin=given, stdout=said, stderr=subprocess.DEVNULL,
            cwd=folder, env={}, start_new_session=True, close_fds=True,
        )  # fmt: skip
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        finally:
            kill_group(process)
        said.seek(0)
        return process.returncode, said.read(confined.WRITTEN + 1).decode(errors="replace")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it may have started."""
    with suppress(ProcessLookupError, PermissionError):  # nothing is left of its group
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def read_answer(status: int, said: str, count: int) -> Ran:
    """What a process said, if it has the shape it should have."""
    if status == confined.REFUSED:
        return Ran(problem=ELSE)
    if status in (-signal.SIGKILL, -signal.SIGXCPU):
        return Ran(problem=ENDLESS)
    if len(said) >= confined.WRITTEN:
        return Ran(problem=MUCH)
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        return Ran(problem=ELSE)
    if not isinstance(answer, dict):
        return Ran(problem=ELSE)
    values = answer.get("values")
    values = values if isinstance(values, list) else []
    if "refused" in answer:
        return Ran(problem=REFUSED, said=one_line(answer["refused"]))
    if "error" in answer:
        said = one_line(answer["error"])
        if said.startswith("MemoryError"):
            return Ran(problem=HUGE)
        return Ran(tuple(values[: count - 1]), FAILED, said)
    return Ran(tuple(values)) if len(values) == count else Ran(problem=ELSE)


def one_line(said: object) -> str:
    """What somebody else said, on one line and no longer than an error message."""
    return " ".join(str(said)[: confined.LONGEST_ERROR].split())
