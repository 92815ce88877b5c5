"""What is kept of vectors is recalled, and everything else embedded."""

import numpy as np
import pytest

from tutor.engine.embed import HashingEmbedder
from tutor.search.recalled import FILE, Recalling, packed, read_kept, write_kept

TEXTS = ["the nucleus keeps tokens", "beam search keeps sequences", "a token is a piece"]


class Counting(HashingEmbedder):
    """Notes what it is asked to embed."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def embed(self, texts):
        self.seen += texts
        return super().embed(texts)


@pytest.fixture
def corpus(tmp_path):
    """Two categories; the first has the vectors of two texts."""
    embedder = HashingEmbedder()
    for name in ("01_first", "02_second"):
        (tmp_path / name).mkdir()
    kept = packed(TEXTS[:2], embedder.embed(TEXTS[:2]))
    write_kept(tmp_path / "01_first" / FILE, embedder.name, kept)
    return tmp_path


def test_what_is_kept_is_not_embedded_again(corpus):
    embedder = Counting()
    vectors = Recalling(embedder, corpus).embed([TEXTS[2], TEXTS[0], TEXTS[1]])
    assert embedder.seen == [TEXTS[2]]
    right = HashingEmbedder().embed([TEXTS[2], TEXTS[0], TEXTS[1]])
    assert (vectors * right).sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)


def test_a_text_that_was_changed_is_embedded(corpus):
    embedder = Counting()
    Recalling(embedder, corpus).embed([f"{TEXTS[0]}."])
    assert embedder.seen == [f"{TEXTS[0]}."]


def test_vectors_of_another_embedder_are_left_alone(corpus):
    assert read_kept(corpus, "hashing-64") == []
    assert Recalling(HashingEmbedder(64), corpus).embed(TEXTS).shape == (3, 64)


def test_a_damaged_file_counts_for_nothing(corpus):
    path = corpus / "01_first" / FILE
    path.write_bytes(path.read_bytes()[:300])
    embedder = Counting()
    Recalling(embedder, corpus).embed(TEXTS)
    assert embedder.seen == TEXTS


def test_it_is_the_embedder_it_recalls_for(corpus):
    embedder = HashingEmbedder()
    recalling = Recalling(embedder, corpus)
    assert (recalling.name, recalling.window) == (embedder.name, embedder.window)
    assert recalling.count(TEXTS[0]) == embedder.count(TEXTS[0])
    assert recalling.knows("token") == embedder.knows("token")
    assert len(recalling.embed([])) == 0
