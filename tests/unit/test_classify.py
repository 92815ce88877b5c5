"""The classifier of topics: separates what can be separated, and comes back from disk as it was."""

import numpy as np
import pytest

from tutor.classify import MOST_TOPICS, read_classifier, train


def clusters(topics, each=20, dimension=8):
    """Unit vectors around one axis per topic, with their topics' numbers."""
    random = np.random.default_rng(0)
    numbers = np.repeat(np.arange(topics), each)
    vectors = np.eye(dimension)[numbers] + 0.2 * random.standard_normal((len(numbers), dimension))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32), (10 * numbers + 3).tolist()


@pytest.mark.parametrize("topics", [2, 5])
def test_each_axis_is_its_topic(topics):
    classifier = train(*clusters(topics))
    assert classifier.numbers == tuple(10 * n + 3 for n in range(topics))
    for place in range(topics):
        logs = classifier.log_probabilities(np.eye(8, dtype=np.float32)[place])
        assert np.exp(logs).sum() == pytest.approx(1)
        assert logs.argmax() == place


def test_logits_by_hand():
    classifier = train(*clusters(3))
    vector = np.full(8, 8**-0.5, dtype=np.float32)
    logits = classifier.weights.astype(float) @ vector + classifier.intercepts
    expected = logits - np.log(np.exp(logits).sum())
    assert classifier.log_probabilities(vector) == pytest.approx(expected, abs=1e-6)


def test_saved_and_read(tmp_path):
    classifier = train(*clusters(3))
    classifier.save(tmp_path / "c.npz")
    again = read_classifier(tmp_path / "c.npz")
    assert again.numbers == classifier.numbers
    assert (again.weights == classifier.weights).all()
    assert read_classifier(tmp_path / "none.npz") is None


def test_too_few_or_too_many_topics_are_not_learned():
    vectors = np.zeros((MOST_TOPICS + 1, 2), dtype=np.float32)
    assert train(vectors, range(MOST_TOPICS + 1)) is None
    assert train(vectors[:3], [4, 4, 4]) is None
