"""Leads: which authored text a reply begins with."""

import pytest

from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import HOW_IT_WORKS
from tutor.reply.lead import formula


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["Words.", "$$a$$", "$$b$$", "$$c$$"], "$$a$$\n\n$$b$$"),
        (["$$a$$", "Words.", "$$b$$"], "$$a$$"),  # the second formula is about something else
        (["Words.", "More words."], "Words."),
    ],
)
def test_a_formula_is_shown_with_what_follows_it_directly(texts, shown):
    chunks = [
        Chunk(f"q4-{n}", 4, "11_fine_tuning", HOW_IT_WORKS, "", text, text, ())
        for n, text in enumerate(texts)
    ]
    assert formula(4, Passages(chunks)).text == shown
