"""Speaking and being spoken to: Chromium's own test microphone, and a voice that is kept."""

from types import SimpleNamespace

import pytest

from tests.browser.conftest import free_port, launched
from tests.conftest import CORPUS
from tests.unit.test_feedback import Words
from tutor.engine.embed import HashingEmbedder
from tutor.guide.read import read_guide
from tutor.practice.hearing import Heard
from tutor.settings import read_settings
from tutor.web.loading import Loading
from tutor.web.page import build_page
from tutor.web.serve import launch_options

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID = "top k keeps a fixed number of tokens and top p the smallest set that reaches p"
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
# What a browser with voices would say, kept; a sentence ends when the test says so.
VOICE = """
  window.said = [];
  Object.defineProperty(window, "speechSynthesis", { value: {
    speak: (words) => { window.said.push(words.text); window.words = words; },
    cancel: () => { window.words = null; },
  } });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


class Listener:
    """Hears the same thing in whatever a browser recorded."""

    def __init__(self):
        self.sounds = []

    def write(self, sound, about=""):
        self.sounds.append((sound, about))
        return Heard(SAID, 8.0)


class Ready(Loading):
    """What practising needs, without models."""

    hears = True
    listener = Listener()

    def hearing(self):
        return self.listener

    def grader(self):
        return Words()

    def library(self):
        return SimpleNamespace(embedder=HashingEmbedder())


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    settings = read_settings(
        model="none", port=free_port(), home=tmp_path_factory.mktemp("home"), corpus=CORPUS
    )
    page = build_page(Ready(settings), read_guide(CORPUS)).queue()
    page.launch(**launch_options(settings), prevent_thread_lock=True)
    yield f"http://127.0.0.1:{settings.port}"
    page.close()


@pytest.fixture
def visit(address):
    """Opens a place of the page in a browser with some arguments; no script may fail."""
    failures = []

    def opened(browser, place):
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.add_init_script(VOICE)
        page.goto(f"{address}/{place}")
        return page

    yield opened
    assert failures == []


def test_an_answer_given_aloud_is_written_and_timed(playwright, visit):
    with launched(playwright, *MICROPHONE) as browser:
        page = visit(browser, "practice?q=12")
        page.locator("#answer textarea").fill("I would say that")
        page.get_by_role("button", name="Answer aloud").click()
        page.get_by_role("button", name="Stop recording").wait_for()
        page.wait_for_function("document.querySelector('#tools .elapsed').textContent === '0:01'")
        assert page.get_by_role("button", name="Rehearse aloud").is_disabled()
        page.get_by_role("button", name="Stop recording").click()
        page.wait_for_function(
            "text => document.querySelector('#answer textarea').value.endsWith(text)", arg=SAID
        )
        assert page.locator("#answer textarea").input_value() == f"I would say that {SAID}"
        page.get_by_text("words may have been misheard").wait_for()
        sound, about = Ready.listener.sounds[-1]
        assert sound.startswith(b"\x1a\x45\xdf\xa3")  # WebM
        assert about == "Top-k vs top-p sampling?"
        page.locator("#answer textarea").fill(SAID)
        page.get_by_role("button", name="Check my answer").click()
        page.locator("#feedback").get_by_text("in 8 seconds, 128 a minute").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_microphone_that_is_refused_is_said(playwright, visit):
    with launched(
        playwright, "--use-fake-device-for-media-stream", "--deny-permission-prompts"
    ) as browser:
        page = visit(browser, "practice?q=12")
        page.get_by_role("button", name="Answer aloud").click()
        page.get_by_text("The microphone was not allowed").wait_for()
        assert page.get_by_role("button", name="Answer aloud").is_enabled()


def test_a_question_that_is_left_takes_its_recording_along(playwright, visit):
    with launched(playwright, *MICROPHONE) as browser:
        page = visit(browser, "practice?category=05_text_generation")
        heard = len(Ready.listener.sounds)
        page.get_by_role("button", name="Answer aloud").click()
        page.get_by_role("button", name="Stop recording").wait_for()
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Answer aloud").wait_for()
        page.wait_for_timeout(500)
        assert len(Ready.listener.sounds) == heard
        assert page.locator("#tools .going").is_hidden()


def test_the_guide_is_read_aloud_paused_and_stopped(playwright, visit):
    with launched(playwright) as browser:
        page = visit(browser, "guide?q=12")
        page.get_by_role("button", name="Listen").click()
        page.evaluate("words.onend()")
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Go on").click()
        said = page.evaluate("said")
        assert said[0].startswith("Top-k vs top-p sampling?")
        assert said[1] == said[2] != said[0]  # the sentence that was broken off
        page.get_by_role("button", name="Stop").click()
        assert page.evaluate("words") is None
        page.get_by_role("button", name="Listen").wait_for()


def test_a_model_answer_is_read_aloud(playwright, visit):
    with launched(playwright) as browser:
        page = visit(browser, "practice?q=12")
        page.locator("#answer textarea").fill("no idea about this one at all")
        page.get_by_role("button", name="Check my answer").click()
        page.get_by_text("A model answer").click()
        page.locator("#feedback").get_by_role("button", name="Listen").click()
        page.wait_for_function("said.length === 1")
        assert page.evaluate("said[0]").startswith("Top-k and top-p")
