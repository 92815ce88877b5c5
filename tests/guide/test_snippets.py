"""Every code section of the guide runs, and agrees with an independent implementation.

A snippet's check lies in `snippets/`, named by its docstring; it is run after the snippet, in the
same namespace.
"""

import ast
import re
from pathlib import Path

import pytest
import torch

from tests.conftest import CORPUS
from tutor.guide.read import read_guide

CHECKS = {
    ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))): path
    for path in sorted((Path(__file__).parent / "snippets").glob("*.py"))
}
SNIPPETS = {
    snippet.title: snippet.text
    for question in read_guide(CORPUS).questions.values()
    for snippet in question.snippets
}
LONGEST = 50  # lines that one still wants to read


def code_of(text):
    """The code of a snippet's Markdown."""
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    return code


def test_every_snippet_has_a_check_and_every_check_a_snippet():
    assert set(CHECKS) == set(SNIPPETS)


def test_every_question_has_code():
    assert all(question.snippets for question in read_guide(CORPUS).questions.values())


@pytest.fixture(autouse=True)
def one_thread():
    """The matrices are tiny: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("title", sorted(SNIPPETS))
def test_a_snippet_agrees_with_another_implementation(title):
    code, check = code_of(SNIPPETS[title]), CHECKS[title].read_text(encoding="utf-8")
    assert len(code.splitlines()) <= LONGEST
    assert max(map(len, code.splitlines())) <= 100
    assert "assert" in check
    namespace = {"__name__": "snippet"}
    exec(compile(code, title, "exec"), namespace)
    exec(compile(check, CHECKS[title].name, "exec"), namespace)
