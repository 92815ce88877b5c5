"""The frame of a demo's tab: guide links, status and error lines, figures, the source.

Nothing here computes anything. Figures have no background, and grays that read in light and dark.
"""

import html
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from tutor.errors import TutorError

# An event that may load or run a model waits in the demos' own queue, never in the chat's.
SLOW: dict[str, Any] = {
    "show_progress": "minimal", "api_visibility": "private", "concurrency_id": "demos",
}  # fmt: skip
LIGHT: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
GRAY = "#888888"  # readable on white and on black
ACCENT = "#e8590c"
CLEAR = "rgba(0,0,0,0)"
BUTTONS = "toImage zoom pan select lasso zoomIn zoomOut autoScale resetScale".split()


def guide_links(text: str, questions: tuple[int, ...]) -> None:
    """A line on what the tab shows, with links that ask the guide's questions on the page."""
    import gradio as gr

    links = ", ".join(f"[Q{number}](#ask-{number})" for number in questions)
    gr.Markdown(f"{text} In the guide: {links}.")


def source_of(*functions: Callable[..., Any]) -> None:
    """An accordion with the code of the functions that computed what is shown."""
    import gradio as gr

    with gr.Accordion("How it works", open=False):
        code = "\n\n".join(inspect.getsource(function) for function in functions)
        gr.Code(code, language="python", show_label=False, max_lines=30)


def plot_of(what: str, figure: Any = None, visible: bool = True) -> Any:
    """A place for a figure; `what` it shows is its name to a screen reader."""
    import gradio as gr

    return gr.Plot(figure, label=what, show_label=False, visible=visible)


def working(what: str) -> str:
    """The status line while a model is loaded or run."""
    text = f"Reading {html.escape(what)} … (the first time it has to load)"
    return f'<p role="status" style="opacity:0.7">{text}</p>'


def problem(error: TutorError) -> str:
    """What went wrong and what to do, as one line."""
    return f'<p role="alert"><b>{html.escape(str(error))}</b></p>'


def lines_of(text: str) -> list[str]:
    """The lines of a text box that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], wide: int = 0) -> str:
    """An HTML table; cells are HTML, so the caller escapes them. Column `wide` takes the space."""
    edge = "border:0;border-bottom:1px solid var(--border-color-primary)"
    style = f"{edge};padding:0.25rem 0.4rem;text-align:left;vertical-align:top"
    first = "".join(
        f'<th scope="col" style="{style}{";width:55%" if place == wide else ""}">{name}</th>'
        for place, name in enumerate(head)
    )
    body = "".join(
        '<tr style="border:0">'
        + "".join(f'<td style="{style}">{cell}</td>' for cell in row)
        + "</tr>"
        for row in rows
    )
    line = "border:0;border-collapse:collapse;width:100%;font-size:0.85rem"
    return (
        f'<div style="overflow-x:auto"><table style="{line}">'
        f'<thead><tr style="border:0">{first}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def figure(height: int, **layout: Any) -> Any:
    """An empty plotly figure without a background, its text and grid in a gray for any theme.

    Dragging a finger over it scrolls the page, so it has no zoom and no bar of buttons.
    """
    import plotly.graph_objects as go

    drawn = go.Figure()
    drawn.update_layout(
        height=height,
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"color": GRAY, "size": 12},
        margin={"l": 10, "r": 10, "t": 24, "b": 10},
        showlegend=False,
        dragmode=False,
        modebar=dict.fromkeys(("color", "bgcolor", "activecolor"), CLEAR) | {"remove": BUTTONS},
        **layout,
    )
    grid = {"gridcolor": "rgba(136,136,136,0.25)", "zeroline": False, "automargin": True}
    drawn.update_xaxes(**grid)
    drawn.update_yaxes(**grid)
    return drawn
