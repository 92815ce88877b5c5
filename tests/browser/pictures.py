"""Takes the pictures of docs/demos.md, each tab whole: python -m tests.browser.pictures [NAME …]

It serves the page with the default model, presses the first button of every tab and waits. The
panel scrolls inside itself, so it is let grow to its content first, and the window with it.
"""

import subprocess
import sys
from collections.abc import Sequence

from demos.catalog import DEMOS
from tests.browser.conftest import chromium, free_port, wait_for
from tests.browser.test_demos import open_demo, settle
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "demos"
WIDTH = 1300
TALLEST = 6000  # px of a picture
# Nothing scrolls inside itself, and nothing beside the panel takes its room.
WHOLE = """
  #side { max-height: none !important; overflow: visible !important; }
  #chat { height: 20rem !important; }
"""


def main(names: Sequence[str]) -> None:
    """Take the pictures of the demos named, or of all."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tutor", "serve", "--port", str(port)], cwd=ROOT
    )
    try:
        wait_for(f"http://127.0.0.1:{port}")
        with chromium() as browser:
            page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
            page.goto(f"http://127.0.0.1:{port}")
            page.wait_for_selector("#box textarea")
            page.add_style_tag(content=WHOLE)
            for name in names or [demo.name for demo in DEMOS]:
                take(page, name)
    finally:
        server.terminate()
        server.wait(30)


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
