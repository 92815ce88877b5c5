"""The demos on the page: some as tabs of the side panel, all of them in the Lab.

A tab's content is built with the page and loads nothing; models come with what is computed when it
is opened.
"""

from collections.abc import Callable, Sequence
from typing import Any

from demos.catalog import DEMOS, XRAY
from demos.shared.weights import Weights, quietly
from tutor.engine.generate import Engine
from tutor.reply.tutor import Reply
from tutor.settings import Settings
from tutor.start import Library

# What the side panel has, beside the X-ray: more tabs would not fit in a row. The Lab has all.
BESIDE = ("tokenization", "attention", "sampling", XRAY.name)


class DemoPanel:
    """The tabs beside the sources, and the Lab; see `tutor.web.chat.Panel`."""

    watched = 4  # the X-ray's boxes: question, lead, continuation, guide question

    def __init__(self, weights: Weights):
        """`weights` are shared by all visitors and read only."""
        self._weights = weights

    def build(self) -> Sequence[Any]:
        """The side panel's tabs, inside an open `gr.Tabs`; the X-ray's boxes."""
        import gradio as gr

        from demos.lab import expand

        for demo in DEMOS:
            if demo.name in BESIDE:
                with gr.Tab(demo.title, id=demo.name, elem_id=f"tab-{demo.name}"):
                    gr.HTML(expand(demo))
                    demo.view()(self._weights)
        with gr.Tab(XRAY.title, id=XRAY.name, elem_id=f"tab-{XRAY.name}"):
            gr.HTML(expand(XRAY))
            boxes: Sequence[Any] = XRAY.view()(self._weights)
            return boxes

    def build_lab(self) -> None:
        """The Lab, inside its route."""
        from demos.lab import build_lab

        build_lab(self._weights, BESIDE)

    def further(self) -> str:
        """Links to the demos that are in the Lab alone, as HTML."""
        from demos.lab import further

        return further(BESIDE)

    def watch(self, reply: Reply) -> tuple[Any, ...]:
        """The reply as the X-ray takes it; nothing changes until it is complete."""
        import gradio as gr

        if not (reply.done and reply.sources):
            return (gr.skip(),) * self.watched
        return reply.ask.text, reply.lead.text, reply.continuation, reply.sources[0].number

    def links(self, reply: Reply) -> str:
        """Links that open the demo of the guide question, and the X-ray of this answer."""
        demos = self.demos_of(reply.sources[0].number)
        links = [f"[See it: {title}](#demo-{name})" for title, name in demos]
        return " · ".join([*links, "[X-ray this answer](#demo-xray)"])

    def demos_of(self, number: int) -> list[tuple[str, str]]:
        """Title and name of each demo that illustrates a guide question."""
        return [(demo.title, demo.name) for demo in DEMOS if number in demo.questions]


def open_panel(
    settings: Settings, library: Callable[[], Library], engine: Callable[[], Engine]
) -> DemoPanel:
    """The panel of a page; `library` and `engine` wait for what the page loads anyway."""
    return DemoPanel(Weights(settings, quietly, library, engine))
