"""Takes the pictures of docs/demos.md: python -m tests.browser.pictures [DEMO …]

It serves the page with the default model; a demo is taken whole, as it opens in the Lab.
"""

import sys
from collections.abc import Sequence

from demos.catalog import DEMOS
from tests.browser.conftest import chromium, serving
from tests.browser.test_demos import visit
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "demos"
WINDOW = {"width": 1300, "height": 900}
TALLEST = 6000  # px of a picture


def main(names: Sequence[str]) -> None:
    """Take the pictures named, or all."""
    with serving() as address, chromium() as browser:
        page = browser.new_page(viewport=WINDOW)
        for demo in DEMOS:
            if not names or demo.name in names:
                take(page, address, demo.name)


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
