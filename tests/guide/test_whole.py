"""The guide as a whole: complete, without findings, and fit to be read aloud."""

import re
import shutil

from tests.conftest import CORPUS, real_guide
from tutor.guide.proofread import proofread
from tutor.guide.read import KEY_POINTS, bullets, canonical_categories, canonical_questions
from tutor.guide.spoken import aloud
from tutor.web.reading import READ_ALOUD


def test_the_guide_is_complete():
    guide = real_guide()
    assert sorted(guide.questions) == list(range(1, 51))
    expected = [(folder, title) for folder, title, _ in canonical_categories(CORPUS)]
    assert [(c.folder, c.title) for c in guide.categories] == expected
    written = [(q.number, c.folder, q.title) for c in guide.categories for q in c.questions]
    assert written == canonical_questions(CORPUS)
    assert sum(len(q.follow_ups) for q in guide.questions.values()) >= 420


def test_every_key_point_is_a_part_of_an_answer():
    guide = real_guide()
    for number, question in guide.questions.items():
        assert len(guide.parts[number]) == len(bullets(question.section(KEY_POINTS)))
        assert len(set(guide.parts[number])) > 1, number


def test_the_guide_has_no_findings():
    assert [str(finding) for finding in proofread(CORPUS)] == []


def test_a_snippet_without_a_python_fence_is_found(tmp_path):
    corpus = shutil.copytree(CORPUS, tmp_path / "corpus")
    path = corpus / "02_attention_mechanisms" / "README.md"
    path.write_text(path.read_text("utf-8").replace("```python", "```", 1), "utf-8")
    assert any("not a Python fence" in finding.message for finding in proofread(corpus))


def test_nothing_of_the_guide_is_spelt():
    for question in real_guide().questions.values():
        text = aloud("\n".join(map(question.section, READ_ALOUD)))
        assert not re.search(r"[\\{}<>|$`*_^]|https?:", text), question.number
