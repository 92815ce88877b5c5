"""The guide's format: read into parts, and refused with file and line when it is broken."""

import pytest

from tests.conftest import write_corpus
from tutor.errors import GuideError
from tutor.guide.read import (
    CODE,
    FOLLOW_UPS,
    HOW_IT_WORKS,
    ONE_MINUTE,
    SECTIONS,
    bullets,
    read_category,
    read_guide,
)


def test_parts_of_a_question(guide):
    question = guide.questions[12]
    assert question.title == "What is the nucleus?"
    assert question.category == "05_text_generation"
    assert question.names == tuple(name for name in SECTIONS if name != CODE)
    assert [f.question for f in question.follow_ups] == [
        "Why is the nucleus used?",
        "How large is the nucleus in practice?",
    ]
    assert question.follow_ups[0].answer.startswith("The nucleus is used because")
    assert question.pitfalls[0].claim == "The nucleus keeps every token."
    assert question.pitfalls[0].correction == "The nucleus keeps only the tokens of its set."
    assert question.section(ONE_MINUTE).startswith("The nucleus is a rule")
    assert question.section(FOLLOW_UPS) == ""


def test_a_figure_is_no_part_of_the_text(tmp_path):
    path = write_corpus(tmp_path) / "05_text_generation" / "README.md"
    dark = '<source media="(prefers-color-scheme: dark)" srcset="figures/sieve.dark.svg">'
    light = '<img alt="A sieve with three holes." src="figures/sieve.svg" width="640">'
    caption = "*Only three tokens fall through.*"
    shown = f"<picture>\n  {dark}\n  {light}\n</picture>\n\n{caption}\n\n"
    text = path.read_text("utf-8").replace("### Worked example", f"{shown}### Worked example", 1)
    path.write_text(text, "utf-8")
    question = read_category(path).questions[0]
    assert question.section(HOW_IT_WORKS).endswith("$$")
    assert question.figure.light == path.parent / "figures" / "sieve.svg"
    assert question.figure.dark.name == "sieve.dark.svg"
    assert question.figure.alt == "A sieve with three holes."
    assert question.figure.caption == "Only three tokens fall through."


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("12,1,definition\n", "1 rows for the"),
        ("12,2,definition\n", "out of order"),
        ("12,1,nonsense\n", "no such part"),
    ],
)
def test_parts_that_do_not_fit_the_key_points_are_refused(tmp_path, rows, message):
    root = write_corpus(tmp_path)
    (root / "points.csv").write_text(f"question,point,part\n{rows}", "utf-8")
    with pytest.raises(GuideError, match=message):
        read_guide(root)


def test_unknown_names_are_refused_with_the_known_ones(guide):
    with pytest.raises(GuideError, match="05_text_generation, 11_fine_tuning_methods"):
        guide.category("99_nothing")
    with pytest.raises(GuideError, match="Q12 has no section"):
        guide.questions[12].section("Nonsense")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# Text Generation\n", "", "expected '# Category title'"),
        ("### Analogy", "### Anology", "unknown section 'Anology'"),
        ("### Key points\n", "", "lacks Key points"),
        ("## Q12: What", "## Question 12: What", "expected '## Qn: title'"),
        ("### How it works", "##### How it works", "unexpected level-5 heading"),
        ("### Worked example", "#### Worked example", "'####' outside"),
    ],
)
def test_a_broken_file_is_named_with_its_line(corpus, old, new, message):
    path = corpus / "05_text_generation" / "README.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GuideError, match=message) as caught:
        read_category(path)
    assert f"{path}:" in str(caught.value)


def test_headings_in_code_fences_are_text(corpus):
    path = corpus / "05_text_generation" / "README.md"
    text = path.read_text(encoding="utf-8").replace("$$p_nucleus = 1$$", "```\n## not one\n```", 1)
    path.write_text(text, encoding="utf-8")
    assert "## not one" in read_category(path).questions[0].section("How it works")


def test_no_guide_at_all(tmp_path):
    with pytest.raises(GuideError, match="No guide in"):
        read_guide(tmp_path)


def test_bullets_join_their_lines():
    assert bullets("- one\n  more\n- two") == ["- one more", "- two"]


@pytest.mark.parametrize("row", ["12,No such passage,why", "4,In one minute,why", "12,Analogy,"])
def test_a_phrasing_that_points_nowhere_is_named_with_its_line(corpus, row):
    path = corpus / "05_text_generation" / "asked.csv"
    path.write_text(f"q,heading,question\n12,Analogy,like what\n{row}\n", encoding="utf-8")
    with pytest.raises(GuideError, match=r"asked\.csv:3: "):
        read_guide(corpus)
