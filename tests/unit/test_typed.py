"""What a person typed is shown as typed, and comes back as typed."""

import pytest
from markdown_it import MarkdownIt

from tutor.web.typed import as_typed, typed

TYPED = [
    "An API costs $0.50 per 1M input and $1.50 per 1M output",
    "why does `vector<int>` or <unk> or <think> vanish",
    "__init__ and a * b * c and ~~no~~",
    "![x](http://example.org/x.png) [a](javascript:alert(1)) www.example.org",
    "# not a heading\n- not a list\n1. nor this\n> nor this\n===\n| a | b |",
    "def f(x):\n    return x\n\treturn",
    "&amp; &#36; \\(x\\) $$y$$",
    "日本語 🙂",
]


@pytest.mark.parametrize("text", TYPED)
def test_it_comes_back(text):
    assert typed(as_typed(text)) == text.replace("\t", "    ")


@pytest.mark.parametrize("text", TYPED)
def test_markdown_sees_nothing_in_it(text):
    tokens = [
        token
        for block in MarkdownIt("commonmark").enable("table").parse(as_typed(text))
        for token in (block, *(block.children or ()))
    ]
    plain = "paragraph_open paragraph_close inline text text_special softbreak".split()
    assert {token.type for token in tokens} <= set(plain)
    assert "$" not in as_typed(text)
