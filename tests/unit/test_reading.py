"""The Guide place: addresses, contents, what is found, and whole questions as Markdown."""

import pytest

from tests.conftest import real_guide
from tutor.web.reading import address_of, anchor, article_of, bar, contents, look, matches, shower


@pytest.fixture(scope="module")
def guide():
    return real_guide()


@pytest.fixture(scope="module")
def show(guide):
    return shower(guide, lambda number: [("Sampling", "sampling")] if number == 12 else [])


def test_an_address_opens_a_question_with_its_ways_on(show):
    ways, text = show("?q=12")
    assert "## Q12: Top-k vs top-p sampling?" in text
    assert 'href="./?ask=12"' in ways
    assert 'href="lab?demo=sampling"' in ways
    assert "[Q12](guide?q=12)" in show("q=6")[1]


@pytest.mark.parametrize(
    "query", ["", "?", "q=51", "q=x", "q=²", "q=-1", "category=../../etc", "q=" + "9" * 5000]
)
def test_an_address_of_nothing_opens_the_welcome(show, query):
    ways, text = show(query)
    assert ways == ""
    assert text.startswith("## The guide")


def test_the_sheet_has_what_to_say_first_about_all(show, guide):
    text = show("?sheet=all")[1]
    assert all(f"[Q{number}](guide?q={number})" in text for number in guide.questions)
    one = show("category=05_text_generation")[1]
    assert "[Q12](guide?q=12)" in one
    assert "[Q1](guide?q=1)" not in one


def test_the_ends_of_the_guide_have_one_neighbor(guide):
    numbers = [q.number for category in guide.categories for q in category.questions]
    first, last = guide.questions[numbers[0]], guide.questions[numbers[-1]]
    assert "←" not in bar(first, guide, [])
    assert "→" in bar(first, guide, [])
    assert "→" not in bar(last, guide, [])


def test_every_passage_of_a_question_can_be_landed_on(guide):
    for question in guide.questions.values():
        text = article_of(question, guide)
        wanted = [f'id="{anchor(heading)}"' for heading in question.headings]
        assert [place for place in wanted if place not in text] == []
        assert len(wanted) == len(set(wanted))


def test_a_search_needs_every_word_and_prefers_titles(guide):
    found = sorted(look(guide, ["beam", "search"]), key=lambda one: -one.worth)
    assert found[0].heading == "Beam search vs greedy decoding?"
    assert address_of(found[0]) == "guide?q=5"
    choice = max(look(guide, ["beam", "width", "choose"]), key=lambda one: one.worth)
    assert address_of(choice) == "guide?q=5#at-what-is-beam-width-and-how-do-i-choose-it"
    assert "Nothing has these words." in matches(guide, "beam zebra")
    assert matches(guide, "  ") == contents(guide)


def test_what_is_typed_is_never_markup(guide):
    assert "<img" not in matches(guide, "<img src=x onerror=alert(1)>")
    assert len(matches(guide, "a" * 100_000)) < 1000
