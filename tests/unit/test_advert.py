"""An advertisement's phrases, and where they lead in a small guide."""

import numpy as np
import pytest

from tutor.errors import InputError
from tutor.practice.advert import LONGEST_ADVERT, Led, Match, match, phrases_of
from tutor.search.lexical import Lexical
from tutor.start import Library


@pytest.fixture(scope="module")
def library(guide, embedder, retriever):
    chunks = tuple(retriever.passages)
    return Library(guide, chunks, embedder, retriever._index, retriever)


def texts(advert):
    return [phrase.text for phrase in phrases_of(advert)]


def test_phrases_are_parts_of_items_and_sentences():
    assert texts("• Strong Python; FastAPI, Docker, and AWS\n2) Serve 10,000 users – daily.") == [
        "Strong Python", "FastAPI", "Docker", "AWS", "Serve 10,000 users", "daily",
    ]  # fmt: skip
    assert texts("You tune **adapters**. You know RAG or LoRA (with QLoRA)!") == [
        "tune adapters", "know RAG", "LoRA", "QLoRA",
    ]  # fmt: skip


def test_a_phrase_is_looked_at_once_and_numbers_are_none():
    assert texts("Python, python and 2026\n- Python.\n---\n!?") == ["Python"]


def test_a_phrase_keeps_what_it_stands_in():
    (first, second) = phrases_of("- Go, Rust\n")
    assert first.within == second.within == "Go, Rust"


def test_phrases_lead_to_their_question_and_category(library):
    found = match("nucleus in practice used, adapter in practice used; dental insurance", library)
    assert [(one.number, one.category) for one in found.led] == [
        (12, "05_text_generation"), (4, "11_fine_tuning_methods"),
    ]  # fmt: skip
    assert found.phrases == 3
    assert all(0 < one.near <= 1 for one in found.led)


def test_the_most_wanted_category_comes_first():
    led = (Led("a", 1, "01_x", 0.9), Led("b", 5, "02_y", 0.6), Led("c", 6, "02_y", 0.6))
    assert Match(led, (), 3).folders == ("02_y", "01_x")


@pytest.mark.parametrize("advert", ["", " \n ", "x" * (LONGEST_ADVERT + 1)])
def test_nothing_and_too_much_are_refused(library, advert):
    with pytest.raises(InputError):
        match(advert, library)


@pytest.mark.parametrize("advert", ["!", "\x00\ufffd", "🦙" * 500, "(((", "a" * LONGEST_ADVERT])
def test_odd_texts_lead_nowhere(library, advert):
    assert match(advert, library).led == ()


def test_a_word_is_known_by_its_stem(retriever):
    lexical: Lexical = retriever.lexical
    (stem,) = lexical.words("tokens")
    assert lexical.has(stem)
    assert not lexical.has("kubernet")
    assert np.isfinite(lexical.rarity("kubernet"))
