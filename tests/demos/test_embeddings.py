"""The embeddings demo: tables made by hand, a fresh table's formulas, the real models."""

import dataclasses
import math

import numpy as np
import pytest

from demos.embeddings import figures as draw
from demos.embeddings import initialization, neighbors, senses
from demos.embeddings import word_vectors as vectors
from demos.embeddings.__main__ import main
from demos.embeddings.initialization_figures import describe_start, learned_table, loss_plot
from demos.embeddings.run import run
from demos.embeddings.view import SCALES, view
from demos.embeddings.word_vectors import Table, analogy, cosines, parse
from demos.shared.weights import TorchModel, Weights, open_weights, quietly
from tutor.engine.embed import MiniLM
from tutor.engine.models import embedder_dir
from tutor.errors import InputError
from tutor.guide.chunks import cut_guide
from tutor.search.index import open_or_build
from tutor.search.retrieve import Retriever
from tutor.start import Library
from tutor.turn.reader import PlainReader


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


@pytest.fixture
def table():
    """Male and female on one axis, royal and common on the other."""
    rows = {
        "man": (1, 0, 1), "woman": (-1, 0, 1), "king": (1, 1, 1), "queen": (-1, 1, 1),
        "Queen": (-1, 1.1, 1), "stone": (0, 0, -1),
    }  # fmt: skip
    return Table("toy", tuple(rows), vectors.unit(np.array(list(rows.values()), dtype=np.float32)))


def test_cosines_of_the_guides_rows():
    found = cosines(np.array([(0.8, 0.6), (0.6, 0.8), (0.8, -0.6)], dtype=np.float32))
    assert found == pytest.approx(np.array([[1, 0.96, 0.28], [0.96, 1, 0], [0.28, 0, 1]]), abs=1e-6)


def test_cosines_do_not_depend_on_lengths_and_equal_scikit_learns():
    from sklearn.metrics.pairwise import cosine_similarity

    rows = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    assert cosines(rows) == pytest.approx(cosine_similarity(rows), abs=1e-6)
    assert cosines(3 * rows) == pytest.approx(cosines(rows), abs=1e-6)
    assert not cosines(np.zeros((2, 3), dtype=np.float32)).any()


def test_analogy_by_hand(table):
    found = analogy(table, "king - man + woman", count=2)
    total = sum(
        sign * np.array(row) / np.linalg.norm(row)
        for sign, row in ((1, (1, 1, 1)), (-1, (1, 0, 1)), (1, (-1, 0, 1)))
    )
    queen = np.array((-1, 1, 1)) / math.sqrt(3)
    assert found.expression == "king - man + woman"
    assert found.others[0].word == "queen"
    assert found.others[0].cosine == pytest.approx(total @ queen / np.linalg.norm(total), abs=1e-6)


def test_inputs_are_left_out_in_any_case(table):
    found = analogy(table, "Queen + queen", count=3)
    assert {n.word for n in found.everything} >= {"Queen", "queen"}
    assert not {"Queen", "queen"} & {n.word for n in found.others}
    assert [n.word for n in analogy(table, "STONE", 1).everything] == ["stone"]


@pytest.mark.parametrize(
    "text", ["", "king -", "king man", "king * man", "a+b+c+d+e+f+g", "x" * 200, "king - <b>"]
)
def test_expressions_that_cannot_be_read(text):
    with pytest.raises(InputError, match="Write up to 6 words"):
        parse(text)


def test_expressions_are_read_with_any_minus():
    assert parse(" king − man+woman ") == [(1, "king"), (-1, "man"), (1, "woman")]
    assert parse("-man") == [(-1, "man")]


def test_unknown_and_cancelling_words(table):
    with pytest.raises(InputError, match="'emperor' is not one token of toy"):
        analogy(table, "king - emperor")
    with pytest.raises(InputError, match="cancel"):
        analogy(table, "king - king")


def test_the_word_table_keeps_whole_words_alone():
    import torch

    class Tokens:
        def get_vocab(self):
            return {"Ġthe": 0, "ing": 1, "Ġcat": 2, "Ġ12": 3, "Ġé": 4}

    model = torch.nn.Module()
    model.get_input_embeddings = lambda: torch.nn.Embedding.from_pretrained(torch.eye(5) * 4)
    found = vectors.word_table(TorchModel("toy", Tokens(), model))
    assert found.words == ("the", "cat")
    assert found.row("cat").tolist() == [0, 0, 1, 0, 0]


def test_a_fresh_table_is_as_the_guide_computes():
    start = initialization.initialize(0.02, 768)
    assert start.expected_norm == pytest.approx(0.554, abs=5e-4)
    assert start.expected_cosine_spread == pytest.approx(0.036, abs=5e-4)
    assert start.norm == pytest.approx(start.expected_norm, rel=0.01)
    assert start.cosine_spread == pytest.approx(start.expected_cosine_spread, rel=0.02)
    assert start.logit_spread == pytest.approx(start.expected_norm, rel=0.02)
    assert start.loss == pytest.approx(math.log(1000) + 0.554**2 / 2, abs=0.01)


def test_the_first_loss_agrees_with_torch():
    import torch

    start = initialization.initialize(0.3, 64, 50, seed=3)
    random = np.random.default_rng(3)
    table = 0.3 * random.standard_normal((50, 64), dtype=np.float32)
    hidden = torch.from_numpy(random.standard_normal((64, 64), dtype=np.float32))
    hidden = torch.nn.functional.layer_norm(hidden, (64,))
    logits = hidden @ torch.from_numpy(table).T
    losses = [
        float(torch.nn.functional.cross_entropy(logits, torch.full((64,), target)))
        for target in range(50)
    ]
    assert start.loss == pytest.approx(np.mean(losses), abs=1e-3)


def test_larger_scales_start_worse_and_seeds_repeat():
    losses = [initialization.initialize(scale, 256, 500).loss for scale in SCALES]
    assert initialization.first_losses(SCALES, 256, 500) == pytest.approx(losses, rel=1e-4)
    assert losses == sorted(losses)
    assert losses[0] == pytest.approx(math.log(500), abs=0.01)
    assert losses[-1] > 2 * losses[0]
    assert initialization.initialize(seed=5) == initialization.initialize(seed=5)
    assert initialization.initialize(seed=5) != initialization.initialize(seed=6)


@pytest.mark.parametrize(
    "size", [(0, 768), (math.inf, 768), (math.nan, 768), (0.02, 1), (0.02, 10**6)]
)
def test_sizes_are_bounded(size):
    with pytest.raises(InputError, match="scale above 0"):
        initialization.initialize(*size)


def test_a_trained_table_is_measured():
    rows = np.array([(3, 4), (0, 5), (5, 0)], dtype=np.float32)
    found = initialization.measure("toy", rows)
    assert (found.norm, found.shortest, found.longest) == pytest.approx((5, 5, 5))
    assert found.cosine_mean == pytest.approx((0.8 + 0.6 + 0) / 3)


def test_texts_find_their_own_question(weights):
    title = "What is the nucleus?"
    found = neighbors.compare(weights.library(), [title, "thermostat"], count=2)
    assert found.matrix.shape == (2, 2)
    first = found.questions[0][0]
    assert (first.text, first.number, first.cosine) == (title, 12, pytest.approx(1, abs=1e-5))
    assert found.questions[1][0].number == 6
    assert len(found.answers[0]) == 2
    assert all(len({match.text for match in row}) == len(row) for row in found.questions)


@pytest.mark.parametrize(("texts", "words"), [([], "1 to 10"), (["a"] * 11, "1 to 10"),
                                              (["ok", "a" * 301], "Line 2")])  # fmt: skip
def test_texts_are_bounded(texts, words):
    with pytest.raises(InputError, match=words):
        neighbors.check(texts)


def test_words_are_found_whole():
    assert senses.find_word("bank", "Banks and a Bank.") == (12, 16)
    with pytest.raises(InputError, match="Sentence 2"):
        senses.check("bank", ["a bank", "embankment"])
    with pytest.raises(InputError, match="2 to 4"):
        senses.check("bank", ["a bank"])
    with pytest.raises(InputError, match="longer than 300"):
        senses.check("bank", ["bank" + " x" * 200, "bank"])


def test_pictures_escape_what_was_typed(weights, table):
    evil = "<img src=x onerror=alert(1)>"
    found = neighbors.compare(weights.library(), [evil, "nucleus"])
    page = draw.describe_matrix(found) + draw.neighbor_tables(found)
    page += str(draw.heat_map(found).to_dict())
    page += draw.analogy_table(analogy(table), guess=evil)
    pair = senses.Pair(0, 1, 1.0, (0.9, 0.7))
    page += draw.describe_senses(
        senses.Senses(evil, (evil, evil), ((evil,), (evil,)), (pair,)), 0.7
    )
    assert "<img" not in page
    assert "well guessed" in page


def test_pictures_say_their_numbers(table):
    found = analogy(table)
    assert "queen" in draw.judge_guess(found, "queen")
    assert "not among the first" in draw.judge_guess(found, "emu")
    start = initialization.initialize()
    assert "6.91 nats" in describe_start(start)
    assert "holds for small s only" in describe_start(initialization.initialize(1.0))
    assert len(loss_plot(start, SCALES).data) == 3
    found = senses.Senses("x", ("x", "x"), (("x",), ("x",)), (senses.Pair(0, 1, 1.0, (0.9, 0.5)),))
    assert list(draw.layer_plot(found).data[0].y) == [1.0, 0.9, 0.5]
    one = initialization.measure("toy", np.eye(3, dtype=np.float32))
    assert "toy" in learned_table([one])


def test_the_view_loads_nothing(settings):
    import gradio as gr

    def fail():
        raise AssertionError("loaded while building")

    with gr.Blocks():
        for _ in range(2):
            box = view(Weights(settings, quietly, library=fail, engine=fail))
    assert "RAM" in box.value


def test_bad_input_is_one_line(capsys):
    assert main(["--expression", "king * man"]) == 2
    assert capsys.readouterr().err.startswith("Write up to 6 words")


@pytest.mark.model
def test_contextual_vectors_are_the_embedders_own():
    import torch

    weights = open_weights()
    model, text = weights.minilm(), "She sat on the bank of the river."
    tokens = model.tokenizer(text)["input_ids"]
    states = [
        senses.vectors_of(model, word, text)[1][-1]
        for word in ("She", "sat", "on", "bank", "of", "river")
    ]
    (pooled,) = MiniLM(*embedder_dir(weights.settings.home)).embed([text])
    with torch.inference_mode():
        ids = torch.tensor([tokens])
        hidden = model.model(ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0].numpy()
    mean = hidden.mean(axis=0)
    assert mean / np.linalg.norm(mean) == pytest.approx(pooled, abs=1e-5)
    assert states[3] == pytest.approx(hidden[tokens.index(2924)], abs=1e-5)  # 2924 is "bank"


@pytest.mark.model
def test_bank_has_one_row_and_several_vectors():
    found = senses.compare(open_weights().minilm())
    assert set(found.pieces) == {("bank",)}
    assert all(pair.table == pytest.approx(1, abs=1e-6) for pair in found.pairs)
    river_loan, river_account, loan_account = (pair.layers[-1] for pair in found.pairs)
    assert loan_account > max(river_loan, river_account)
    assert all(len(pair.layers) == 7 for pair in found.pairs)


@pytest.mark.model
@pytest.mark.slow
def test_everything_on_the_real_models():
    found = run()
    smollm2, minilm = found.analogies
    assert smollm2.everything[0].word == "queen"
    assert minilm.everything[0].word == "king"
    assert minilm.others[0].word == "queen"
    assert found.compared.matrix[2, 3] > 0.5 > found.compared.matrix[0, 2]
    assert found.learned[1].dimension == 384
    assert dataclasses.is_dataclass(found)
