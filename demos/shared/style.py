"""The look of all demos in one place: colors, styles, and the style sheets of their HTML.

Gradio limits a style sheet to the component that it is given to as `css_template`.
"""

# Each can be read on white and on black.
GRAY = "#888888"
ORANGE = "#e8590c"
GREEN = "#2f9e44"
BLUE = "#1c7ed6"
PURPLE = "#b15ee0"
TEAL = "#0c8599"
PINK = "#c2255c"
YELLOW = "#c2a000"
RED = "#e03131"
ACCENT = ORANGE  # what a picture is about
FAINT = "rgba(136,136,136,0.25)"  # lines of a grid
CLEAR = "rgba(0,0,0,0)"
NAMES = {"ORANGE": ORANGE, "GREEN": GREEN, "BLUE": BLUE, "RED": RED}  # as style sheets write them

# For `style` attributes, where a component has no style sheet.
WIDE_TABLE = "border:0;border-collapse:collapse;width:100%;font-size:0.85rem"
CELL = "border:0;padding:0.2rem 0.3rem;text-align:left;vertical-align:top"
BOX = "border:1px solid var(--border-color-primary);border-radius:6px"
NOTE = "opacity:0.75;font-size:0.85rem;margin:0.2rem 0 0.6rem"
FADED = "opacity:0.7"


def painted(css: str) -> str:
    """A style sheet with the colors it names."""
    for name, color in NAMES.items():
        css = css.replace(name, color)
    return css + "p.said { margin: 0.4rem 0; }\n"


def tint(color: str, percent: float) -> str:
    """A color with as much strength as `percent`, on whatever lies below it."""
    return f"color-mix(in srgb, {color} {percent:.0f}%, transparent)"


# Matrices and tables of numbers.
TABLES = painted("""
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
table.grid td.minus { background: color-mix(in srgb, BLUE calc(var(--w, 0) * 1%),
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
""")

# Words with a small line below them, and squares of who reads whom.
CHIPS = painted("""
.chips { display: flex; flex-wrap: wrap; gap: 4px; margin: 0.3rem 0; }
.chips span { display: inline-flex; flex-direction: column; align-items: center;
  padding: 1px 6px; border: 1px solid var(--border-color-primary); border-radius: 5px;
  font-size: 0.8rem; line-height: 1.35; color: var(--body-text-color); }
.chips span b { font-weight: 500; }
.chips span small { color: inherit; opacity: 0.8; font-size: 0.72rem; min-height: 1em; }
.chips .mask { background: color-mix(in srgb, ORANGE 38%, transparent); }
.chips .random { background: color-mix(in srgb, BLUE 38%, transparent); }
.chips .kept { background: color-mix(in srgb, GREEN 38%, transparent); }
.chips .first { background: color-mix(in srgb, ORANGE 18%, transparent); }
.chips .second { background: color-mix(in srgb, BLUE 18%, transparent); }
.sights { display: flex; flex-wrap: wrap; gap: 1rem; }
.sights figure { margin: 0; }
.sights figcaption { font-size: 0.82rem; opacity: 0.8; margin: 0.2rem 0; max-width: 34rem; }
.sights text { fill: var(--body-text-color); font-size: 10px; }
""")

# Texts side by side, one below the other on a phone.
CARDS = painted("""
.styles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.5rem;
  margin: 0.4rem 0; }
@media (max-width: 640px) { .styles { grid-template-columns: minmax(0, 1fr); } }
.styles section { min-width: 0; padding: 0.4rem 0.5rem; border-radius: 6px;
  border: 1px solid var(--border-color-primary); }
.styles h4 { margin: 0 0 0.3rem; font-size: 0.9rem; }
.styles dl { margin: 0; font-size: 0.82rem; line-height: 1.35; }
.styles dt { opacity: 0.7; font-size: 0.72rem; margin-top: 0.35rem; }
.styles dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.styles dd.asked { font-weight: 600; }
.styles p { margin: 0.2rem 0; font-size: 0.85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.styles p.cost { opacity: 0.75; font-size: 0.76rem; }
.right, .wrong { font-weight: 700; }
.right { color: color-mix(in srgb, GREEN 75%, var(--body-text-color)); }
.wrong { color: color-mix(in srgb, RED 75%, var(--body-text-color)); }
""")
