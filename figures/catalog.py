"""The list of figures, and how one becomes an SVG file that is the same on every run."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from figures.style import DARK, FONTS, LIGHT, WIDTH, Ink, settings

ROOT = Path(__file__).resolve().parent.parent
Draw = Callable[[Ink], Figure]


@dataclass(frozen=True)
class Entry:
    """One figure: which question it belongs to, what it shows, and the function that draws it."""

    question: int
    name: str
    alt: str
    caption: str
    draw: Draw

    @property
    def stem(self) -> str:
        """The file name without its ending, for example `q05_beam_tree`."""
        return f"q{self.question:02d}_{self.name}"

    def files(self) -> dict[Path, Ink]:
        """The two files of this figure and the ink of each."""
        folder = chapter(self.question) / "figures"
        return {folder / f"{self.stem}.svg": LIGHT, folder / f"{self.stem}.dark.svg": DARK}


CATALOG: dict[str, Entry] = {}


def figure(question: int, alt: str, caption: str) -> Callable[[Draw], Draw]:
    """Put the function below into the catalog under its own name."""

    def add(draw: Draw) -> Draw:
        entry = Entry(question, draw.__name__, alt, caption, draw)
        if entry.name in CATALOG:
            raise ValueError(f"two figures are named {entry.name}")
        CATALOG[entry.name] = entry
        return draw

    return add


def chapter(question: int) -> Path:
    """The folder of the guide whose README holds this question."""
    heading = re.compile(rf"^## Q{question}: ", re.MULTILINE)
    for readme in sorted((ROOT / "corpus").glob("*/README.md")):
        if heading.search(readme.read_text(encoding="utf-8")):
            return readme.parent
    raise LookupError(f"no chapter of the guide holds question {question}")


def markdown(entry: Entry) -> str:
    """The lines that show a figure in its chapter's README."""
    light, dark = (f"figures/{path.name}" for path in entry.files())
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{dark}">\n'
        f'  <img alt="{escape(entry.alt)}" src="{light}" width="{WIDTH}">\n'
        f"</picture>\n\n*{entry.caption}*\n"
    )


def svg(entry: Entry, ink: Ink) -> str:
    """Draw a figure and return the text of its SVG file."""
    with mpl.rc_context(settings(ink, entry.stem)):
        out = io.StringIO()
        # No date and no version: the file changes only when the picture does.
        drawn = entry.draw(ink)
        drawn.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    height = round(drawn.get_figheight() * 72)
    return finish(out.getvalue(), entry, height)


def png(entry: Entry, ink: Ink, path: Path, scale: float = 1.0) -> None:
    """Draw a figure as PNG, to look at."""
    with mpl.rc_context(settings(ink, entry.stem)):
        entry.draw(ink).savefig(path, format="png", dpi=72 * scale)


def finish(text: str, entry: Entry, height: int) -> str:
    """Drop what a browser does not need, and add the role and the title that a reader does."""
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
    text = re.sub(r"<!DOCTYPE.*?>\n", "", text, flags=re.DOTALL)
    text = re.sub(r" *<metadata>.*?</metadata>\n", "", text, flags=re.DOTALL)
    # matplotlib sets the text in DejaVu Sans; other systems take the nearest face they have.
    text = re.sub(r"'?DejaVu Sans'?(?:, sans-serif)?", FONTS, text)
    # Two decimals are a hundredth of a pixel, and hide the last bits in which machines differ.
    text = re.sub(r'\b(?:d|x|y|width|height|transform|points)="[^"]*"', _rounded, text)
    text = re.sub(r'<g id="patch_\d+">\s*(<path [^>]*/>)\s*</g>', r"\1", text)
    text = re.sub(r"\n +", "\n", text)
    head = re.search(r"<svg\b[^>]*>", text)
    if head is None:
        raise ValueError(f"{entry.stem}: matplotlib wrote no svg element")
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">\n'
        f" <title>{escape(entry.alt)}</title>"
    )
    return text[: head.start()] + opening + text[head.end() :]


def _rounded(attribute: re.Match[str]) -> str:
    """The attribute with its numbers at two decimals, on one line."""
    one_line = re.sub(r"\s+", " ", attribute.group())
    return re.sub(r"-?\d+\.\d+", lambda n: f"{round(float(n.group()), 2) + 0:.6g}", one_line)
