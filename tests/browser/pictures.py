"""Takes the pictures in docs: python -m tests.browser.pictures [page | guide | NAME OF A DEMO …]

It serves the page with the default model. `page` and `guide` are what a visitor sees of the two
places; of a demo the first button is pressed and the tab taken whole: the panel scrolls inside
itself, so it is let grow to its content first, and the window with it.
"""

import subprocess
import sys
from collections.abc import Sequence

from demos.catalog import DEMOS
from tests.browser.conftest import chromium, free_port, wait_for
from tests.browser.test_demos import open_demo, settle
from tests.conftest import ROOT

DOCS = ROOT / "docs"
FOLDER = DOCS / "demos"
QUESTION = "Why would top-p keep only one token?"
WINDOW = {"width": 1300, "height": 900}
ANSWERED = 600_000  # ms until there is an answer: a first start fetches the model
WIDTH = 1300
TALLEST = 6000  # px of a picture
# Nothing scrolls inside itself, and nothing beside the panel takes its room.
WHOLE = """
  #side { max-height: none !important; overflow: visible !important; }
  #chat { height: 20rem !important; }
"""


def main(names: Sequence[str]) -> None:
    """Take the pictures named, or all."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tutor", "serve", "--port", str(port)], cwd=ROOT
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        with chromium() as browser:
            for name, place in (("page", take_page), ("guide", take_guide)):
                if not names or name in names:
                    place(browser.new_page(viewport=WINDOW), address)
            page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
            page.goto(address)
            page.wait_for_selector("#box textarea")
            page.add_style_tag(content=WHOLE)
            for demo in DEMOS:
                if not names or demo.name in names:
                    take(page, demo.name)
    finally:
        server.terminate()
        server.wait(30)


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


def take(page, name: str) -> None:
    """One tab, with what its first button shows."""
    tab = open_demo(page, name)
    button = tab.locator("button.primary").locator("visible=true").first
    if button.count():
        button.click()
        page.wait_for_timeout(500)
        settle(page, name)
    height = page.evaluate("id => document.getElementById(id).scrollHeight", f"tab-{name}")
    page.set_viewport_size({"width": WIDTH, "height": min(TALLEST, int(height) + 400)})
    page.wait_for_timeout(1500)  # plots take up their new size
    tab.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}: {height} px", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
