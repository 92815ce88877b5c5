"""The page for those who listen to it, use no mouse, or have a browser that refuses something.

axe-core's findings of impact serious or critical are faults; there are no exceptions.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import visitor
from tests.browser.test_aloud import VOICE
from tests.browser.test_demos import see, visit
from tests.browser.test_progress import record_file
from tests.browser.test_visit import WAIT, ask, last_answer

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

ROOMY, PHONE = {"width": 1300, "height": 900}, {"width": 390, "height": 844}
LYING = {"width": 844, "height": 390}
# A place, and what is there when it is.
PLACES = {
    "": "#box textarea",
    "guide": "#listed a",
    "practice": "#start",
    "progress": "#rings .ring",
    "lab": ".cards",
}
# What Gradio's own switch does, without losing what is on the page.
THEME = """dark => {
  document.body.classList.toggle("dark", dark);
  for (const whole of [document.body, document.querySelector("gradio-app")]) {
    whole.style.background = "var(--body-background-fill)";
  }
}"""
ODD = "<s> <unk> <think> vector<int> costs $0.50 per 1M and $1.50 per 1M"
ANSWER = "Top-k keeps the k most likely tokens, top-p the smallest set that holds p of the mass."


def findings(page) -> list[str]:
    """What axe-core finds on the page as it stands, and holds for serious or critical."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def check_both(page) -> None:
    """No findings, light and dark, in a window and on a phone."""
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
    for dark in (False, True):
        page.evaluate(THEME, dark)
        for size in (ROOMY, PHONE):
            page.set_viewport_size(size)
            page.wait_for_timeout(500)  # the layout comes to rest
            assert findings(page) == [], (dark, size)
    page.set_viewport_size(ROOMY)


@pytest.fixture
def tab(browser, address):
    """A fresh visitor who has opened nothing yet."""
    with visitor(browser, address) as opened:
        yield opened


@pytest.fixture
def ready(page):
    """The page once the model answers."""
    page.get_by_text("Answering with").wait_for(timeout=WAIT)
    return page


def begin(page, text: str) -> None:
    """Send a question and wait until its answer streams."""
    page.fill("#box textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_selector("#box .stop-button", timeout=WAIT)


@pytest.mark.parametrize("place", PLACES)
def test_a_new_visitor_finds_nothing_in_the_way(tab, address, place):
    for theme, size in (("light", ROOMY), ("dark", PHONE)):
        tab.set_viewport_size(size)
        tab.goto(f"{address}/{place}?__theme={theme}")
        tab.wait_for_selector(PLACES[place])
        tab.wait_for_selector(".skip", state="attached")  # what access.js mends is mended
        tab.wait_for_timeout(400)
        assert findings(tab) == [], theme
        assert tab.locator("h1").count() == 1


def test_what_was_asked_read_and_kept_is_in_nobodys_way(ready, address, tmp_path):
    ask(ready, "Why would top-p keep only one token?")
    ready.locator("#sources mark").first.wait_for()
    ready.get_by_label("Like", exact=True).click()
    ready.get_by_label("Liked", exact=True).wait_for()
    check_both(ready)
    ready.get_by_label("Edit").click()
    ready.locator("#chat .edit-textarea").wait_for()
    check_both(ready)
    ready.goto(f"{address}/guide?q=12")
    ready.locator("#article").get_by_role("heading", name="Q12").wait_for()
    ready.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    check_both(ready)
    ready.goto(f"{address}/progress")
    ready.wait_for_selector("#rings .ring")
    ready.set_input_files("#load", record_file(tmp_path))
    ready.get_by_text("Loaded:").wait_for()
    check_both(ready)


@pytest.mark.parametrize("kind", ["Numbers", "Two topics", "Code"])
def test_a_drill_is_in_nobodys_way(tab, address, kind):
    tab.goto(f"{address}/practice")
    tab.get_by_role("tab", name="Quick drills").click()
    if kind == "Numbers":
        tab.get_by_role("button", name="Begin").click()
    else:  # another kind begins when it is chosen
        tab.get_by_label(kind, exact=True).check()
    answer = tab.locator("#drill-answer :is(textarea, input), #drill-left").locator("visible=true")
    answer.wait_for()
    check_both(tab)
    if kind == "Two topics":
        answer.click()
    else:
        answer.fill("1")
        answer.press("Enter")
    tab.locator("#drill-verdict").get_by_text(re.compile("Right|Not", re.I)).first.wait_for()
    tab.locator("#drill-way :is(p, pre)").first.wait_for()
    check_both(tab)


@pytest.mark.parametrize("name", ["sampling", "attention"])
def test_an_open_demo_is_in_nobodys_way(tab, address, name):
    visit(tab, address, name)
    check_both(tab)


def test_listening_is_in_nobodys_way(tab, address):
    tab.add_init_script(VOICE)
    tab.goto(f"{address}/guide?q=12")
    tab.get_by_role("button", name="Listen").click()
    tab.get_by_role("button", name="Stop").wait_for()
    check_both(tab)
    tab.goto(f"{address}/practice?q=12")
    tab.get_by_role("button", name="Rehearse aloud").wait_for()
    check_both(tab)


def test_an_answer_is_announced_as_a_whole(ready):
    begin(ready, "What is beam search?")
    ready.wait_for_selector("#chat [role=log][aria-busy=true]")
    ready.get_by_role("status").get_by_text("The tutor is answering.").wait_for(state="attached")
    ready.wait_for_selector("#box button.submit-button", timeout=WAIT)
    ready.wait_for_selector("#chat [role=log][aria-busy=false]")
    ready.get_by_role("status").get_by_text("The answer is complete.").wait_for(state="attached")
    assert last_answer(ready).locator("[data-testid=bot]").get_attribute("aria-label") == (
        "The tutor"
    )


def test_keys_reach_the_box_and_stop_an_answer(ready):
    ready.keyboard.press("Tab")
    ready.evaluate("document.activeElement.blur()")
    ready.keyboard.press("/")
    assert ready.evaluate("document.activeElement.matches('#box textarea')")
    ready.keyboard.type("a/b")
    assert ready.input_value("#box textarea") == "a/b"
    begin(ready, "Explain attention")
    ready.keyboard.press("Escape")
    ready.wait_for_selector("#box button.submit-button", timeout=WAIT)


def test_enter_of_an_input_method_sends_nothing(ready):
    ready.fill("#box textarea", "注意")
    ready.locator("#box textarea").evaluate("""box => {
      box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      for (const kind of ["keydown", "keypress"]) {
        box.dispatchEvent(new KeyboardEvent(kind,
          { key: "Enter", isComposing: true, bubbles: true }));
      }
    }""")
    ready.wait_for_timeout(500)
    assert ready.input_value("#box textarea") == "注意"
    assert ready.locator("#chat .user.message").count() == 0


def test_what_is_typed_is_shown_kept_and_taken_away_as_typed(ready, address):
    ask(ready, ODD)
    asked = ready.locator("#chat .user.message")
    assert asked.inner_text().strip() == ODD
    with ready.expect_download() as waiting:
        ready.click("#export")
    assert f"**You**\n\n{ODD}\n" in waiting.value.path().read_text(encoding="utf-8")
    ready.reload()
    asked.first.wait_for()
    assert asked.inner_text().strip() == ODD
    ready.goto(f"{address}/guide")
    find = ready.locator("#find").locator("textarea, input")
    find.press_sequentially("vector<int> <unk>")
    ready.locator("#listed").get_by_text("Nothing has these words.").wait_for()
    assert find.input_value() == "vector<int> <unk>"


def test_a_reload_in_mid_answer_leaves_no_spinner(ready):
    begin(ready, "What is the formula of attention?")
    # The question is kept one way to the server and back after it was sent, and listed then.
    listed = "document.querySelector('#conversations input').value.includes('formula of attention')"
    ready.wait_for_function(listed)
    ready.reload()
    ready.locator("#chat .user.message").get_by_text("formula of attention").wait_for()
    ready.get_by_text("This answer was cut off").wait_for()
    ready.wait_for_selector("#box button.submit-button")
    assert ready.locator("#chat .adding").count() == 0


def test_what_was_typed_outlives_a_reload_until_it_is_in_the_conversation(ready):
    question = "Why is <unk> rare with byte-level BPE?"
    ready.fill("#box textarea", question)
    ready.reload()
    box = ready.locator("#box textarea")
    ready.wait_for_function("text => document.querySelector('#box textarea')?.value === text",
                            arg=question)  # fmt: skip
    # The question reaches the server, and then the network goes away.
    asked: list[str] = []

    def once(route) -> None:
        route.abort() if asked else route.continue_()
        if "byte-level" in (route.request.post_data or ""):  # others may still be on their way
            asked.append(route.request.url)

    ready.route("**/gradio_api/**", once)
    box.press("Enter")
    ready.locator("#chat .user.message").get_by_text(question).wait_for()
    ready.reload(wait_until="commit")
    ready.unroute("**/gradio_api/**")
    ready.reload()
    ready.wait_for_function("text => document.querySelector('#box textarea')?.value === text",
                            arg=question)  # fmt: skip
    assert ready.locator("#chat .user.message").count() == 0
    ask(ready, question)
    ready.reload()
    ready.locator("#chat .user.message").get_by_text(question).wait_for()
    ready.wait_for_timeout(1000)  # long enough for a draft to come back
    assert box.input_value() == ""


def test_a_message_is_copied_where_the_browser_has_no_clipboard(tab, address):
    tab.add_init_script("""delete Navigator.prototype.clipboard;
      document.addEventListener("copy", () => { window.copied = getSelection().toString()
        || document.activeElement.value; });""")
    tab.goto(address)
    tab.get_by_text("Answering with").wait_for(timeout=WAIT)
    ask(tab, "What is beam search?")
    tab.get_by_label("Copy message").last.click()
    tab.wait_for_function("(window.copied || '').includes('beam')")


def test_a_phone_that_lies_shows_box_and_conversation(page):
    page.set_viewport_size(LYING)
    assert page.evaluate("document.documentElement.scrollWidth") <= LYING["width"]
    box, chat = (page.locator(name).bounding_box() for name in ("#box", "#chat"))
    assert chat["height"] + box["height"] <= LYING["height"]


def test_the_places_stand_in_one_line_of_targets_on_a_phone(page):
    page.set_viewport_size(PHONE)
    boxes = [link.bounding_box() for link in page.locator(".nav-holder a").all()]
    assert len(boxes) == len(PLACES)
    assert len({box["y"] for box in boxes}) == 1
    assert all(box["height"] >= 24 and box["width"] >= 24 for box in boxes)  # px: WCAG 2.2, 2.5.8
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in boxes)


def test_from_a_question_to_the_day_it_comes_again(ready, address):
    ask(ready, "Why would top-p keep only one token?")
    last_answer(ready).locator('a[href^="#src-"]').first.click()
    ready.wait_for_selector(".source.shown")
    ready.locator("#chat button.option").first.click()
    ready.wait_for_selector("#box .stop-button")
    ready.wait_for_selector("#box button.submit-button", timeout=WAIT)
    last_answer(ready).get_by_role("link", name="See it: Sampling").click()
    see(ready, "sampling")
    address_of = last_answer(ready).get_by_role("link", name="Practise this").get_attribute("href")
    number = int(re.search(r"q=(\d+)", address_of)[1])
    ready.goto(f"{address}/{address_of}")
    ready.locator("#answer textarea").wait_for()
    ready.fill("#answer textarea", ANSWER)
    ready.click("#check")
    ready.locator("#feedback h3").wait_for(timeout=WAIT)
    check_both(ready)
    ready.click("#onward")
    ready.locator("#debrief").get_by_role("heading", name="Debrief").wait_for()
    check_both(ready)
    ready.goto(f"{address}/progress")
    ring = ready.locator(f'.ring[href="guide?q={number}"] .heard')
    ring.get_by_text("practised").wait_for(state="attached")
    ready.locator("#due").get_by_text("comes back tomorrow").wait_for()
    ready.locator("#due").get_by_role("link", name=f"Q{number}").wait_for()
