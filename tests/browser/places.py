"""Takes the pictures of docs/places.md: python -m tests.browser.places

Every place as one visitor finds it after a little use, light and dark, on a desktop and on a phone.
"""

import io
from pathlib import Path

from PIL import Image

from tests.browser.conftest import chromium, serving
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "places"
SIZES = {"wide": {"width": 1300, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
PATIENCE = 600_000  # ms: a first start fetches the model and builds the index
COLORS = 128  # of a picture: a third of the bytes, and no difference to be seen
ANSWERS = {
    18: """Overfitting is when the training loss keeps falling while the loss on held-out data
rises, because the model memorizes examples instead of the pattern. More and more varied data helps
most; weight decay, dropout and early stopping limit the model. Dropout stays on at inference.""",
    12: """Top-k keeps a fixed number of tokens, top-p as many as it takes to reach a total
probability, so it adapts to how sure the model is.""",
}


def main() -> None:
    """Take all of them."""
    FOLDER.mkdir(exist_ok=True)
    with serving() as address, chromium() as browser:
        for size, window in SIZES.items():
            for theme in THEMES:
                context = browser.new_context(viewport=window)
                visit(context.new_page(), address, theme, f"{theme}-{size}.png")
                context.close()


def visit(page, address: str, theme: str, end: str) -> None:
    """One visitor through all places."""
    query = f"__theme={theme}"
    page.goto(f"{address}/?{query}")
    page.get_by_text("Answering with").wait_for(timeout=PATIENCE)
    page.fill("#box textarea", "Why would top-p keep only one token?")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat button.option", timeout=PATIENCE)
    take(page, FOLDER / f"tutor-{end}")
    page.goto(f"{address}/guide?q=12&{query}")
    page.locator("#article .katex").first.wait_for()
    take(page, FOLDER / f"guide-{end}")
    for number, answer in ANSWERS.items():
        page.goto(f"{address}/practice?q={number}&{query}")
        page.locator("#asked h2").wait_for()
        page.fill("#answer textarea", answer)
        page.click("#check")
        page.locator("#feedback h3").wait_for(timeout=PATIENCE)
        if number == next(iter(ANSWERS)):
            take(page, FOLDER / f"practice-{end}", whole=True)
    page.goto(f"{address}/lab?{query}")
    page.locator(".cards").wait_for()
    take(page, FOLDER / f"lab-{end}")
    page.goto(f"{address}/progress?{query}")
    page.get_by_text("Due today").wait_for()
    take(page, FOLDER / f"progress-{end}")


def take(page, path: Path, whole: bool = False) -> None:
    """A picture once formulas and scrolling have come to rest."""
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    picture.convert("RGB").quantize(COLORS).save(path, optimize=True)
    print(path.name, flush=True)


if __name__ == "__main__":
    main()
