"""One look for all figures: two inks, one type scale, and the few shapes that pictures share.

Sheets are measured in pixels of a page 640 wide, from the top left corner, so that the numbers in
a figure's function are the places where things stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

WIDTH = 640
SMALL, BODY, HEAD = 13.0, 14.5, 16.0
FONTS = "'DejaVu Sans', Verdana, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Ink:
    """The colours of one page. The hues are told apart with any common colour blindness."""

    name: str
    paper: str
    text: str
    muted: str
    line: str
    soft: str
    blue: str
    orange: str
    green: str
    purple: str
    yellow: str

    @property
    def hues(self) -> list[str]:
        """The colours in the order in which series take them."""
        return [self.blue, self.orange, self.green, self.purple, self.yellow]


# The hues follow Okabe and Ito's palette (2008); the dark ones are the same hues, lighter.
LIGHT = Ink(
    "light", "#ffffff", "#1f2328", "#59636e", "#c9d1d9", "#f3f5f7",
    "#0072b2", "#c75000", "#007d5b", "#a34f80", "#a87300",
)  # fmt: skip
DARK = Ink(
    "dark", "#0d1117", "#e6edf3", "#9aa5b1", "#3a434d", "#1a2028",
    "#5ab4f0", "#f59056", "#3cc9a0", "#e29bc4", "#edbb4a",
)  # fmt: skip


def settings(ink: Ink, salt: str) -> dict[Any, Any]:
    """What matplotlib is told for one figure; the salt makes the ids in the file repeatable."""
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": salt,
        "font.family": ["DejaVu Sans"],
        "font.size": SMALL,
        "axes.titlesize": BODY,
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "axes.labelsize": SMALL,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": ink.paper,
        "axes.edgecolor": ink.muted,
        "axes.labelcolor": ink.muted,
        "axes.titlecolor": ink.text,
        "axes.linewidth": 1.0,
        "axes.unicode_minus": True,
        "figure.facecolor": ink.paper,
        "savefig.facecolor": ink.paper,
        "text.color": ink.text,
        "xtick.color": ink.muted,
        "ytick.color": ink.muted,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "grid.color": ink.line,
        "grid.linewidth": 0.8,
        "lines.linewidth": 2.4,
        "lines.solid_capstyle": "round",
        "path.simplify": True,
    }


def blend(color: str, paper: str, share: float) -> str:
    """Mix a colour into the paper; a share of 1 is the colour itself."""
    mixed = np.array(to_rgb(color)) * share + np.array(to_rgb(paper)) * (1 - share)
    return to_hex((float(mixed[0]), float(mixed[1]), float(mixed[2])))


def readable(background: str) -> str:
    """The text colour, light or dark, that stands out from a background."""
    red, green, blue = to_rgb(background)
    bright = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return LIGHT.text if bright > 0.2 else "#ffffff"


def sheet(height: int) -> tuple[Figure, Axes]:
    """An empty page measured in pixels, with the origin at the top left."""
    fig = Figure(figsize=(WIDTH / 72, height / 72))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    ax.axis("off")
    return fig, ax


def charts(
    height: int,
    widths: Sequence[float] = (1.0,),
    left: int = 64,
    right: int = 18,
    top: int = 40,
    bottom: int = 54,
    gap: int = 70,
) -> tuple[Figure, list[Axes]]:
    """A row of axes with margins in pixels."""
    fig = Figure(figsize=(WIDTH / 72, height / 72))
    room = WIDTH - left - right - gap * (len(widths) - 1)
    at, axes = float(left), []
    for share in widths:
        wide = room * share / sum(widths)
        axes.append(
            fig.add_axes(
                (at / WIDTH, bottom / height, wide / WIDTH, (height - top - bottom) / height)
            )
        )
        at += wide + gap
    return fig, axes


def label(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    color: str | None = None,
    size: float = SMALL,
    ha: Side = "left",
    va: Literal["top", "center", "bottom", "baseline"] = "center",
    bold: bool = False,
    back: str | None = None,
) -> None:
    """Write a text beside what it names; `back` is the paper behind it, where lines pass."""
    weight = "bold" if bold else "normal"
    extra: dict[str, Any] = {} if color is None else {"color": color}
    if back is not None:
        extra["bbox"] = {"facecolor": back, "edgecolor": "none", "pad": 2, "alpha": 0.9}
    extra |= {"fontsize": size, "ha": ha, "va": va, "fontweight": weight}
    ax.text(x, y, text, clip_on=False, **extra)


def box(
    ax: Axes,
    ink: Ink,
    x: float,
    y: float,
    w: float,
    h: float,
    text: str = "",
    color: str | None = None,
    size: float = BODY,
    strength: float = 0.16,
    bold: bool = False,
) -> None:
    """A rounded box whose top left corner is at (x, y), with its text in the middle."""
    face = ink.soft if color is None else blend(color, ink.paper, strength)
    shape = FancyBboxPatch(
        (x, y), w, h, boxstyle="round,pad=0,rounding_size=5",
        facecolor=face, edgecolor=color or ink.line, linewidth=1.3,
    )  # fmt: skip
    ax.add_patch(shape)
    if text:
        label(ax, x + w / 2, y + h / 2, text, readable(face), size, "center", bold=bold)


def arrow(
    ax: Axes,
    ink: Ink,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str | None = None,
    width: float = 1.6,
    dashed: bool = False,
) -> None:
    """A straight arrow."""
    ax.annotate(
        "", xy=end, xytext=start,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.28,head_length=0.5", "color": color or ink.muted,
            "lw": width, "shrinkA": 0, "shrinkB": 0, "ls": "--" if dashed else "-",
        },
    )  # fmt: skip


def cell(
    ax: Axes, ink: Ink, x: float, y: float, w: float, h: float, text: str, face: str,
    size: float = SMALL, bold: bool = False,
) -> None:  # fmt: skip
    """One field of a table or a heat map."""
    ax.add_patch(Rectangle((x, y), w, h, facecolor=face, edgecolor=ink.paper, linewidth=2))
    if text:
        label(ax, x + w / 2, y + h / 2, text, readable(face), size, "center", bold=bold)


def heat(
    ax: Axes, ink: Ink, x: float, y: float, w: float, h: float,
    shares: Sequence[Sequence[float]], texts: Sequence[Sequence[str]], color: str,
    size: float = SMALL,
) -> None:  # fmt: skip
    """A table of fields; a share between 0 and 1 sets how strong each one's colour is."""
    for row, (strengths, words) in enumerate(zip(shares, texts, strict=True)):
        for column, (share, word) in enumerate(zip(strengths, words, strict=True)):
            face = blend(color, ink.soft, 0.05 + 0.9 * min(max(share, 0.0), 1.0))
            cell(ax, ink, x + column * w, y + row * h, w, h, word, face, size)


def quiet(ax: Axes, grid: Literal["x", "y", "both"] | None = "y") -> None:
    """Take away the marks that carry nothing, and put the grid behind the data."""
    ax.tick_params(length=0, pad=6)
    ax.set_axisbelow(True)
    if grid is not None:
        ax.grid(True, axis=grid)


def powers(ax: Axes, exponents: Sequence[int], axis: Literal["x", "y"] = "y") -> None:
    """Label a log axis with powers of ten as plain text, which any font can show."""
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    words = ["1" if k == 0 else "10" + str(k).translate(raised) for k in exponents]
    side = ax.xaxis if axis == "x" else ax.yaxis
    side.set_ticks([10.0**k for k in exponents], labels=words)
    side.minorticks_off()


def softmax(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The softmax over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
