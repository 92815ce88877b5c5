"""The Lab: a card for every demo, its ways on, and nothing loaded while it is built."""

import re
from xml.etree import ElementTree

import pytest

from demos.catalog import DEMOS, XRAY
from demos.lab import ALL, further, heading, index
from demos.shared.weights import quietly
from demos.tabs import BESIDE, DemoPanel
from tests.demos.test_contract import NoModels

MOST_BYTES = 4000  # of a picture: the index has one for every demo
LAB = re.compile(r'href="lab\?demo=(\w+)"')


def test_the_index_leads_to_every_demo_and_its_questions():
    page = index()
    assert LAB.findall(page) == [demo.name for demo in (*DEMOS, XRAY)]
    for demo in ALL:
        assert demo.title in page
        assert all(f'href="guide?q={number}"' in page for number in demo.questions)


@pytest.mark.parametrize("demo", ALL, ids=lambda demo: demo.name)
def test_a_picture_is_a_small_drawing_in_the_pages_own_colors(demo):
    root = ElementTree.fromstring(demo.picture)
    assert root.tag.endswith("svg")
    assert root.get("viewBox") == "0 0 160 90"
    assert root.get("aria-hidden") == "true"  # its title stands below it
    assert len(demo.picture.encode()) <= MOST_BYTES
    paints = {e.get(key) for e in root.iter() for key in ("fill", "stroke")}
    assert paints <= {None, "none", "currentColor", "var(--color-accent)"}


def test_a_demo_leads_back_to_its_tab_if_it_has_one():
    sampling = next(demo for demo in DEMOS if demo.name == "sampling")
    assert 'href="./?demo=sampling"' in heading(sampling, beside=True)
    assert 'href="guide?q=12"' in heading(sampling, beside=True)
    assert "./?demo" not in heading(sampling, beside=False)


def test_the_panel_has_a_tab_or_a_link_for_every_demo():
    linked = LAB.findall(further(BESIDE))
    assert sorted([*linked, *BESIDE]) == sorted(demo.name for demo in ALL)


def test_both_places_are_built_in_one_page_and_load_nothing(settings):
    import gradio as gr

    panel = DemoPanel(NoModels(settings, quietly))
    page = gr.Blocks()
    with page.route("Lab", "lab"):
        panel.build_lab()
    page.current_page = ""
    with page, gr.Tabs():
        assert len(panel.build()) == panel.watched
    tabs = {"": [], "lab": []}
    for block in page.blocks.values():
        if isinstance(block, gr.Tab) and block.elem_id:
            tabs[block.page].append(block.elem_id.removeprefix("tab-"))
    assert tabs["lab"] == ["index", *(demo.name for demo in ALL)]
    assert tabs[""] == list(BESIDE)
    # What starts by itself with a place starts nothing of the other.
    for event in page.fns.values():
        assert {block.page for block in (*event.inputs, *event.outputs)} <= {event.page}
