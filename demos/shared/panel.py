"""The frame of a demo's tab: guide links, handlers of events, places for figures, the source.

Nothing here computes anything.
"""

import html
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import gradio as gr

from demos.shared.charts import Figure
from demos.shared.markup import status
from demos.shared.style import FADED
from tutor.errors import TutorError

# An event that may load or run a model waits in the demos' own queue, never in the chat's.
SLOW: dict[str, Any] = {
    "show_progress": "minimal",
    "api_visibility": "private",
    "concurrency_id": "demos",
}
LIGHT: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
# An event of a control that moves: only its last value counts.
FAST: dict[str, Any] = {**LIGHT, "trigger_mode": "always_last"}
Handler = Callable[..., Any]
Update = dict[str, Any]  # what gr.skip() and gr.update() return
HIDDEN: Update = gr.update(visible=False)


def handler(
    waiting: str = "", *, failed: Sequence[Any] = (), meanwhile: Sequence[Any] | None = None
) -> Callable[[Handler], Handler]:
    """Make a function the handler of an event whose first output is a line of status.

    The line says `waiting` while the function works and, where it raises a TutorError, what to do.
    The other outputs, as many as `failed` holds, then get the values of `failed`; while it works
    they stay as they are, or get those of `meanwhile`. The function returns all outputs, or yields
    them one after the other.

        @handler(working("MiniLM"), failed=[None])
        def show(word: str) -> tuple[str, Figure]: ...
    """
    during = [gr.skip()] * len(failed) if meanwhile is None else meanwhile

    def outputs(line: str, others: Sequence[Any]) -> Any:
        return (line, *others) if failed else line

    def decorate(function: Handler) -> Handler:
        streams = inspect.isgeneratorfunction(function)

        @wraps(function)
        def stream(*inputs: Any) -> Iterator[Any]:
            if waiting:
                yield outputs(waiting, during)
            try:
                if streams:
                    yield from function(*inputs)
                else:
                    yield function(*inputs)
            except TutorError as error:
                yield outputs(problem(error), failed)

        @wraps(function)
        def once(*inputs: Any) -> Any:
            try:
                return function(*inputs)
            except TutorError as error:
                return outputs(problem(error), failed)

        return stream if streams or waiting else once

    return decorate


def starting() -> str:
    """The status line before a training on the guide."""
    return status("Reading the guide and loading PyTorch …")


def working(what: str) -> str:
    """The status line while a model is loaded or run."""
    return faded(f"Reading {what} … (the first time it has to load)")


def faded(text: str) -> str:
    """A status line on something that goes on, or has been stopped; plain text."""
    return f'<p role="status" style="{FADED}">{html.escape(text)}</p>'


def problem(error: TutorError) -> str:
    """What went wrong and what to do, as one line."""
    return f'<p role="alert"><b>{html.escape(str(error))}</b></p>'


def guide_links(text: str, questions: tuple[int, ...]) -> None:
    """A line on what the tab shows, with links that ask the guide's questions on the page.

    The Lab has its own links and hides these.
    """
    links = ", ".join(f"[Q{number}](#ask-{number})" for number in questions)
    gr.Markdown(f'{text} <span class="asks">In the guide: {links}.</span>')


def source_of(*functions: Callable[..., Any]) -> None:
    """An accordion with the code of the functions that computed what is shown."""
    with gr.Accordion("How it works", open=False):
        code = "\n\n".join(inspect.getsource(function) for function in functions)
        gr.Code(code, language="python", show_label=False, max_lines=30)


def plot_of(what: str, figure: Figure | None = None, visible: bool = True) -> gr.Plot:
    """A place for a figure; `what` it shows is its name to a screen reader."""
    return gr.Plot(figure, label=what, show_label=False, visible=visible)


def plotted(figure: Figure) -> Update:
    """A figure for a place that was hidden until there was one."""
    return gr.update(value=figure, visible=True)


def lines_of(text: str) -> list[str]:
    """The lines of a text box that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@dataclass
class Running:
    """Whether a visitor has asked the model to stop; each has one of their own."""

    stopped: bool = False

    def stop(self) -> None:
        """Ask it to stop after the current token."""
        self.stopped = True
