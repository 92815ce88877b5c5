"""The real guide in the real index."""

import numpy as np
import pytest

from tutor.search.index import entries_of, questions_of
from tutor.search.recalled import key_of, read_kept
from tutor.start import open_library

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_no_chunk_is_longer_than_the_embedders_window(library):
    for chunk in library.chunks:
        assert library.embedder.count(chunk.embedded) <= library.embedder.window, chunk.id


def test_the_index_holds_every_entry_and_is_reused(library, real_settings):
    entries = [*entries_of(library.chunks), *questions_of(list(library.retriever.written))]
    assert len(library.index) == len(entries)
    steps = []
    again = open_library(real_settings, lambda text, _: steps.append(text), library.embedder)
    assert not any("Building" in step for step in steps)
    again.index.close()


def test_the_vectors_of_the_corpus_are_kept_and_right(library, real_settings):
    entries = [*entries_of(library.chunks), *questions_of(list(library.retriever.written))]
    texts = {key_of(entry.text): entry.text for entry in entries}
    kept = {
        int(key): row
        for one in read_kept(real_settings.corpus, library.embedder.name)
        for key, row in zip(one.keys, one.rows, strict=True)
    }
    assert set(kept) == set(texts), "python -m training.vectors"
    some = sorted(kept)[:: len(kept) // 40]
    rows = np.stack([kept[key].astype(np.float32) for key in some])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert (
        (rows * library.embedder.embed([texts[key] for key in some])).sum(axis=1) > 0.9995
    ).all()


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Why would top-p keep only one token?", 12),
        ("how many beams do people use", 5),
        ("what is byte pair encoding", 1),
        ("why are there several attention heads", 22),
        ("what does LoRA train", 4),
    ],
)
def test_a_question_finds_its_topic(library, question, number):
    evidence = library.retriever.search(question)
    assert evidence.covered
    assert evidence.topics[0] == number


@pytest.mark.parametrize("question", ["How do I cook pasta?", "who won the world cup in 1998"])
def test_what_is_far_off_is_not_covered(library, question):
    assert not library.retriever.search(question).covered


def test_every_title_finds_itself(library):
    for number, question in library.guide.questions.items():
        assert library.retriever.search(question.title).topics[0] == number, question.title
