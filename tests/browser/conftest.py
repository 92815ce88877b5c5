"""A served page in a process of its own, and Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import ROOT
from tutor.engine.catalog import named
from tutor.engine.models import status
from tutor.settings import read_settings

SMOLLM2 = "smollm2-135m"
START = 120.0  # seconds until the page must be up


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of `python -m tutor serve` with the real small model."""
    if status(named(SMOLLM2), read_settings().home).path is None:
        pytest.skip(f"needs a model: python -m tutor pull {SMOLLM2}")
    with serving("--model", SMOLLM2) as url:
        yield url


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of `python -m tutor serve` in a process of its own; ended at the end."""
    port = free_port()
    process = start(port, *options)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        end(process)


def start(port: int, *options: str) -> "subprocess.Popen[bytes]":
    """`python -m tutor serve` on a port, in a process of its own that the caller ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "tutor", "serve", "--port", str(port), *options],
        cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process as a host does: asked first, then made to."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(url: str, patience: float = START) -> None:
    """Return once the page answers, within seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"{url} did not come up")


@pytest.fixture(scope="session")
def playwright() -> Iterator[object]:
    """Playwright, which can be started only once in a process."""
    need_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright) -> Iterator[object]:
    """Chromium without a window."""
    with launched(playwright) as chromium:
        yield chromium


def need_chromium() -> None:
    """Go on with Chromium alone: on CI a missing one is a failure, elsewhere a skip."""
    if browser_path() is None:
        message = "needs Chromium (Debian: apt install chromium)"
        assert not os.environ.get("CI"), message
        pytest.skip(message)


def browser_path() -> str | None:
    """Where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launched(playwright, *more: str) -> Iterator[object]:
    """The installed Chromium with some arguments more; closed at the end."""
    chromium = playwright.chromium.launch(
        executable_path=browser_path(),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
              "--no-first-run", *more],
    )  # fmt: skip
    yield chromium
    chromium.close()


@contextmanager
def chromium() -> Iterator[object]:
    """Chromium for a program that has started no Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


@pytest.fixture
def page(browser, address) -> Iterator[object]:
    """A fresh visitor on the page, where the conversation is."""
    with visitor(browser, address) as opened:
        opened.goto(address)
        opened.wait_for_selector("#box textarea")
        yield opened


@contextmanager
def visitor(browser, address: str, **options) -> Iterator[object]:
    """A browser's empty tab. Nothing may be asked of any other host; no script may fail."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, **options)
    opened = context.new_page()
    foreign, failures = [], []

    def watch(request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            foreign.append(request.url)

    opened.on("request", watch)
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("dialog", lambda dialog: failures.append(f"dialog: {dialog.message}"))
    yield opened
    context.close()
    assert foreign == []
    assert failures == []
