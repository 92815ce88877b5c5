"""The Practice place in a browser: an interview, its feedback, its debrief, and drills."""

import pytest

from tests.browser.test_visit import WAIT

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

ANSWER = """You fight it with dropout or weight decay or by stopping early when the validation loss
turns, and above all with more and more varied training data. It costs $5 or $6."""


@pytest.fixture
def practice(page, address):
    def open_at(query=""):
        page.goto(f"{address}/practice{query}")
        return page

    return open_at


def test_an_answer_gets_feedback_and_the_interview_a_debrief(practice):
    page = practice("?q=18")
    page.locator("#asked").get_by_role("heading", name="What is overfitting").wait_for()
    page.wait_for_function("document.activeElement.closest('#answer') !== null")
    page.keyboard.type(ANSWER)
    page.keyboard.press("Shift+Enter")
    page.locator("#feedback").get_by_text("You said").wait_for(timeout=WAIT)
    assert page.locator("#feedback .own").count() >= 1
    assert page.locator("#feedback .own .katex").count() == 0
    page.locator("#feedback").get_by_text("A model answer").click()
    page.click("#onward")
    page.locator("#debrief").get_by_text("comes again on").wait_for()
    page.click("#another")
    page.locator("#start").wait_for()


def test_a_clock_runs_while_one_thinks_and_a_phone_has_room(practice):
    page = practice()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("30 seconds").check()
    page.click("#start")
    page.locator("#tools .clock", has_text="0:2").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    first = page.locator("#asked h2").inner_text()
    page.click("#skip")
    page.wait_for_function(
        "first => document.querySelector('#asked h2').innerText !== first", arg=first
    )
    page.click("#stop")
    page.locator("#debrief").get_by_text("Nothing has been answered").wait_for()


def test_what_was_typed_is_shown_as_typed_and_an_empty_answer_asked_for(practice):
    page = practice("?q=12")
    page.locator("#asked h2").wait_for()
    page.click("#check")
    page.get_by_text("Say something first").wait_for()
    page.fill("#answer textarea", "<img src=x onerror=alert(1)> is $a$ and top-k keeps the k best")
    page.click("#check")
    page.locator("#feedback h3").wait_for(timeout=WAIT)
    assert page.locator("#feedback img").count() == 0


def test_a_drill_is_checked(practice):
    page = practice()
    page.get_by_role("tab", name="Quick drills").click()
    page.get_by_role("button", name="Begin").click()
    box = page.locator("#drill-answer").locator("textarea, input")
    box.wait_for()
    box.fill("not a number")
    box.press("Enter")
    page.locator("#drill-verdict p").wait_for()
