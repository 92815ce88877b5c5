"""The page within a frame of another origin, as a Space shows it, with and without storage.

The page is served as `localhost`. Another port of it is another origin of the same site, which a
browser lets store something; `127.0.0.1` is another site, for which browsers may refuse it.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.test_progress import REFUSED, record_file
from tests.browser.test_visit import WAIT

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]


@pytest.fixture
def port(address) -> Iterator[int]:
    """Where a server of our own shows the page in a frame."""
    framed = address.replace("127.0.0.1", "localhost")
    html = f"""<!doctype html><title>A course</title><h1>A course</h1>
        <iframe id="tutor" src="{framed}" width="1200" height="820"
          allow="microphone; clipboard-write"></iframe>"""

    class Course(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Course)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("host", "keeps"), [("localhost", True), ("127.0.0.1", False)])
def test_what_a_learner_does_works_in_a_frame(browser, port, host, keeps, tmp_path):
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    tab = context.new_page()
    failures: list[str] = []
    tab.on("pageerror", lambda error: failures.append(str(error)))
    if not keeps:  # whatever this browser would do
        tab.add_init_script(REFUSED)
    tab.goto(f"http://{host}:{port}")
    frame = tab.frame_locator("#tutor")
    frame.get_by_text("Answering with").wait_for(timeout=WAIT)
    box = frame.locator("#box textarea")
    box.fill("Why would top-p keep only one token?")
    box.press("Enter")
    answer = frame.locator("#chat .bot.message").last
    answer.get_by_text("A single token can hold at least p").wait_for()
    frame.locator("#box button.submit-button").wait_for(timeout=WAIT)
    answer.locator('a[href^="#src-"]').first.click()
    frame.locator(".source.shown").wait_for()
    frame.get_by_role("link", name="Progress").click()
    frame.locator("#rings .ring").first.wait_for()
    forgetful = frame.get_by_text("This browser keeps nothing")
    forgetful.wait_for(state="hidden" if keeps else "visible")
    frame.locator("#load").set_input_files(record_file(tmp_path))
    frame.get_by_text("Loaded: 1 new entry.").wait_for()
    frame.get_by_role("link", name="Tutor").click()
    again = frame.locator("#chat .bot.message").get_by_text("A single token can hold at least p")
    again.wait_for()
    context.close()
    assert failures == []
