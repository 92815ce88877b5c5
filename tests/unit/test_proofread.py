"""The proofreader finds what breaks the guide's form, and nothing in the real guide."""

from pathlib import Path

import pytest

from tests.conftest import CORPUS
from tutor.guide.proofread import anchor_of, link_problem, math_problems, proofread

FOLDER = "05_text_generation"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """One category of the real guide, to be broken."""
    for name in ("categories.csv", "questions.csv", f"{FOLDER}/README.md"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((CORPUS / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## Q5: Beam", "## Q6: Beam", "questions are"),
        ("# Text Generation Strategies", "# Text", "title should be"),
        ('- Wrong: "', '- False: "', "a pitfall is not of the form"),
        ("#### Is beam search slower than greedy decoding, and by how much?",
         "#### Beam search is slower", "ends with '?'"),
        ("(#q12-top-k-vs-top-p-sampling)", "(#q12-sampling)", "no such question"),
        ("arXiv:1904.09751", "arXiv:1904.9", "is not an arXiv id"),
        ("favor short outputs", "favour short outputs", "looks British"),
        ("$T \\gt 0$", "$T > 0$", "use \\lt or \\gt"),
        ("Greedy decoding takes", "Greedy decoding — takes", "em dash"),
    ],
)  # fmt: skip
def test_each_kind_of_break_is_found(copy, old, new, message):
    path = copy / FOLDER / "README.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    findings = proofread(copy, [copy / FOLDER])
    assert any(message in finding.message for finding in findings), findings
    assert all(finding.path == path and finding.line >= 1 for finding in findings)


def test_missing_folder_is_a_finding(copy):
    (finding,) = proofread(copy, [copy / "06_training_objectives"])
    assert "cannot be read" in finding.message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("$a$", None),
        ("costs $5", "odd number"),
        ("$ a$", "space just inside"),
        ("x$a$", "touches a letter"),
        ("$$\n\\frac{1}{2\n$$", "unbalanced"),
        ("$\\operatorname{softmax}$", "operatorname"),
        ("$50%$", "% in maths"),
        ("$$\\left( a$$", "\\left without \\right"),
    ],
)
def test_maths_that_would_not_render(text, problem):
    found = [message for _, message in math_problems(text)]
    assert (problem is None) == (not found)
    assert problem is None or any(problem in message for message in found)


def test_links_between_categories():
    anchors = {anchor_of(12, "Top-k vs top-p sampling?"): FOLDER}
    target = "#q12-top-k-vs-top-p-sampling"
    assert link_problem("Q12", target, FOLDER, anchors) is None
    assert link_problem("Q12", f"../{FOLDER}/README.md{target}", "02_x", anchors) is None
    assert "should go to" in (link_problem("Q12", target, "02_x", anchors) or "")
    assert "points to" in (link_problem("Q13", target, FOLDER, anchors) or "")
