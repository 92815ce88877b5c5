"""The commands of the README and the docs are real ones, and CI runs those that set things up."""

import os
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from demos.catalog import DEMOS
from tests.conftest import ROOT
from tests.docs import README
from tutor.cli import make_parser

PAGES = [README, *sorted(ROOT.glob("docs/**/*.md"))]
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(make|(\.venv/bin/)?python -m)\s\S")


def commands(path: Path) -> list[str]:
    """The command lines of a page, from its code blocks and from code within its sentences."""
    text = path.read_text(encoding="utf-8")
    lines = [line.strip() for block in FENCE.findall(text) for line in block.splitlines()]
    found = [*lines, *SPAN.findall(FENCE.sub("", text))]
    return [line for line in found if COMMAND.match(line)]


def targets() -> set[str]:
    """The targets of the Makefile that have a name of their own."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def make_problem(words: list[str]) -> str:
    """What is wrong with the words after `make`: its target, or a variable it does not read."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for word in words:
        name, assigned, _ = word.partition("=")
        if assigned and not re.search(rf"\$\(({name})\)|^{name} \?=", makefile, re.MULTILINE):
            return f"the Makefile does not read {name}"
        if not assigned and name not in targets():
            return f"the Makefile has no target {name}"
    return ""


def module_problem(module: str, words: list[str]) -> str:
    """What is wrong with `python -m MODULE WORDS`."""
    if module == "tutor":
        try:
            make_parser().parse_args(words)
        except SystemExit as end:  # 0 for --help
            return "the parser refuses it" if end.code else ""
    elif module.startswith("demos."):
        if module.removeprefix("demos.") not in {demo.name for demo in DEMOS}:
            return "no such demo in the catalog"
    elif not find_spec(module):
        return f"there is no module {module}"
    return ""


def problem(command: str) -> str:
    """What is wrong with a command line; empty if nothing is."""
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        return make_problem(words[1:])
    return module_problem(words[2], words[3:])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_a_page_exists(path, capsys):
    found = {command: problem(command) for command in commands(path)}
    assert found
    assert not {command: why for command, why in found.items() if why}


def test_the_commands_are_found():
    found = commands(README)
    assert {"make run", "make test", "make eval"} <= set(found)
    assert sum("python -m tutor" in command for command in found) >= 5
    assert {f"python -m demos.{demo.name}" for demo in DEMOS} <= set(found)


@pytest.mark.parametrize(
    "command",
    [
        "make tea",
        "make demo NAMES=tokenization",
        "python -m tutor teach",
        "python -m tutor search --depth 3 word",
        "python -m tutor ask --port 8000 word",
        "python -m demos.tea",
        "python -m tests.tea",
    ],
)
def test_a_command_that_does_not_exist_is_found_out(command, capsys):
    assert problem(command)


def test_ci_runs_what_the_readme_says_sets_up_and_tests():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert {"set -euo pipefail", "make lint", "make test", "make test-slow"} <= set(lines)
