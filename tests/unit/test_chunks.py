"""Chunks: one thought each, within the window, verbatim, with stable ids."""

from tutor.guide.chunks import cut_guide, pieces, split_outside_fences
from tutor.guide.read import FOLLOW_UPS, ONE_MINUTE, PITFALLS, read_guide
from tutor.guide.text import plain


def words(text: str) -> int:
    return len(text.split())


def test_what_becomes_a_chunk(guide):
    chunks = [c for c in cut_guide(guide, words, 256) if c.number == 12]
    kinds = [chunk.section for chunk in chunks]
    assert kinds.count(FOLLOW_UPS) == 2
    assert kinds.count(PITFALLS) == 3
    assert kinds.count(ONE_MINUTE) == 1
    follow_up = next(c for c in chunks if c.section == FOLLOW_UPS)
    assert follow_up.heading == "Why is the nucleus used?"
    assert follow_up.answers == ("Why is the nucleus used?",)
    assert follow_up.embedded.startswith("What is the nucleus? Why is the nucleus used?\n")
    one_minute = next(c for c in chunks if c.section == ONE_MINUTE)
    assert one_minute.answers == ("What is the nucleus?",)


def test_no_chunk_exceeds_the_window_and_nothing_is_lost(guide):
    whole = cut_guide(guide, words, 256)
    small = cut_guide(guide, words, 24)
    assert max(words(c.embedded) for c in whole) <= 256
    assert max(words(c.embedded) for c in small) <= 24
    assert len(small) > len(whole)
    for section in (ONE_MINUTE, FOLLOW_UPS):
        text = [" ".join(c.text for c in cut if c.section == section) for cut in (whole, small)]
        assert text[0] == text[1]


def test_ids_follow_from_the_content(guide, corpus):
    first = cut_guide(guide, words, 256)
    assert len({chunk.id for chunk in first}) == len(first)
    assert [c.id for c in first] == [c.id for c in cut_guide(guide, words, 256)]
    assert all(chunk.id.startswith(f"q{chunk.number}-") for chunk in first)


def test_breaks_at_paragraphs_before_sentences():
    text = "One two. Three four.\n\nFive six. Seven eight."
    assert list(pieces(text, lambda t: words(t) <= 4)) == [
        "One two. Three four.",
        "Five six. Seven eight.",
    ]
    assert next(iter(pieces(text, lambda t: words(t) <= 2))) == "One two."


def test_fences_and_formulas_stay_whole():
    text = "before\n\n```\na\n\nb\n```\n\n$$\nx\n\ny\n$$\n\nafter"
    parts = split_outside_fences(text, r"\n{2,}")
    assert any("a\n\nb" in part for part in parts)
    assert any("x\n\ny" in part for part in parts)


def test_plain_words():
    text = "- **Bold** [Q12](#q12-x) and `code` at $p = 0.9$"
    assert plain(text) == "Bold Q12 and code at p = 0.9"


def test_phrasings_belong_to_the_first_chunk_of_their_passage(corpus):
    path = corpus / "05_text_generation" / "asked.csv"
    path.write_text(
        "q,heading,question\n12,In one minute,why cut the tail\n"
        '12,How large is the nucleus in practice?,"how many, in real life"\n',
        encoding="utf-8",
    )
    chunks = cut_guide(read_guide(corpus), words, 24)
    having = [chunk for chunk in chunks if chunk.asked]
    assert [(c.number, c.section, c.asked) for c in having] == [
        (12, ONE_MINUTE, ("why cut the tail",)),
        (12, FOLLOW_UPS, ("how many, in real life",)),
    ]
    assert having[0].questions == ("What is the nucleus?", "why cut the tail")
