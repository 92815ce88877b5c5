"""While an answer grows: who reads is left alone, and what is half said looks whole."""

import queue

import pytest

from tests.browser.conftest import free_port, visitor
from tests.conftest import CORPUS
from tutor.guide.read import read_guide
from tutor.reply.lead import Lead
from tutor.reply.tutor import Reply
from tutor.settings import read_settings
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.reader import Reading
from tutor.web.loading import Loading, Status
from tutor.web.page import build_page
from tutor.web.serve import launch_options

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "A paragraph that is long enough to take a few lines of the conversation. " * 6 + "\n\n"
PHONE = {"width": 390, "height": 844}
WIDE = " + ".join(f"w_{{{n}}} x_{{{n}}}" for n in range(40))
# Notes what was painted of the answer whenever it had signs of a formula in it.
WATCH = """() => {
  window.raw = [];
  const look = () => {
    const answer = [...document.querySelectorAll("#chat .bot.message")].pop();
    const text = answer ? answer.innerText : "";
    if (/[$]|\\\\(frac|sum)/.test(text)) window.raw.push(text);
    requestAnimationFrame(look);
  };
  look();
}"""
SCROLLED = "document.querySelector('#chat .bubble-wrap').scrollTop"


class Scripted:
    """A tutor that says what the test gives it, piece by piece; None ends its answer."""

    def __init__(self, guide):
        self.guide = guide
        self.pieces = queue.Queue()
        self.text = ""

    def reply(self, turn, history=(), category=None, attempt=0, stopped=None):
        self.text = ""
        ask = Ask(turn, turn, Reading({}, {}, None), (Kind.QUESTION,))
        while (piece := self.pieces.get(timeout=60)) is not None:
            self.text += piece
            yield Reply(ask, None, Lead(self.text, ()))
        yield Reply(ask, None, Lead(self.text, ()), done=True)

    def cited(self, chunk_id):
        return None


class Ready(Loading):
    """A page whose tutor is the scripted one."""

    def __init__(self, settings, scripted):
        super().__init__(settings)
        self.scripted = scripted
        self._status = Status("Answering with a script", searchable=True, ready=True)

    def tutor(self, wait=0.0):
        return self.scripted


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The scripted tutor, and the address of its page."""
    settings = read_settings(
        model="none", port=free_port(), home=tmp_path_factory.mktemp("home"), corpus=CORPUS
    )
    guide = read_guide(CORPUS)
    scripted = Scripted(guide)
    page = build_page(Ready(settings, scripted), guide).queue()
    page.launch(**launch_options(settings), prevent_thread_lock=True)
    yield scripted, f"http://127.0.0.1:{settings.port}"
    page.close()


@pytest.fixture
def tell(served, browser):
    """tell(*pieces): what the answer says next, once it is shown; tell.page is the visitor's."""
    scripted, address = served
    with visitor(browser, address) as page:
        page.goto(address)
        page.wait_for_selector("#box textarea")
        page.fill("#box textarea", "Tell me")
        page.keyboard.press("Enter")
        page.locator("#chat .user.message").wait_for()

        def say(*pieces, shows=""):
            for piece in pieces:
                scripted.pieces.put(piece)
            if shows:
                page.locator("#chat .bot.message").last.get_by_text(shows).wait_for()

        say.page = page
        yield say
        scripted.pieces.put(None)
        page.wait_for_selector("#box button.submit-button")


def test_who_scrolls_while_an_answer_grows_is_left_alone(tell):
    page = tell.page
    tell(LONG * 8, "First end.", shows="First end.")
    page.locator("#chat .bot.message").hover()
    page.mouse.wheel(0, 300)
    page.wait_for_function(f"{SCROLLED} > 100")
    page.wait_for_timeout(500)
    before = page.evaluate(SCROLLED)
    tell("\n\n" + LONG, "Second end.", shows="Second end.")
    page.wait_for_timeout(500)
    assert page.evaluate(SCROLLED) == before


def test_who_scrolls_with_keys_is_left_alone(tell):
    page = tell.page
    tell(LONG * 8, "First end.", shows="First end.")
    page.locator("#chat [role=log]").focus()
    page.keyboard.press("PageDown")
    page.wait_for_function(f"{SCROLLED} > 100")
    page.wait_for_timeout(500)
    before = page.evaluate(SCROLLED)
    tell("\n\n" + LONG, "Second end.", shows="Second end.")
    page.wait_for_timeout(500)
    assert page.evaluate(SCROLLED) == before


def test_what_is_selected_while_an_answer_grows_stays_selected(tell):
    page = tell.page
    tell("Select these words now.\n\n", LONG, "First end.", shows="First end.")
    box = page.locator("#chat .bot.message p").first.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 8, steps=4)
    page.mouse.up()
    before = page.evaluate("getSelection().toString()")
    assert before.startswith("Select these")
    for number in range(3):
        tell(f"\n\nMore {number}.", shows=f"More {number}.")
    assert page.evaluate("getSelection().toString()") == before


def test_half_a_formula_is_not_shown_and_a_whole_one_is(tell):
    page = tell.page
    page.evaluate(WATCH)
    tell("The loss $L", " = -", r"\frac{1}{n}$ falls. It is", shows="falls. It is")
    tell(r" $$\sum_{i", "=1}^{n} -", r"\log p_i.$", "$ One sum.", shows="One sum.")
    tell("\n\n| sign | meaning |\n|---|---|\n| $x", "_1$ | $\\frac{a}{b}$ |\n\nIn a table.")
    tell(shows="In a table.")
    assert page.locator("#chat .bot.message td .katex").count() == 2
    assert page.locator("#chat .bot.message .katex-display").count() == 1
    page.wait_for_timeout(300)
    assert page.evaluate("raw") == []


def test_signs_of_money_and_code_are_shown_while_they_come(tell):
    page = tell.page
    tell("```sh\necho $HOME\n```\n\nAnd then.", shows="And then.")
    assert "echo $HOME" in page.locator("#chat .bot.message").inner_text()


def test_a_long_formula_and_a_wide_table_stay_within_a_phone(tell):
    page = tell.page
    page.set_viewport_size(PHONE)
    row = "|" + " $\\frac{a_1}{b_1}$ long words |" * 8
    tell(f"$$y = {WIDE}$$\n\n{row}\n|{'---|' * 8}\n{row}\n\nAfter it.", shows="After it.")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    answer = page.locator("#chat .bot.message").bounding_box()
    assert answer["x"] >= 0
    assert answer["x"] + answer["width"] <= PHONE["width"]
