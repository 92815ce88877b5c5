"""The Lab place: every demo with the room it needs, chosen from pictures.

    lab                       the pictures
    lab?demo=sampling         a demo, with its default computed
    lab?demo=sampling&text=…  the same on a text of one's own

The demos are those of the side panel, built once more; the page's script opens what an address
names and presses the demo's main button. Nothing is loaded before that.
"""

import html

import gradio as gr

from demos.catalog import DEMOS, XRAY, Demo
from demos.shared.weights import Weights

ALL = (*DEMOS, XRAY)
WELCOME = """<h2>The Lab</h2>
<p>The guide's ideas, running on this machine: on real models where there is one, with your own
words and numbers. Choose one; it starts with an example.</p>"""


def build_lab(weights: Weights, beside: tuple[str, ...]) -> None:
    """The components of the place, inside its route; `beside` names what the side panel has too."""
    with gr.Column(elem_id="lab"), gr.Tabs(elem_id="demos", overflow_behavior="wrap"):
        with gr.Tab("All", id="index", elem_id="tab-index"):
            gr.HTML(index())
        for demo in ALL:
            with gr.Tab(demo.title, id=demo.name, elem_id=f"tab-{demo.name}"):
                gr.HTML(heading(demo, demo.name in beside))
                demo.view()(weights)


def index() -> str:
    """A card for every demo: its picture, what one sees, its questions of the guide."""
    cards = "".join(
        f'<li><a href="{address(demo)}">{demo.picture}<h3>{html.escape(demo.title)}</h3>'
        f"<p>{html.escape(sentence(demo))}</p></a>"
        f'<p class="asked">{question_links(demo)}</p></li>'
        for demo in ALL
    )
    return f'{WELCOME}<ul class="cards">{cards}</ul>'


def heading(demo: Demo, beside: bool) -> str:
    """What stands above a demo: its name, the way back, its questions of the guide."""
    back = f'<a href="./?demo={demo.name}">Beside the chat</a>' if beside else ""
    return (
        f'<div class="heading"><h2>{html.escape(demo.title)}</h2>'
        '<nav class="ways" aria-label="This demo">'
        f'<a href="lab">All demos</a> {back} {question_links(demo)}</nav></div>'
    )


def further(beside: tuple[str, ...]) -> str:
    """Links to the demos that the side panel does not have."""
    links = " ".join(
        f'<a href="{address(demo)}">{html.escape(demo.title)}</a>'
        for demo in ALL
        if demo.name not in beside
    )
    return f'<nav aria-label="More demos">More in the Lab: {links}</nav>'


def expand(demo: Demo) -> str:
    """The link from a tab of the side panel to the same demo here."""
    return f'<a class="expand" href="{address(demo)}">Expand in the Lab</a>'


def question_links(demo: Demo) -> str:
    """Links to a demo's questions, in the place where the guide is read."""
    return " ".join(f'<a href="guide?q={number}">Q{number}</a>' for number in demo.questions)


def address(demo: Demo) -> str:
    """Where a demo is found."""
    return f"lab?demo={demo.name}"


def sentence(demo: Demo) -> str:
    """What a demo shows, as a sentence."""
    return f"{demo.shows[0].upper()}{demo.shows[1:]}."
