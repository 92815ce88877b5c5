"""Plotly figures to draw into, alike in light and dark."""

from typing import Any

from plotly.graph_objects import Figure as Figure

from demos.shared.style import BLUE, CLEAR, FAINT, GRAY, GREEN, ORANGE, PURPLE, TEAL, YELLOW

# Lines of one figure are told apart by color and by dash.
SERIES = (ORANGE, GREEN, BLUE, PURPLE, TEAL, YELLOW)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid")
BUTTONS = "toImage zoom pan select lasso zoomIn zoomOut autoScale resetScale".split()
AXIS: dict[str, Any] = {"gridcolor": FAINT, "zeroline": False, "automargin": True}
LEGEND = {
    "orientation": "h",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
}  # its lines push the plot down


def figure(height: int | None = None, legend: bool = False, **layout: Any) -> Figure:
    """An empty figure without a background, its text and grid in a gray for any theme.

    It is as high as its place on the page, and at least `height` px where what it shows needs them.
    Dragging a finger over it scrolls the page, so it has no zoom and no bar of buttons.
    """
    drawn = Figure()
    drawn.update_layout(
        height=height,
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"color": GRAY, "size": 12},
        margin={"l": 10, "r": 10, "t": 24, "b": 10},
        showlegend=legend,
        legend=LEGEND,
        dragmode=False,
        modebar=dict.fromkeys(("color", "bgcolor", "activecolor"), CLEAR) | {"remove": BUTTONS},
        **layout,
    )
    drawn.update_xaxes(**AXIS)
    drawn.update_yaxes(**AXIS)
    return drawn
