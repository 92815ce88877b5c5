"""A demo is a folder: in it imports point one way, and none leads into another demo."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.conftest import ROOT

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(ROOT.glob("demos/**/*.py"))
}
ROOMS = sorted({name.split(".")[1] for name in FILES if name.count(".") == 2} - {"shared"})
# What may import what: a file only imports from files that stand further left.
LEVELS = ("mathematics", "run", "figures", "view", "__main__")


def level(name):
    """Where a file stands: view.py and position_view.py are views, beam.py is mathematics."""
    last = name.rpartition(".")[2].rpartition("_")[2] if "__" not in name else "__main__"
    return LEVELS.index(last if last in LEVELS else "mathematics")


def imported(name):
    """The modules of this repository that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & set(FILES)) or {node.module}
            found |= {node.module} if not inside <= set(FILES) else set()
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {module for module in found if module.split(".")[0] in ("demos", "tutor", "tests")}


@pytest.mark.parametrize("name", [n for n in FILES if n.count(".") == 2])
def test_a_demo_imports_itself_and_what_is_shared(name):
    room = name.split(".")[1]
    for module in imported(name):
        if module.startswith("demos."):
            assert module.split(".")[1] in (room, "shared"), module
        else:
            assert module.startswith("tutor."), module


@pytest.mark.parametrize("name", [n for n in FILES if n.split(".")[1:2] != ["shared"]])
def test_imports_point_to_the_mathematics(name):
    room = name.rpartition(".")[0]
    for module in imported(name):
        if module.startswith(f"{room}.") and name.count(".") == 2:
            assert level(module) <= level(name), module
            assert level(module) != LEVELS.index("view") or level(name) == level(module), module


def test_nothing_goes_in_circles():
    tuple(TopologicalSorter({name: imported(name) & set(FILES) for name in FILES}).static_order())


@pytest.mark.parametrize("path", sorted(ROOT.glob("tutor/**/*.py")), ids=lambda path: path.stem)
def test_the_tutor_knows_no_demo(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [a.name for node in nodes if isinstance(node, ast.Import) for a in node.names]
    assert not [module for module in modules if module.split(".")[0] == "demos"]


def test_every_demo_has_its_rooms_files():
    for room in ROOMS:
        for part in ("", ".run", ".figures", ".view", ".__main__"):
            assert f"demos.{room}{part}" in FILES


def test_opening_a_demo_loads_nothing_heavy():
    code = (
        "import sys, importlib, demos.catalog\n"
        f"for room in {ROOMS}: importlib.import_module('demos.' + room)\n"
        "print({'gradio', 'torch', 'numpy', 'plotly'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "set()"


def test_gradio_stays_in_the_views():
    for name, path in FILES.items():
        views = ("demos.lab", "demos.tabs", "demos.shared.panel")
        if level(name) < LEVELS.index("view") and name not in views:
            assert "import gradio" not in path.read_text(encoding="utf-8"), name
