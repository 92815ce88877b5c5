"""The tree keeps its promises: arrows, docstrings, small files, pins that agree, true tables."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs import README, TABLES, with_tables

MODULES = sorted([*ROOT.glob("tutor/**/*.py"), *ROOT.glob("demos/**/*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


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


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_the_tables_of_the_docs_are_those_of_the_code(path):
    assert with_tables(path) == path.read_text(encoding="utf-8"), "run: python -m tests.docs"


def test_the_readme_lists_every_package():
    text = README.read_text(encoding="utf-8")
    for path in ROOT.glob("tutor/*/__init__.py"):
        assert f"  {path.parent.name}/" in text, f"{path.parent.name}/ is not in the README's tree"
