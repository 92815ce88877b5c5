"""Matrices as HTML tables: shaded cells with their numbers, readable in light and dark.

A cell says its row, column and value when pointed at. With `pick` a click on it reaches Python:
give the component PICK as `js_on_load`, and read `picked(event)` in the handler of `.click`.
"""

import html
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demos.shared.markup import note

NUMBERS_UP_TO = 11  # columns; more, and only the shade fits
LONGEST_LABEL = 14  # characters

PICK = """
element.addEventListener('click', (event) => {
  const cell = event.target.closest('td[data-at]');
  if (cell) trigger('click', {at: cell.dataset.at});
});
"""


def picked(event: Any, rows: int, columns: int) -> tuple[int, int]:
    """Row and column of a clicked cell out of Gradio's event, from 0 and inside the table."""
    row, _, column = str(getattr(event, "at", "")).partition(",")
    if not (row.isdecimal() and column.isdecimal()):
        return 0, 0
    return min(int(row), rows - 1), min(int(column), columns - 1)


def grid(
    values: NDArray,
    rows: Sequence[str],
    columns: Sequence[str],
    caption: str,
    *,
    blocked: NDArray | None = None,
    most: float | None = None,
    decimals: int = 2,
    pick: bool = False,
    chosen_row: int | None = None,
    chosen: tuple[int, int] | None = None,
) -> str:
    """A matrix (row, column) as a shaded table; labels and caption are plain text, escaped here.

    The shade is |value| / `most` (default: the largest |value|); negative values are blue. Cells
    where `blocked` (row, column) is true show a hatch and count nothing. `chosen_row` frames a
    row, `chosen` one cell.
    """
    shown = values if blocked is None else np.where(blocked, 0.0, values)
    most = most or float(np.abs(shown).max(initial=0.0)) or 1.0
    small = len(columns) <= NUMBERS_UP_TO
    head = "".join(f'<th scope="col"><span>{label(name)}</span></th>' for name in columns)
    lines = []
    for r, name in enumerate(rows):
        cells = []
        ink = 60 if small else 85  # percent of color at most: numbers are to be read on it
        for c in range(len(columns)):
            off = blocked is not None and bool(blocked[r, c])
            value = float(shown[r, c])
            classes = [
                *(["blocked"] if off else ["minus"] if value < 0 else []),
                *(["chosen"] if chosen == (r, c) else []),
            ]
            number = "−∞" if off else written(value, decimals)
            cells.append(
                f'<td title="{label(name)} → {label(columns[c])}: {number}"'
                + (f' class="{" ".join(classes)}"' if classes else "")
                + (f' data-at="{r},{c}"' if pick else "")
                + ("" if off else f' style="--w:{min(abs(value) / most, 1) * ink:.0f}"')
                + f">{number if small else ''}</td>"
            )
        row_class = ' class="chosen"' if r == chosen_row else ""
        lines.append(f'<tr{row_class}><th scope="row">{label(name)}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="scroll" tabindex="0"><table class="grid{" numbers" if small else ""}" '
        f'aria-label="{html.escape(caption)}"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>{note(html.escape(caption))}"
    )


def label(text: str) -> str:
    """A row's or column's name, shortened and escaped."""
    short = text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
    return html.escape(short)


def written(value: float, decimals: int = 2) -> str:
    """A number with a proper minus sign and without a negative zero."""
    text = f"{value:.{decimals}f}"
    return (text if float(text) else f"{0:.{decimals}f}").replace("-", "−")
