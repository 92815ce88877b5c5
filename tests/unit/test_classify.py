"""The classifier of topics: separates what can be separated, and comes back from disk as it was."""

import numpy as np
import pytest

from tutor.search.classify import MOST_QUESTIONS, RIDGE, WIDTH, read_classifier, train


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
        scores = classifier.scores(np.eye(8, dtype=np.float32)[place])
        assert scores.argmax() == place
        assert scores[place] == pytest.approx(1, abs=0.2)


def test_equal_to_scikit_learns():
    from sklearn.kernel_ridge import KernelRidge

    vectors, numbers = clusters(3)
    labels = np.array(numbers)[:, None] == np.array([3, 13, 23])
    theirs = KernelRidge(alpha=RIDGE, kernel="rbf", gamma=WIDTH).fit(vectors, labels.astype(float))
    probe = np.full((1, 8), 8**-0.5, dtype=np.float32)
    assert train(vectors, numbers).scores(probe[0]) == pytest.approx(
        theirs.predict(probe)[0], abs=1e-4
    )


def test_saved_and_read(tmp_path):
    classifier = train(*clusters(3))
    classifier.save(tmp_path / "c.npz")
    again = read_classifier(tmp_path / "c.npz")
    assert again.numbers == classifier.numbers
    assert (again.says == classifier.says).all()
    assert read_classifier(tmp_path / "none.npz") is None


def test_too_few_topics_or_too_many_questions_are_not_learned():
    vectors = np.zeros((MOST_QUESTIONS + 1, 2), dtype=np.float32)
    assert train(vectors, [place % 2 for place in range(len(vectors))]) is None
    assert train(vectors[:3], [4, 4, 4]) is None
