"""Imports point one way: the listing of packages is the way of the data."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

ORDER = (
    "errors processors settings guide engine turn calls search choose reply start "
    "practice terminal web cli __main__"
).split()


def imported(path: Path) -> set[str]:
    """The packages and modules right below `tutor` or `demos` that a file imports anywhere."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {".".join(m.split(".")[:2]) for m in modules if m.startswith(("tutor.", "demos."))}


@pytest.mark.parametrize("path", sorted(ROOT.glob("tutor/**/*.py")), ids=str)
def test_arrows_point_one_way(path):
    own = path.relative_to(ROOT / "tutor").parts[0].removesuffix(".py")
    if own != "__init__":
        before = {f"tutor.{name}" for name in ORDER[: ORDER.index(own) + 1]}
        assert imported(path) <= before
