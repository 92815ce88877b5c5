"""Two processes behind nginx, below a path and behind TLS: what a visitor sees of it is nothing.

nginx runs with deploy/nginx.conf, in which only addresses are put in place.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SMOLLM2, end, free_port, start, visitor, wait_for
from tests.conftest import ROOT
from tutor.engine.catalog import named
from tutor.engine.models import status
from tutor.settings import read_settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000  # milliseconds for an answer of a busy machine
LOADED = 400.0  # seconds for two replicas that load at once
OPTIONS = ("--root-path", "/tutor", "--model", SMOLLM2, "--max-tokens", "24")
# Whether an answer was seen while it grew, and not only when it was whole.
WATCH = """() => {
  window.grew = false;
  new MutationObserver(() => {
    if (document.querySelector("#chat .adding")) window.grew = true;
  }).observe(document.body, { childList: true, subtree: true });
}"""


@dataclass
class Site:
    """Replicas by port, and the address they are behind."""

    url: str
    replicas: dict[int, "subprocess.Popen[bytes]"]

    def replace(self, port: int) -> None:
        """Kill a replica and put another one in its place."""
        self.replicas[port].kill()
        self.replicas[port].wait()
        self.replicas[port] = start(port, *OPTIONS)
        wait_for(f"http://127.0.0.1:{port}/health", LOADED)


def need(program: str, package: str) -> None:
    """Go on with a program alone: on CI a missing one is a failure, elsewhere a skip."""
    if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
        message = f"needs {program} (Debian: apt install {package})"
        assert not os.environ.get("CI"), message
        pytest.skip(message)


def configured(folder: Path, port: int, ports: list[int]) -> Path:
    """deploy/nginx.conf with the addresses of this test and a certificate."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=localhost"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    secure = (
        f"listen 127.0.0.1:{port} ssl; ssl_certificate {folder}/cert.pem; "
        f"ssl_certificate_key {folder}/key.pem;"
    )
    servers = "\n".join(f"server 127.0.0.1:{one} max_fails=1 fail_timeout=5s;" for one in ports)
    for old, new in (
        ("listen 8080;", secure),
        ("server app:7860 max_fails=1 fail_timeout=5s;", servers),
        ("/tmp/nginx", f"{folder}/nginx"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx with two replicas that answer from the guide."""
    need("nginx", "nginx-light")
    need("openssl", "openssl")
    if status(named(SMOLLM2), read_settings().home).path is None:
        pytest.skip(f"needs a model: python -m tutor pull {SMOLLM2}")
    ports = [free_port() for _ in range(2)]
    port = free_port()
    path = configured(tmp_path_factory.mktemp("nginx"), port, ports)
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    site = Site(f"https://127.0.0.1:{port}/tutor", {one: start(one, *OPTIONS) for one in ports})
    nginx = subprocess.Popen([found, "-c", path, "-e", "stderr"], stderr=subprocess.DEVNULL)
    try:
        for one in ports:
            wait_for(f"http://127.0.0.1:{one}/health", LOADED)
        yield site
    finally:
        for process in (nginx, *site.replicas.values()):
            end(process)


def replica_of(page, site: Site) -> int:
    """The port of the replica that serves a visitor, by the name that each process gives itself."""
    mine = page.context.request.get(f"{site.url}/gradio_api/app_id").json()["app_id"]
    for port in site.replicas:
        there = page.context.request.get(f"http://127.0.0.1:{port}/gradio_api/app_id").json()
        if there["app_id"] == mine:
            return port
    raise AssertionError("served by nobody")


def ask(page, question: str) -> None:
    """Ask in the box and wait until the answer is whole."""
    answers = page.locator("#chat .bot.message")
    before = answers.count()
    page.evaluate(WATCH)
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    expect(answers).to_have_count(before + 1, timeout=PATIENCE)
    expect(answers.last.locator(".adding")).to_have_count(0, timeout=PATIENCE)
    expect(answers.last).to_contain_text("Practise this", timeout=PATIENCE)
    assert page.evaluate("window.grew")


@pytest.fixture
def visitors(browser, site) -> Iterator[dict[int, object]]:
    """A visitor of each replica, by its port."""
    opened: dict[int, object] = {}
    contexts = []
    for _ in range(20):
        context = visitor(browser, site.url, ignore_https_errors=True)
        page = context.__enter__()
        contexts.append(context)
        page.goto(f"{site.url}/")
        page.wait_for_selector("#box textarea", timeout=PATIENCE)
        opened.setdefault(replica_of(page, site), page)
        if len(opened) == len(site.replicas):
            break
    yield opened
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("address", "seen", "text"),
    [
        ("/", "#chat", "Prepare for your LLM interview"),
        ("/guide?q=12", "#article h2", "Q12:"),
        ("/practice", "#asked, main", "Practice"),
        ("/lab?demo=tokenization", "#tab-tokenization", "token"),
        ("/progress", "#progress, main", "Progress"),
        ("/?ask=12", "#chat .bot.message", "Practise this"),
    ],
)
def test_every_address_works_below_the_path(browser, site, address, seen, text):
    with visitor(browser, site.url, ignore_https_errors=True) as page:
        missing: list[str] = []
        page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
        page.goto(f"{site.url}{address}")
        expect(page.locator(seen).first).to_contain_text(text, timeout=PATIENCE)
        outside = page.eval_on_selector_all(
            "a[href], img[src]",
            "(found, top) => found.map((e) => e.href || e.src).filter((a) => !a.startsWith(top))",
            site.url,
        )
        assert [one for one in outside if "127.0.0.1" in one] == []
        assert missing == []


def test_a_replica_is_replaced_and_nobody_starts_again(visitors, site):
    assert len(visitors) == 2
    (gone, theirs), (_, others) = visitors.items()
    for page in (theirs, others):
        ask(page, "What is top-p sampling?")
    site.replace(gone)
    for page in (others, theirs):
        ask(page, "How does LoRA save memory?")
        expect(page.locator("#chat .user.message")).to_have_count(2)
        expect(page.locator("#chat")).to_contain_text("What is top-p sampling?")
        expect(page.locator(".toast-body")).to_have_count(0)
