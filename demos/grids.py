"""Matrices as HTML tables: shaded cells with their numbers, readable in light and dark.

A cell says its row, column and value when pointed at. With `pick` a click on it reaches Python:
give the component PICK as `js_on_load`, and read `picked(event)` in the handler of `.click`.
"""

import html
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBERS_UP_TO = 11  # columns; more, and only the shade fits
LONGEST_LABEL = 14  # characters

# For `css_template`: Gradio limits it to the component.
CSS = """
.scroll { overflow: auto; contain: inline-size; max-height: 34rem; margin: 0.2rem 0; }
table.grid { border-collapse: separate; border-spacing: 1px; font-size: 0.75rem; line-height: 1.1;
  width: auto; margin: 0; border: 0; }
table.grid th { font-weight: 400; padding: 0 0.3rem 0 0; text-align: right; white-space: nowrap;
  border: 0; color: var(--body-text-color); background: none; }
table.grid thead th { padding: 0; vertical-align: bottom; text-align: center; }
table.grid thead th span { writing-mode: vertical-rl; transform: rotate(180deg); }
table.grid td { min-width: 14px; height: 18px; padding: 0 1px; border: 0; text-align: center;
  color: var(--body-text-color); font-variant-numeric: tabular-nums; border-radius: 2px;
  background: color-mix(in srgb, var(--color-accent) calc(var(--w, 0) * 1%),
    var(--background-fill-secondary)); }
table.grid.numbers td { min-width: 38px; height: 24px; }
table.grid td.minus { background: color-mix(in srgb, #3b82f6 calc(var(--w, 0) * 1%),
    var(--background-fill-secondary)); }
table.grid td.blocked { color: var(--body-text-color-subdued); opacity: 0.55;
  background: repeating-linear-gradient(135deg, transparent 0 3px,
    var(--border-color-primary) 3px 4px); }
table.grid td[data-at] { cursor: pointer; }
table.grid td.chosen { outline: 2px solid var(--body-text-color); outline-offset: -1px; }
table.grid tr.chosen th { font-weight: 700; }
table.grid tr.chosen td { box-shadow: inset 0 1px var(--body-text-color),
  inset 0 -1px var(--body-text-color); }
table.sums, table.sums tr { border: 0; }
table.sums { border-collapse: collapse; font-size: 0.82rem; width: auto; margin: 0;
  font-variant-numeric: tabular-nums; }
table.sums th, table.sums td { padding: 0.1rem 0.55rem; text-align: right; border: 0;
  border-bottom: 1px solid var(--border-color-primary); color: var(--body-text-color);
  background: none; white-space: nowrap; }
table.sums th { font-weight: 600; }
table.sums tr.strong td { font-weight: 700; }
table.sums td.bar { text-align: left; min-width: 5.5rem; background: linear-gradient(90deg,
  color-mix(in srgb, var(--color-accent) 45%, transparent) calc(var(--w) * 1%),
  transparent calc(var(--w) * 1%)); }
table.sums th.bar { text-align: left; }
p.note { opacity: 0.75; font-size: 0.85rem; margin: 0.2rem 0 0.6rem; }
p.said { margin: 0.4rem 0; }
"""

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
                + ("" if off else f' style="--w:{min(abs(value) / most, 1) * 85:.0f}"')
                + f">{number if small else ''}</td>"
            )
        row_class = ' class="chosen"' if r == chosen_row else ""
        lines.append(f'<tr{row_class}><th scope="row">{label(name)}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="scroll" tabindex="0"><table class="grid{" numbers" if small else ""}" '
        f'aria-label="{html.escape(caption)}"><thead><tr><th></th>{head}</tr></thead>'
        f'<tbody>{"".join(lines)}</tbody></table></div><p class="note">{html.escape(caption)}</p>'
    )


def label(text: str) -> str:
    """A row's or column's name, shortened and escaped."""
    short = text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
    return html.escape(short)


def written(value: float, decimals: int = 2) -> str:
    """A number with a proper minus sign and without a negative zero."""
    text = f"{value:.{decimals}f}"
    return (text if float(text) else f"{0:.{decimals}f}").replace("-", "−")


def sums(head: Sequence[str], lines: Sequence[Sequence[str]], strong: int | None = None) -> str:
    """A table of numbers; cells are HTML already. A line of index `strong` is bold.

    A cell "0.75|bar" is drawn as a bar of that share of 1 behind its number.
    """
    top = "".join(f'<th scope="col">{text}</th>' for text in head)
    body = "".join(
        f"<tr{' class=strong' if n == strong else ''}>{''.join(cell(text) for text in line)}</tr>"
        for n, line in enumerate(lines)
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="sums"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def cell(text: str) -> str:
    """One cell of `sums`."""
    number, bar, _ = text.partition("|bar")
    return (
        f'<td class="bar" style="--w:{float(number) * 100:.1f}">{number}</td>'
        if bar
        else (f"<td>{text}</td>")
    )
