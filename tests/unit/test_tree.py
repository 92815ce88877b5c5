"""The tree keeps its promises: arrows, docstrings, small files, pins that agree, true tables."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs import README, TABLES, with_tables

MODULES = sorted([*ROOT.glob("tutor/*.py"), *ROOT.glob("demos/*.py")])

# The data's way through the package. A module imports only from those before it.
ORDER = """errors settings guide proofread chunks embed classify index lexical topics gate fitted
spelling wording statement polarity copying support retrieve generate intent dialogue lead
continuation prompt llm small_talk suggest answer catalog download models llama endpoint start
loading sources jsonl terminal chat page serve cli __main__""".split()


def imported(path: Path) -> set[str]:
    """The modules of `tutor` that a file imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tutor."):
            found.add((node.module or "").split(".")[1])
    return found


@pytest.mark.parametrize("path", sorted(ROOT.glob("tutor/*.py")), ids=lambda p: p.stem)
def test_arrows_point_one_way(path):
    if path.stem == "__init__":
        return
    assert path.stem in ORDER, f"say where {path.stem} stands in the data's way"
    before = set(ORDER[: ORDER.index(path.stem)])
    assert imported(path) <= before


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_importing_the_package_loads_nothing_heavy():
    modules = [f"tutor.{name}" for name in ORDER if name not in ("__main__", "chat", "page", "llm")]
    heavy = "gradio torch transformers sentence_transformers chromadb xllamacpp".split()
    # These reach LlamaIndex's small core; what they load must stay light all the same.
    code = (
        f"import sys, importlib\n[importlib.import_module(m) for m in {modules[:12]}]\n"
        f"import tutor.cli, tutor.models, demos.catalog\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def pins(path: Path) -> dict[str, str]:
    """name → version of the pinned lines of a requirements file."""
    lines = re.findall(r"^([\w.-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in lines}


def test_every_dependency_is_pinned_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    constraints, space = pins(ROOT / "constraints.txt"), pins(ROOT / "requirements.txt")
    assert space.items() <= constraints.items()
    for line in project["project"]["dependencies"]:
        name = re.split(r"[<>=]", line)[0].lower().replace("_", "-")
        assert name in space, f"{name} is not in requirements.txt"
    for line in project["dependency-groups"]["dev"]:
        assert re.split(r"[<>=]", line)[0].lower() in constraints


def test_the_readmes_tables_are_those_of_the_code():
    text = README.read_text(encoding="utf-8")
    for name in TABLES:
        assert f"<!-- {name} -->" in text
    assert with_tables(text) == text, "run: python -m tests.docs"


def test_the_readme_lists_every_module():
    text = README.read_text(encoding="utf-8")
    for path in ROOT.glob("tutor/*.py"):
        if not path.stem.startswith("__"):
            assert path.name in text, f"{path.name} is missing from the README's file tree"
