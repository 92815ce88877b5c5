"""Every tab of the side panel in a real browser: pressed, filled, and read on a phone."""

import pytest

from demos.catalog import DEMOS

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

NAMES = [*(demo.name for demo in DEMOS), "xray"]
WAIT = 300_000  # ms: models load and trainings run, on a machine that does other things as well
PHONE = {"width": 390, "height": 844}
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


def open_demo(page, name):
    """Open a demo's tab, wherever its button stands; the tab."""
    page.evaluate("name => document.getElementById(`tab-${name}-button`).click()", name)
    tab = page.locator(f"#tab-{name}")
    tab.wait_for()
    return tab


def settle(page, name):
    """Wait until everything that was asked for is there."""
    page.evaluate("window.quiet = 0")
    page.wait_for_function(QUIET, arg=f"tab-{name}", polling=100, timeout=WAIT)


def parts(tab):
    """The tabs within a demo's tab, opened one after the other; once if there are none."""
    inner = tab.get_by_role("tab").locator("visible=true")
    names = [inner.nth(n).inner_text() for n in range(inner.count())]
    for name in names or [""]:
        if name:
            tab.get_by_role("tab", name=name, exact=True).click()
        yield name


def press_all(page, tab, name):
    """Press the main buttons that can be seen, one after the other, as a person would."""
    buttons = tab.locator("button.primary").locator("visible=true")
    for n in range(buttons.count()):
        buttons.nth(n).click()
        page.wait_for_timeout(300)
        settle(page, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_tab_answers_with_its_defaults_and_fits_a_phone(page, name):
    page.set_viewport_size(PHONE)
    tab = open_demo(page, name)
    if name == "xray":  # has nothing to look into before the tutor has answered
        tab.get_by_role("button", name="Ask the tutor").click()
        page.wait_for_timeout(300)
        settle(page, name)
    for part in parts(tab):
        press_all(page, tab, name)
        assert page.locator(".toast-body").count() == 0, part
        alerts = tab.locator("[role=alert]").locator("visible=true").all_inner_texts()
        assert [alert for alert in alerts if alert.strip()] == [], part
        assert {"", "Plot"}.isdisjoint(page.evaluate(PLOT_NAMES)), part
        assert tab.get_by_text("How it works").locator("visible=true").count() == 1, part
        width, room = page.evaluate("[side.scrollWidth, side.clientWidth]")
        assert width <= room + 1, f"{part} is wider than a phone"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["", "<img src=x onerror=alert(1)> 🦙 你好", "x" * 3000], ids=["none", "odd", "endless"]
)
def test_see_it_may_bring_anything(page, name, text):
    tab = open_demo(page, name)
    box = tab.locator("textarea").first
    # As the page's own link fills it, which no maxlength holds back.
    box.evaluate(
        """(box, text) => {
          Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set
            .call(box, text);
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        text,
    )
    page.wait_for_timeout(300)
    first = next(parts(tab))
    press_all(page, tab, name)
    assert page.locator(".toast-body").count() == 0, first
    assert tab.locator(".html-container img, .html-container script").count() == 0
