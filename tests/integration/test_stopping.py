"""SIGTERM in mid-answer: what is nearly there is sent whole, and the process ends well."""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser.conftest import free_port, wait_for
from tests.conftest import ROOT

pytestmark = [pytest.mark.model, pytest.mark.slow]

QUESTION = "Why would top-p keep only one token?"  # the model goes on from the guide's passage


class Slow(http.server.BaseHTTPRequestHandler):
    """A language model that says a word, waits until it may go on, and ends."""

    protocol_version = "HTTP/1.0"
    asked = threading.Event()
    goes_on = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.say("LoRA")
        type(self).asked.set()
        if type(self).goes_on.wait(120):
            self.say(" trains.")
            self.wfile.write(b"data: [DONE]\n\n")

    def say(self, text: str) -> None:
        event = {"choices": [{"index": 0, "delta": {"content": text}}]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def model() -> Iterator[str]:
    """The slow model's address."""
    Slow.asked.clear()
    Slow.goes_on.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    Slow.goes_on.set()
    server.shutdown()
    server.server_close()


@contextmanager
def served(*options: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """`python -m tutor serve` whose model is there, and its address; ended in any case."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "serve", "--port", str(port), *options],
        cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/health", 400)
        while not health(url)["ready"]:
            time.sleep(0.5)
        yield process, url
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def health(url: str) -> dict[str, object]:
    with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
        return json.load(answer)


def ask(url: str) -> str:
    """Send a question; the address of its answer."""
    body = json.dumps({"data": [QUESTION, ""]}).encode()
    request = urllib.request.Request(
        f"{url}/gradio_api/call/ask", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return f"{url}/gradio_api/call/ask/{json.load(answer)['event_id']}"


def read(address: str, into: list[str]) -> None:
    """Read an answer to its end, or until the line is cut."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            into.extend(line.decode() for line in answer)
    except OSError as error:
        into.append(f"cut: {error}")


def test_an_answer_that_is_nearly_there_is_sent_whole(model):
    with served("--model", model) as (process, url):
        lines: list[str] = []
        reader = threading.Thread(target=read, args=(ask(url), lines))
        reader.start()
        assert Slow.asked.wait(120)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        with pytest.raises(urllib.error.HTTPError, match="503"):  # a proxy learns of it
            health(url)
        Slow.goes_on.set()
        reader.join(120)
        assert "event: complete\n" in lines, lines
        assert process.wait(60) == 0
        assert b"Traceback" not in process.stderr.read()


def test_an_answer_that_does_not_end_holds_nobody_up(model):
    with served("--model", model) as (process, url):
        reader = threading.Thread(target=read, args=(ask(url), []))
        reader.start()
        assert Slow.asked.wait(120)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not Slow.goes_on.is_set()  # it ended without the model's last word
        reader.join(120)
