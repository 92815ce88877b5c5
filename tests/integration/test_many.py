"""Visitors as a public address has them: a thousand who say nothing, posts of any size, lines that
are slow or cut. Whoever asks is answered."""

import asyncio
import contextlib
import os
import random
import resource
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager

import httpx
import pytest

from tests.bench.load import Server, Visit, follow
from tests.bench.served import WAIT
from tests.browser.conftest import end, free_port, wait_for
from tests.conftest import ROOT
from tests.integration.visiting import LIMIT, visiting

pytestmark = [pytest.mark.slow]

ASKED = "Why would top-p keep only one token?"
FEW_FILES = 256  # open at once, where the server begins
SILENT = 1000
PACE = 40_000  # bytes a second of a slow line
LATENCY = 0.3  # seconds of it, each way


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server without a model that begins with few files to open; its port."""
    port = free_port()

    def confine() -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard))

    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "serve", "--port", str(port), "--model", "none"],
        cwd=ROOT, env=os.environ | {"TUTOR_PANEL": ""}, preexec_fn=confine,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}", WAIT)
        wait_until_ready(port)
        yield port
    finally:
        end(process)


def wait_until_ready(port: int) -> None:
    """Return once questions are answered."""
    deadline = time.monotonic() + WAIT
    while (answer := httpx.get(f"http://127.0.0.1:{port}/health", timeout=LIMIT)).is_error:
        assert not answer.json()["problem"], answer.json()
        assert time.monotonic() < deadline
        time.sleep(0.5)


async def is_answered(server: Server) -> None:
    """Whoever asks gets the guide's passage."""
    chat = await asyncio.wait_for(follow(server, ASKED, Visit()), LIMIT)
    assert "top-p" in str(chat[-1]["content"])


def test_a_thousand_who_connect_and_say_nothing(port):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard > 2 * SILENT, "this machine allows too few open files for the test"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * SILENT), hard))
    try:
        with ExitStack() as stack:
            for number in range(SILENT):
                line = stack.enter_context(socket.create_connection(("127.0.0.1", port), LIMIT))
                if number % 2:
                    line.sendall(b"GET /config HTTP/1.1\r\nHost: x\r\nX-Half:")
            visiting(f"http://127.0.0.1:{port}", is_answered)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_post_of_a_hundred_thousand_characters_is_said_to_be_too_long(port):
    async def story(server: Server) -> None:
        for text in ("x" * 100_000, "🙂" * 100_000, "a b " * 25_000):
            chat = await asyncio.wait_for(follow(server, text, Visit()), LIMIT)
            assert "characters" in str(chat[-1]["content"])
            assert len(str(chat)) < 20_000
        await is_answered(server)

    visiting(f"http://127.0.0.1:{port}", story)


def test_what_is_no_request_of_the_page_changes_nothing(port):
    async def story(server: Server) -> None:
        dice = random.Random(0)
        bodies = [
            b"",
            b"{",
            b"[]",
            b'{"data": null, "fn_index": 0}',
            b'{"data": [], "fn_index": 1e9, "session_hash": "x"}',
            b'{"data": [[[[]]]], "fn_index": -1, "session_hash": null}',
            dice.randbytes(100_000),
            b"[" * 100_000,
        ]
        for body in bodies:
            for path in ("run/predict", "queue/join"):
                headers = {"Content-Type": "application/json"}
                with contextlib.suppress(httpx.NetworkError):  # it may hang up before the end
                    answer = await server.client.post(path, content=body, headers=headers)
                    assert answer.status_code >= 400, (path, body[:40])
        await is_answered(server)

    visiting(f"http://127.0.0.1:{port}", story)


@asynccontextmanager
async def slow_line(port: int, most: float = float("inf")) -> AsyncIterator[int]:
    """The port of a line to `port` that is slow, and cut after so many bytes have come back."""

    going: set[asyncio.Task[None]] = set()

    async def carry(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, room: float
    ) -> None:
        while (part := await reader.read(4096)) and room > 0:
            await asyncio.sleep(LATENCY if len(part) < 4096 else len(part) / PACE)
            writer.write(part[: int(min(len(part), room))])
            await writer.drain()
            room -= len(part)

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        ways = carry(reader, back, float("inf")), carry(there, writer, most)
        both = {asyncio.create_task(way) for way in ways}
        going.update(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for way in both:
            way.cancel()
        for end_of_line in (back, writer):
            end_of_line.close()

    server = await asyncio.start_server(come, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*going, return_exceptions=True)


def test_a_slow_line_is_served_and_holds_nobody_up(port):
    async def story(server: Server) -> None:
        async with slow_line(port) as slow:
            url = f"http://127.0.0.1:{slow}/gradio_api/"
            async with httpx.AsyncClient(base_url=url, timeout=LIMIT) as client:
                late = Visit()
                going = asyncio.create_task(follow(Server(client, server.events), ASKED, late))
                await asyncio.sleep(LATENCY)
                await is_answered(server)
                assert not going.done()
                chat = await asyncio.wait_for(going, LIMIT)
                assert "top-p" in str(chat[-1]["content"])

    visiting(f"http://127.0.0.1:{port}", story)


def test_a_line_that_is_cut_in_mid_answer_leaves_the_others(port):
    async def story(server: Server) -> None:
        for most in (1, 200, 2000):
            async with slow_line(port, most) as slow:
                url = f"http://127.0.0.1:{slow}/gradio_api/"
                async with httpx.AsyncClient(base_url=url, timeout=LIMIT) as client:
                    with pytest.raises((httpx.HTTPError, RuntimeError)):
                        await follow(Server(client, server.events), ASKED, Visit())
            await is_answered(server)

    visiting(f"http://127.0.0.1:{port}", story)
