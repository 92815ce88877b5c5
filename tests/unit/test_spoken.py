"""The guide as a voice says it: formulas in words or left out, nothing that would be spelt."""

import pytest

from tests.conftest import real_guide
from tutor.guide.spoken import FORMULA, aloud, formula
from tutor.web.reading import bar


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"p = 0.9", "p equals 0.9"),
        (r"q \cdot k / \sqrt{d_k}", "q times k divided by the square root of d k"),
        (r"\frac{1}{n}", "1 divided by n"),
        (r"O(n^2)", "O n squared"),
        (r"x_{t-1}", "x t-1"),
        (r"p(y \mid x)", "p y given x"),
        (r"\varepsilon \le 10^{-6}", "epsilon is at most 10 to the power minus 6"),
        (r"\mathrm{KL}(P \parallel Q)", FORMULA),
        ("a + " * 30, FORMULA),
    ],
)
def test_a_formula_is_said_or_left_out(tex, words):
    assert formula(tex) == words


def test_code_tables_figures_and_marks_are_left_out():
    text = "## One\nSee **this** [page](a.md).\n```python\nx = 1\n```\n| a | b |\n- `last` <b>x</b>"
    assert aloud(text) == "One. See this page. last x"


def test_a_question_can_be_listened_to():
    guide = real_guide()
    assert 'class="listen"' in bar(guide.questions[12], guide, [])
