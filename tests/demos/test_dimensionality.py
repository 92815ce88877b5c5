"""PCA by hand, against numpy's SVD and scikit-learn; the small guide; real models."""

import math

import numpy as np
import pytest

from demos.dimensionality import figures as draw
from demos.dimensionality.__main__ import main
from demos.dimensionality.map_figures import category_legend, colors, describe_place, draw_map
from demos.dimensionality.pca import principal_components, same_group
from demos.dimensionality.question_map import QuestionMap, cuts, place, questions_of
from demos.dimensionality.run import QUESTION, run
from demos.dimensionality.view import view
from demos.shared.weights import Weights, open_weights, quietly
from tutor.errors import InputError
from tutor.guide.chunks import cut_guide
from tutor.search.index import open_or_build
from tutor.search.retrieve import Retriever
from tutor.start import Library
from tutor.turn.reader import PlainReader

POINTS = np.array([(8, 7), (2, 1), (6, 3), (4, 5)])  # the guide's Q28


@pytest.fixture
def weights(settings, guide, embedder):
    """The small guide's library in place of the tutor's."""
    chunks = cut_guide(guide, embedder.count, embedder.window)
    index = open_or_build(settings.home, chunks, embedder)
    library = Library(
        guide, chunks, embedder, index, Retriever(index, embedder, chunks, PlainReader(embedder))
    )
    yield Weights(settings, quietly, library=lambda: library)
    index.close()


def test_the_guides_four_points():
    parts = principal_components(POINTS)
    assert parts.mean == pytest.approx([5, 4])
    assert parts.eigenvalues == pytest.approx([12, 4 / 3])
    assert abs(parts.directions[:, 0] @ (1, 1)) == pytest.approx(math.sqrt(2))
    assert parts.shares[0] == pytest.approx(0.9)
    assert (parts.needed(0.9), parts.needed(0.91), parts.needed(1)) == (1, 2, 2)
    first = parts.project(POINTS, 1)[:, 0]
    assert abs(first[0]) == pytest.approx(4.243, abs=5e-4)
    assert first[2] == pytest.approx(0)
    back = parts.mean + np.outer(first, parts.directions[:, 0])
    assert ((POINTS - back) ** 2).sum() == pytest.approx(4)


@pytest.mark.parametrize("shape", [(60, 8), (6, 20)])
def test_equal_to_the_singular_value_decomposition(shape):
    rows = np.random.default_rng(0).normal(size=shape) * np.arange(1, shape[1] + 1)
    parts = principal_components(rows)
    centered = rows - rows.mean(axis=0)
    _, singular, right = np.linalg.svd(centered, full_matrices=False)
    count = min(shape[0] - 1, shape[1])
    assert parts.eigenvalues[:count] == pytest.approx(singular[:count] ** 2 / (shape[0] - 1))
    assert parts.eigenvalues[count:] == pytest.approx(0, abs=1e-9 * parts.eigenvalues[0])
    for i in range(count):
        assert abs(parts.directions[:, i] @ right[i]) == pytest.approx(1)


def test_equal_to_scikit_learns_pca():
    from sklearn.decomposition import PCA

    rows = np.random.default_rng(1).normal(size=(30, 6))
    other = PCA().fit(rows)
    parts = principal_components(rows)
    assert parts.shares == pytest.approx(other.explained_variance_ratio_)
    assert abs(parts.project(rows, 3)) == pytest.approx(abs(other.transform(rows)[:, :3]))


def test_eigenvectors_are_only_stretched():
    rows = np.random.default_rng(2).normal(size=(40, 5))
    parts = principal_components(rows)
    covariance = np.cov(rows, rowvar=False)
    assert covariance @ parts.directions == pytest.approx(parts.directions * parts.eigenvalues)
    assert parts.directions.T @ parts.directions == pytest.approx(np.eye(5), abs=1e-12)
    assert parts.shares.sum() == pytest.approx(1)
    assert np.cov(parts.project(rows, 5), rowvar=False) == pytest.approx(
        np.diag(parts.eigenvalues), abs=1e-12
    )


@pytest.mark.parametrize("rows", [np.ones((1, 3)), np.ones((4, 3))])
def test_nothing_to_decompose(rows):
    with pytest.raises(InputError):
        principal_components(rows)


def test_same_group_by_hand():
    rows = np.array([(1, 0), (0.9, 0.1), (0, 1), (0.1, 0.9), (1, 0.05)])
    # The last row is nearest to both of the first group, so only the second group finds its own.
    assert same_group(rows, [1, 1, 2, 2, 3]) == pytest.approx(2 / 5)
    assert same_group(rows * 7, [1, 1, 2, 2, 1]) == 1
    assert same_group(np.zeros((2, 2)), [1, 2]) == 0


def test_the_small_guides_map(weights):
    found = run("Why is the nucleus used?", share=0.5, weights=weights)
    guide = weights.library().guide
    assert len(found.questions.texts) == len(list(questions_of(guide))) == 9
    number = found.questions.texts.index("Why is the nucleus used?")
    assert found.place.neighbors[0] == number
    assert found.place.cosines[0] == pytest.approx(1)
    spot = found.questions.components.project(found.questions.vectors[number][None], 2)[0]
    assert found.place.spot == pytest.approx(tuple(spot))
    assert 1 <= found.needed <= 8
    assert found.place.kept == 9  # all nine, here and there


def test_keeping_everything_changes_no_neighbor():
    random = np.random.default_rng(3)
    vectors = random.normal(size=(30, 12)).astype(np.float32)
    vectors -= vectors.mean(axis=0)  # a rotation about the mean keeps cosines
    questions = QuestionMap(("t",) * 30, tuple(range(10)) * 3, ("c",) * 30, vectors,
                  principal_components(vectors))  # fmt: skip
    last = cuts(questions)[-1]
    assert last.size == 12
    assert last.components == last.coordinates
    assert cuts(questions, seed=1) == cuts(questions, seed=1)


def test_a_text_in_the_plane_is_shown_whole():
    vectors = np.random.default_rng(4).normal(size=(20, 5)).astype(np.float32)
    parts = principal_components(vectors)
    questions = QuestionMap(("t",) * 20, (1,) * 20, ("c",) * 20, vectors, parts)
    inside = (parts.mean + 2 * parts.directions[:, 0] - parts.directions[:, 1]).astype(np.float32)
    found = place(questions, "x", inside)
    assert found.shown == pytest.approx(1, abs=1e-5)
    assert found.spot == pytest.approx((2, -1), abs=1e-5)
    outside = (parts.mean + parts.directions[:, 4]).astype(np.float32)
    assert place(questions, "x", outside).shown == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(("question", "share"), [("", 0.9), ("a" * 501, 0.9), ("a", 0), ("a", 1.5)])
def test_bounds(question, share, weights):
    with pytest.raises(InputError):
        run(question, share, weights=weights)


def test_pictures(weights):
    evil = "<script>alert(1)</script>"
    found = run(evil, weights=weights)
    titles = {c.folder: c.title for c in weights.library().guide.categories}
    drawn = draw_map(found.place, found.questions, titles)
    page = describe_place(found.place, found.questions) + str(drawn.to_dict())
    assert "<script" not in page
    assert len(drawn.data[0].x) == len(found.questions.texts)
    assert len(drawn.data[1].x) == len(titles)
    assert drawn.data[2].x == (found.place.spot[0],)
    parts = found.questions.components
    assert f"<b>{parts.needed(0.9)}</b>" in draw.describe_components(parts, 0.9)
    assert draw.judge_guess(parts, parts.needed(0.9)).startswith("<p>Close")
    assert len(draw.draw_eigenvalues(parts, 0.9).data) == 3
    assert "bytes" in draw.describe_cuts(found.cuts)
    assert len(draw.draw_cuts(found.cuts).data) == 3
    assert category_legend(titles).count("<li") == 2


def test_colors_differ():
    assert len(set(colors([str(n) for n in range(21)]).values())) == 21


def test_the_view_loads_nothing(settings):
    import gradio as gr

    def fail():
        raise AssertionError("loaded while building")

    with gr.Blocks():
        for _ in range(2):
            box = view(Weights(settings, quietly, library=fail, engine=fail))
    assert box.value == QUESTION


def test_bad_input_is_one_line(capsys):
    assert main(["--share", "2"]) == 2
    assert capsys.readouterr().err.startswith("The share of variance")


@pytest.mark.model
@pytest.mark.slow
def test_the_whole_guide():
    found = run(weights=open_weights())
    vectors = found.questions.vectors
    singular = np.linalg.svd(vectors - vectors.mean(axis=0), compute_uv=False)
    values = singular.astype(np.float64) ** 2 / (len(vectors) - 1)
    assert found.questions.components.eigenvalues == pytest.approx(values, rel=1e-3, abs=1e-7)
    kept = np.cumsum(values) / values.sum()
    assert kept[found.needed - 2] < 0.9 <= kept[found.needed - 1] + 1e-6
    assert found.questions.numbers[found.place.neighbors[0]] == 14
    by_size = {cut.size: cut for cut in found.cuts}
    assert by_size[64].components > by_size[64].random
    assert by_size[64].components > 0.9 * by_size[384].coordinates
    assert by_size[2].components < 0.2
