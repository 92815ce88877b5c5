"""The hashing embedder: unit vectors that follow from the words."""

import numpy as np

from tutor.engine.embed import HashingEmbedder


def test_unit_vectors_and_overlap():
    embedder = HashingEmbedder(512)
    vectors = embedder.embed(["top-p sampling", "top-p sampling", "beam search", ""])
    assert vectors.shape == (4, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.isclose(vectors[0] @ vectors[1], 1)
    assert vectors[0] @ vectors[2] < 0.5


def test_one_shared_word_of_two_is_a_cosine_of_a_half():
    one, other = HashingEmbedder(4096).embed(["alpha beta", "alpha gamma"])
    assert np.isclose(one @ other, 0.5)


def test_count_has_room_for_special_tokens():
    assert HashingEmbedder().count("top-p sampling") == 4
