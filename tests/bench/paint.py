"""How soon each place of the page is seen on this machine: python -m tests.bench.paint

    first paint   until the browser paints something, its own first-contentful-paint entry
    place there   until what the place is for stands there

Milliseconds after the navigation began, median and worst of several fresh visitors, once everything
is built and loaded. A place is compared with a page of the same server that needs no script at all.
"""

import argparse
import statistics
from collections.abc import Sequence

from tests.browser.conftest import chromium, serving
from tests.browser.test_access import PLACES

PATIENCE = 600_000  # ms: a first start fetches the model and builds the index
PLAIN = "gradio_api/startup-events"  # a few bytes
PAINTED = """() => new Promise((done) => {
  const name = "first-contentful-paint";
  const seen = performance.getEntriesByName(name)[0];
  if (seen) done(seen.startTime);
  else new PerformanceObserver((list, observer) => {
    const entry = list.getEntriesByName(name)[0];
    if (entry) { observer.disconnect(); done(entry.startTime); }
  }).observe({ type: "paint", buffered: true });
})"""


def visit(browser, address: str, waited: str) -> tuple[float, float]:
    """A fresh visitor: ms until the first paint, ms until `waited` is there, if it is not empty."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    painted = page.evaluate(PAINTED)
    if waited:
        page.locator(waited).first.wait_for()
    there = page.evaluate("performance.now()")
    context.close()
    return painted, there


def show(name: str, taken: Sequence[tuple[float, float]], base: float) -> None:
    """One line: medians, the worst, and the first paint as a multiple of the plain page's."""
    first, there = ([each[part] for each in taken] for part in (0, 1))
    print(
        f"{name:10} first paint {statistics.median(first):6.0f} ms (worst {max(first):6.0f}, "
        f"x{statistics.median(first) / base:.1f})   there {statistics.median(there):6.0f} ms "
        f"(worst {max(there):6.0f})",
        flush=True,
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--visitors", type=int, default=5, help="fresh visitors for each place")
    options = parser.parse_args(argv)
    with serving() as address, chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        page.get_by_text("Answering with").wait_for(timeout=PATIENCE)
        page.close()
        plain = [visit(browser, f"{address}/{PLAIN}", "") for _ in range(options.visitors)]
        base = statistics.median(first for first, _ in plain)
        show("plain", plain, base)
        for place, waited in PLACES.items():
            taken = [visit(browser, f"{address}/{place}", waited) for _ in range(options.visitors)]
            show(place or "tutor", taken, base)


if __name__ == "__main__":
    main()
