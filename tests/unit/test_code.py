"""Code sections: read, found by what is asked for, shown when code is wanted."""

from dataclasses import replace

import pytest

from tests.conftest import KINDS
from tutor.errors import GuideError
from tutor.guide.chunks import cut_guide
from tutor.guide.read import CODE, read_guide
from tutor.reply.lead import NO_CODE
from tutor.reply.tutor import Tutor
from tutor.search.index import open_or_build
from tutor.search.retrieve import Retriever
from tutor.turn.kinds import Kind
from tutor.turn.reader import PlainReader

SNIPPET = """### Code

#### Write the nucleus in Python

```python
def nucleus(p):
    return max(p)
```

Interviewers look at the maximum.

### Analogy"""


def add(corpus, text):
    path = corpus / "05_text_generation" / "README.md"
    path.write_text(path.read_text("utf-8").replace("### Analogy", text, 1), "utf-8")
    return path


@pytest.fixture
def coded(corpus, embedder, tmp_path):
    """A tutor over the small guide, of which one question has code."""
    add(corpus, SNIPPET)
    guide = read_guide(corpus)
    chunks = cut_guide(guide, embedder.count, embedder.window)
    index = open_or_build(tmp_path, chunks, embedder)
    reader = PlainReader(embedder, KINDS)
    yield Tutor(guide, Retriever(index, embedder, chunks, reader), None, "none")
    index.close()


def test_a_snippet_is_read_and_cut_as_one_chunk_found_by_its_title(coded):
    (snippet,) = coded.guide.questions[12].snippets
    assert snippet.title == "Write the nucleus in Python"
    assert snippet.title in coded.guide.questions[12].headings
    (chunk,) = coded.passages.section(12, CODE)
    assert chunk.text == snippet.text
    assert "def nucleus" not in chunk.embedded


def test_code_is_shown_when_it_is_wanted(coded):
    *_, reply = coded.reply("write the nucleus in python code")
    assert reply.text.startswith("```python\ndef nucleus(p):")
    assert [chunk.section for chunk in reply.sources] == [CODE]


def test_code_is_shown_before_anything_is_refused(coded):
    """A turn that was not read as a wish for code, and that nothing else answers."""
    retriever = coded.retriever
    ask = coded.understand("write the nucleus in python")
    ask = replace(ask, reading=replace(ask.reading, kinds={Kind.NEAR: 0.9}), kinds=(Kind.NEAR,))
    evidence = replace(retriever.search(ask), covered=False)
    retriever.search = lambda *_: evidence
    assert [chunk.section for chunk in coded.look_up(ask).lead.chunks] == [CODE]
    retriever.rank = lambda *_: []
    assert coded.look_up(ask).lead.refused


def test_other_code_is_said_to_be_lacking(coded):
    *_, reply = coded.reply("code for the adapter")
    assert reply.text.startswith(NO_CODE)


def test_code_out_of_its_place_is_refused(corpus):
    path = add(corpus, "### Analogy")
    text = path.read_text("utf-8")
    path.write_text(text.replace("### Key points", "### Code\n\n### Key points", 1), "utf-8")
    with pytest.raises(GuideError, match="out of order"):
        read_guide(corpus)
