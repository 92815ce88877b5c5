"""A server of the tutor in a process of its own, for what is measured from outside."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

WAIT = 300.0  # seconds


@contextlib.contextmanager
def served(
    log: Path | None = None, **settings: object
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address and the process of a server with these settings; it ends with the block.

    The server may not be up yet. What it complains of is seen, or written to `log`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {f"TUTOR_{name.upper()}": str(value) for name, value in settings.items()}
    with log.open("wb") if log else contextlib.nullcontext() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor", "serve", "--port", str(port)],
            cwd=ROOT, env=os.environ | given, stdout=subprocess.DEVNULL, stderr=complaints,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait(30)


def call(url: str, name: str, *arguments: str) -> Any:
    """The result of one of the page's API functions."""
    body = json.dumps({"data": arguments}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/gradio_api/call/{name}", body, headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{url}/gradio_api/call/{name}/{event}", timeout=120) as stream:
        for line in stream:
            if line.startswith(b"data: ["):
                return json.loads(line[6:])[0]
    raise RuntimeError(f"{name} gave no result")


def wait(done: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Return once `done()` is true; errors of a server that is not up yet count as not done.

    RuntimeError after WAIT seconds, or once the server's process has ended.
    """
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and not (process and process.poll() is not None):
        try:
            if done():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")
