"""Takes the pictures in docs: python -m tests.browser.pictures [page | guide | lab | DEMO …]

It serves the page with the default model. `page`, `guide` and `lab` are what a visitor sees of
these places; a demo is taken whole, as it opens in the Lab.
"""

import sys
from collections.abc import Sequence

from demos.catalog import DEMOS
from tests.browser.conftest import chromium, serving
from tests.browser.test_demos import visit
from tests.conftest import ROOT

DOCS = ROOT / "docs"
FOLDER = DOCS / "demos"
QUESTION = "Why would top-p keep only one token?"
WINDOW = {"width": 1300, "height": 900}
ANSWERED = 600_000  # ms until there is an answer: a first start fetches the model
TALLEST = 6000  # px of a picture


def main(names: Sequence[str]) -> None:
    """Take the pictures named, or all."""
    with serving() as address, chromium() as browser:
        for name, place in (("page", take_page), ("guide", take_guide), ("lab", take_lab)):
            if not names or name in names:
                place(browser.new_page(viewport=WINDOW), address)
        page = browser.new_page(viewport=WINDOW)
        for demo in DEMOS:
            if not names or demo.name in names:
                take(page, address, demo.name)


def take_page(page, address: str) -> None:
    """A question, its answer, and the passage with the cited sentences marked."""
    page.goto(address)
    page.get_by_text("Answering with").wait_for(timeout=ANSWERED)
    page.fill("#box textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat button.option", timeout=ANSWERED)
    page.wait_for_timeout(1500)  # formulas and scrolling
    page.screenshot(path=DOCS / "page.png")


def take_guide(page, address: str) -> None:
    """A question of the guide, with the contents beside it."""
    page.goto(f"{address}/guide?q=12")
    page.locator("#article .katex").first.wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=DOCS / "guide.png")


def take_lab(page, address: str) -> None:
    """The pictures to choose a demo from."""
    page.goto(f"{address}/lab")
    page.locator(".cards").wait_for()
    page.screenshot(path=DOCS / "lab.png")


def take(page, address: str, name: str) -> None:
    """One demo, with what it shows as it opens."""
    page.set_viewport_size(WINDOW)
    place = visit(page, address, name)
    height = page.evaluate("id => document.getElementById(id).scrollHeight", f"tab-{name}")
    page.set_viewport_size(WINDOW | {"height": min(TALLEST, int(height) + 400)})
    page.wait_for_timeout(1500)  # plots take up their new size
    place.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}: {height} px", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
