"""Leads: which authored text a reply begins with."""

import pytest

from tutor.chunks import Chunk
from tutor.guide import HOW_IT_WORKS
from tutor.lead import formula


class Sections:
    """A retriever that knows one section: parts of the given texts."""

    def __init__(self, *texts: str):
        self._chunks = tuple(
            Chunk(f"q4-{n}", 4, "11_fine_tuning", HOW_IT_WORKS, "", text, text, ())
            for n, text in enumerate(texts)
        )

    def section(self, number, section):
        return self._chunks


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["Words.", "$$a$$", "$$b$$", "$$c$$"], "$$a$$\n\n$$b$$"),
        (["$$a$$", "Words.", "$$b$$"], "$$a$$"),  # the second formula is about something else
        (["Words.", "More words."], "Words."),
    ],
)
def test_a_formula_is_shown_with_what_follows_it_directly(texts, shown):
    assert formula(4, Sections(*texts)).text == shown
