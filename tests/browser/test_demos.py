"""Every demo in a real browser: opened, pressed, filled, read on a phone; the Lab around them."""

from urllib.parse import urlencode

import pytest

from demos.catalog import DEMOS
from tests.browser.conftest import visitor

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

NAMES = [*(demo.name for demo in DEMOS), "xray"]
WAIT = 300_000  # ms: models load and trainings run, on a machine that does other things as well
PHONE = {"width": 390, "height": 844}
ROOMY = {"width": 1300, "height": 900}
# Nothing in the tab waits for an answer any more, ten looks in a row.
QUIET = """name => {
  const tab = document.getElementById(name);
  const marks = tab.querySelectorAll(".wrap.generating, .wrap.translucent, .progress-text");
  const busy = [...marks].some((e) => e.offsetParent && !e.classList.contains("hide"))
    || /the first time it has to load/.test(tab.innerText);
  window.quiet = busy ? 0 : (window.quiet || 0) + 1;
  return window.quiet > 10;
}"""

# What a screen reader calls the plots that can be seen: the rendered labels of their blocks.
PLOT_NAMES = """[...document.querySelectorAll(".js-plotly-plot")].filter((e) => e.offsetParent)
  .map((e) => e.closest(".block").querySelector("label"))
  .map((label) => label.getClientRects().length ? label.innerText.trim() : "")"""


# What was computed: words and pictures that can be seen, besides the demo's name.
SHOWN = """name => [...document.querySelectorAll(`#${name} :is(.html-container, .js-plotly-plot)`)]
  .filter((e) => e.offsetParent && !e.querySelector(".heading, .expand"))
  .filter((e) => e.innerText.trim() || e.matches(".js-plotly-plot")).length"""

# How far the drawings of the plots that can be seen are from the width of their places, in px.
MISFITS = """[...document.querySelectorAll(".js-plotly-plot")].filter((e) => e.offsetParent)
  .map((e) => Math.abs(e.querySelector(".main-svg").clientWidth - e.clientWidth))"""


@pytest.fixture
def tab(browser, address):
    """A fresh visitor who has opened nothing yet."""
    with visitor(browser, address) as opened:
        yield opened


@pytest.fixture
def lab(tab, address):
    """A fresh visitor before the pictures of the Lab."""
    tab.goto(f"{address}/lab")
    tab.wait_for_selector(".cards")
    return tab


def open_demo(page, name):
    """Open a demo's tab as the page's script does, which presses nothing in it; the tab."""
    page.evaluate("name => document.getElementById(`tab-${name}-button`).click()", name)
    place = page.locator(f"#tab-{name}")
    place.wait_for()
    return place


def visit(page, address, name, **more):
    """Follow a link to a demo in the Lab and wait until it has something to see; its tab."""
    page.goto(f"{address}/lab?{urlencode({'demo': name, **more})}")
    place = page.locator(f"#tab-{name}")
    place.wait_for()
    see(page, name)
    return place


def settle(page, name):
    """Wait until everything that was asked for is there."""
    page.evaluate("window.quiet = 0")
    page.wait_for_function(QUIET, arg=f"tab-{name}", polling=100, timeout=WAIT)


def see(page, name):
    """Wait for the first thing that can be seen, and then for all of it."""
    page.wait_for_function(f"name => ({SHOWN})(name) > 0", arg=f"tab-{name}", timeout=WAIT)
    settle(page, name)


def parts(page, place, name):
    """The tabs within a demo's tab, opened one after the other; once if there are none."""
    inner = place.get_by_role("tab").locator("visible=true")
    names = [inner.nth(n).inner_text() for n in range(inner.count())]
    for n, part in enumerate(names or [""]):
        if n:
            place.get_by_role("tab", name=part, exact=True).click()
            see(page, name)
        yield part


def press_all(page, place, name):
    """Press the main buttons that can be seen, one after the other, as a person would."""
    buttons = place.locator("button.primary").locator("visible=true")
    for n in range(buttons.count()):
        buttons.nth(n).click()
        page.wait_for_timeout(300)
        settle(page, name)


def alerts_of(place):
    """What a demo says is wrong."""
    texts = place.locator("[role=alert]").locator("visible=true").all_inner_texts()
    return [text for text in texts if text.strip()]


@pytest.mark.parametrize("name", NAMES)
def test_every_demo_opens_with_something_to_see_and_fits_a_phone(tab, address, name):
    tab.set_viewport_size(PHONE)
    place = visit(tab, address, name)
    for part in parts(tab, place, name):
        assert tab.locator(".toast-body").count() == 0, part
        assert alerts_of(place) == [], part
        assert {"", "Plot"}.isdisjoint(tab.evaluate(PLOT_NAMES)), part
        assert max(tab.evaluate(MISFITS), default=0) <= 1, part
        assert place.get_by_text("How it works").locator("visible=true").count() == 1, part
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], part
    further = place.locator("button.primary").locator("visible=true")
    if further.count() > 1:  # a demo's other main buttons
        press_all(tab, place, name)
        assert alerts_of(place) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["", "<img src=x onerror=alert(1)> 🦙 你好", "x" * 3000], ids=["none", "odd", "endless"]
)
def test_see_it_may_bring_anything(lab, name, text):
    place = open_demo(lab, name)
    box = place.locator("textarea").first
    # As the page's own link fills it, which no maxlength holds back.
    box.evaluate(
        """(box, text) => {
          Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set
            .call(box, text);
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        text,
    )
    lab.wait_for_timeout(300)
    press_all(lab, place, name)
    assert lab.locator(".toast-body").count() == 0
    assert place.locator(".html-container img, .html-container script").count() == 0


def test_the_pictures_lead_to_a_demo_and_back_and_to_the_guide(lab, address):
    assert lab.locator(".cards > li").count() == len(NAMES)
    lab.get_by_role("link", name="Losses").click()
    see(lab, "losses")
    assert lab.url == f"{address}/lab?demo=losses"
    lab.go_back()
    lab.locator(".cards").wait_for()
    lab.go_forward()
    lab.locator("#tab-losses").get_by_role("link", name="All demos").click()
    lab.locator(".cards").wait_for()
    assert lab.url == f"{address}/lab"
    lab.locator(".cards").get_by_role("link", name="Q25").first.click()
    lab.locator("#article").get_by_role("heading", name="Q25:").wait_for()


def test_an_address_brings_a_text_and_an_unknown_one_shows_the_pictures(tab, address):
    place = visit(tab, address, "tokenization", text="zebra crossing")
    assert place.locator("textarea").first.input_value() == "zebra crossing"
    place.get_by_text("14 characters").wait_for()
    tab.goto(f"{address}/lab?demo=nothing")
    tab.locator(".cards").wait_for()


def test_plots_fit_after_hiding_and_resizing(tab, address):
    tab.set_viewport_size(ROOMY)
    place = visit(tab, address, "losses")
    place.get_by_role("tab", name="ReLU and others").click()
    plot = place.locator(".js-plotly-plot").locator("visible=true")
    plot.wait_for()
    see(tab, "losses")
    fits = f"Math.max(...{MISFITS}) <= 1"
    tab.wait_for_function(fits)
    assert plot.bounding_box()["width"] > 1100
    assert plot.bounding_box()["height"] > 400
    place.get_by_role("tab", name="Chain rule").click()
    tab.set_viewport_size({"width": 800, "height": 900})
    place.get_by_role("tab", name="ReLU and others").click()
    tab.wait_for_function(fits)
    assert 600 < plot.bounding_box()["width"] < 800
    tab.click("#tab-index-button")
    tab.set_viewport_size(ROOMY)
    tab.click("#tab-losses-button")
    tab.wait_for_function(fits)
    assert plot.bounding_box()["width"] > 1100


def test_a_demo_that_is_left_lets_others_run(tab, address):
    tab.goto(f"{address}/lab?demo=fine_tuning")
    tab.locator("#tab-fine_tuning").get_by_text("Reading SmolLM2").wait_for()
    tab.click("#tab-gradients-button")
    see(tab, "gradients")
    tab.click("#tab-fine_tuning-button")
    tab.locator("#tab-fine_tuning").get_by_text("Stopped.").wait_for()


def test_the_panel_opens_with_something_to_see_and_expands(page, address):
    page.click("#tab-tokenization-button")
    see(page, "tokenization")
    page.locator("#tab-tokenization textarea").first.fill("zebra crossing")
    page.locator("#tab-tokenization").get_by_role("link", name="Expand").click()
    page.wait_for_url(f"{address}/lab?demo=tokenization&text=zebra+crossing")
    page.locator("#tab-tokenization").get_by_text("14 characters").wait_for(timeout=WAIT)
    page.get_by_role("link", name="Beside the chat").click()
    page.locator("#panel #tab-tokenization textarea").first.wait_for()


def test_a_demo_that_is_not_beside_the_chat_is_in_the_lab(page, address):
    page.locator("#further").get_by_role("link", name="Losses").click()
    see(page, "losses")
    page.goto(f"{address}/?demo=gradients")
    page.wait_for_url(f"{address}/lab?demo=gradients")
    see(page, "gradients")
