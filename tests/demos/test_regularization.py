"""The regularization demo: remedies by hand and by torch's own, odd input, the view."""

import math

import numpy as np
import pytest
import torch

from demos.regularization import figures
from demos.regularization import run as demo
from demos.regularization.__main__ import main, report
from demos.regularization.bag_of_words import (
    FEATURE_LENGTH,
    LONGEST_TEXT,
    VALIDATION,
    BagOfWords,
    held,
    open_problem,
    read_sentence,
    spoil,
)
from demos.regularization.network import draw_network, drop, logits, shrink
from demos.regularization.training import (
    BATCH,
    CHECK,
    PATIENCE,
    RATE,
    REMEDIES,
    Check,
    Setting,
    Training,
    chances,
    measure,
    train,
    with_remedies,
)
from demos.regularization.view import learn, reading, stopped
from demos.regularization.view import view as build
from demos.shared.weights import Weights, quietly
from tests.conftest import CORPUS
from tutor.errors import InputError
from tutor.settings import read_settings

SHORT = Setting(steps=40)


@pytest.fixture(scope="module")
def problem():
    return open_problem(CORPUS)


@pytest.fixture(scope="module")
def weights():
    return Weights(read_settings(model="none"), quietly)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def trained(problem, setting, seed=0):
    *_, training = train(problem, "x", setting, seed)
    return training


def training_of(*losses, patience=0, name="no remedy", training=0.0, steps=400):
    checks = tuple(
        Check(CHECK * n, training, loss, 1.0, 0.5) for n, loss in enumerate(losses, start=1)
    )
    return Training(name, Setting(patience=patience, steps=steps), checks)


# Words as numbers


def test_a_row_by_hand():
    bags = BagOfWords(("a", "b", "c"), np.array([0.0, 3.0, 4.0], np.float32))
    rows = bags.rows([["b", "c", "c", "x"], ["b", "a"], ["x"]])
    assert rows.tolist() == pytest.approx(
        np.array([[0, 0.6, 0.8], [0, 1, 0], [0, 0, 0]]) * FEATURE_LENGTH
    )
    assert rows.dtype == np.float32
    assert held([["b", "b"]], ("a", "b")).tolist() == [[0, 1]]


def test_the_guides_sentences(problem):
    sentences, words = problem.features.shape
    assert sentences == len(problem.labels) > 2 * VALIDATION
    assert set(problem.labels.tolist()) == set(range(len(problem.titles)))
    lengths = np.linalg.norm(problem.features, axis=1)
    assert np.allclose(lengths[lengths > 0], FEATURE_LENGTH, atol=1e-4)
    frequency = (problem.features > 0).sum(axis=0)
    assert problem.bag.counts == pytest.approx(np.log(sentences / frequency), rel=1e-5)
    assert words == len(problem.bag.words)
    again = open_problem(CORPUS)
    assert np.array_equal(again.features, problem.features)
    assert not np.array_equal(open_problem(CORPUS, seed=1).labels, problem.labels)


def test_a_small_guide_cannot_be_split(corpus):
    with pytest.raises(InputError, match="are needed"):
        open_problem(corpus)


def test_wrong_labels_are_wrong_and_as_many_as_asked():
    labels = np.arange(6000) % 6
    found = spoil(labels, 6, 0.3, seed=1)
    assert 0.27 < (found != labels).mean() < 0.33
    assert set(found.tolist()) == set(range(6))
    assert np.array_equal(spoil(labels, 6, 0.0, seed=1), labels)
    assert np.array_equal(spoil(labels, 6, 0.3, seed=1), found)
    assert not np.array_equal(spoil(labels, 6, 0.3, seed=2), found)


# Dropout


@pytest.mark.parametrize(("probability", "survivor"), [(0.5, 6.0), (0.25, 4.0), (0.9, 30.0)])
def test_dropout_scales_survivors_and_keeps_the_mean(probability, survivor):
    x = torch.full((300, 1000), 3.0)
    dropped = drop(x, probability, generator())
    values = dropped.unique()
    assert values.tolist() == pytest.approx([0.0, survivor])
    count = x.numel()
    deviation = survivor * math.sqrt(probability * (1 - probability) / count)
    assert dropped.mean().item() == pytest.approx(3.0, abs=5 * deviation)
    assert (dropped == 0).float().mean().item() == pytest.approx(probability, abs=0.005)


def test_dropout_is_torchs_in_distribution_and_off_when_asked():
    x = torch.randn(400, 500, generator=generator(7))
    torch.manual_seed(0)
    theirs = torch.nn.functional.dropout(x, 0.4)
    ours = drop(x, 0.4, generator())
    assert ours.var().item() == pytest.approx(theirs.var().item(), rel=0.02)
    kept = (ours != 0) & (theirs != 0)
    assert torch.allclose(ours[kept], theirs[kept])
    assert drop(x, 0.0, generator()) is x


def test_dropout_repeats_with_its_seed():
    x = torch.ones(50, 50)
    assert torch.equal(drop(x, 0.5, generator(1)), drop(x, 0.5, generator(1)))
    assert not torch.equal(drop(x, 0.5, generator(1)), drop(x, 0.5, generator(2)))


# Weight decay


def test_weight_decay_by_hand():
    weight = torch.tensor([2.0, -1.0])
    shrink([weight], rate=0.005, decay=3)
    assert weight.tolist() == pytest.approx([1.97, -0.985])
    for _ in range(99):
        shrink([weight], rate=0.005, decay=3)
    assert weight[0].item() == pytest.approx(2 * 0.985**100, rel=1e-4)
    assert round(0.985**100, 2) == 0.22  # as the docstring says


def test_shrinking_before_adam_is_torchs_adamw():
    x, y = torch.randn(40, 5, generator=generator()), torch.randn(40, generator=generator(1))

    def fit(decay_by_hand):
        weight = torch.randn(5, generator=generator(2)).requires_grad_()
        optimizer = (
            torch.optim.Adam([weight], lr=0.01)
            if decay_by_hand
            else torch.optim.AdamW([weight], lr=0.01, weight_decay=2.0)
        )
        for _ in range(60):
            optimizer.zero_grad()
            ((x @ weight - y) ** 2).mean().backward()
            if decay_by_hand:
                shrink([weight], 0.01, 2.0)
            optimizer.step()
        return weight.detach()

    assert torch.allclose(fit(True), fit(False), atol=1e-6)


# Training


def test_a_training_equals_torchs_own_modules(problem):
    setting = Setting(steps=30, decay=2.0, noise=0.2)
    draw = generator(5)
    drawn = draw_network(problem.features.shape[1], setting.width, 6, draw)
    net = torch.nn.Sequential(
        torch.nn.Linear(problem.features.shape[1], 64), torch.nn.ReLU(), torch.nn.Linear(64, 6)
    )
    with torch.no_grad():
        for layer, (weight, bias) in zip((net[0], net[2]), (drawn[:2], drawn[2:]), strict=True):
            layer.weight.copy_(weight.T)
            layer.bias.copy_(bias)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=2.0)
    x = torch.from_numpy(problem.features[:300])
    y = torch.from_numpy(spoil(problem.labels, 6, 0.2, 5)[:300])
    batches = []
    for _ in range(30):
        batches = batches or list(torch.randperm(300, generator=draw).split(BATCH))
        rows = batches.pop()
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x[rows]), y[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        expected = torch.nn.functional.cross_entropy(net(x), y).item()
        held_out = torch.from_numpy(problem.features[-VALIDATION:])
        chance = torch.softmax(net(held_out), 1).numpy()
    training = trained(problem, setting, seed=5)
    assert [check.step for check in training.checks] == [10, 20, 30]
    assert training.checks[-1].training == pytest.approx(expected, rel=1e-3)
    assert chances(training, problem.features[-VALIDATION:]) == pytest.approx(chance, abs=1e-3)


def test_a_network_of_zeros_guesses():
    zeros = [torch.zeros(4, 3), torch.zeros(3), torch.zeros(3, 6), torch.zeros(6)]
    x, y = torch.ones(10, 4), torch.tensor([0, 0, 0, 1, 2, 3, 4, 5, 5, 5])
    check = measure(zeros, 7, (x, y), (x[:2], y[:2]))
    assert check.training == check.validation == pytest.approx(math.log(6))
    assert (check.step, check.validation_accuracy) == (7, 1.0)
    assert check.training_accuracy == pytest.approx(0.3)
    assert logits(zeros, x).shape == (10, 6)


def test_the_same_seed_gives_the_same_numbers(problem):
    setting = Setting(steps=30, dropout=0.5)
    first = trained(problem, setting, 3)
    assert trained(problem, setting, 3).checks == first.checks
    assert trained(problem, setting, 4).checks != first.checks


def test_what_early_stopping_takes_is_the_best(problem):
    training = trained(problem, Setting(patience=PATIENCE))
    assert training.stopped
    assert len(training.checks) < 40
    assert len(training.checks) - 1 - training.checks.index(training.best) == PATIENCE
    assert training.result is training.best
    chance = chances(training, problem.features[-VALIDATION:])
    truth = problem.labels[-VALIDATION:]
    loss = -np.log(chance[np.arange(VALIDATION), truth]).mean()
    assert loss == pytest.approx(training.best.validation, rel=1e-4)


def test_results_by_hand():
    training = training_of(1.5, 1.2, 1.3, 1.6)
    assert (training.best.validation, training.result.validation) == (1.2, 1.6)
    assert training.result.gap == pytest.approx(1.6)
    assert not training.stopped
    patient = training_of(1.5, 1.2, 1.3, 1.6, patience=2)
    assert patient.stopped
    assert patient.result.validation == 1.2
    assert not training_of(1.5, 1.2, 1.3, 1.6, patience=3).stopped


@pytest.mark.slow
def test_overfitting_is_made_and_cured(problem):
    *_, found = demo.trainings(problem, demo.plan((), Setting()), seconds=300)
    plain, dropout, decay, early, more, everything = found
    assert plain.result.training < 0.01
    assert plain.result.validation > plain.best.validation + 0.3
    assert plain.result.training_accuracy == 1.0
    for cured in (dropout, decay, early, more):
        assert cured.result.validation < plain.result.validation - 0.1, cured.name
        assert cured.result.gap < plain.result.gap - 0.1, cured.name
    assert more.best.validation < plain.best.validation - 0.2
    assert more.result.validation_accuracy > plain.result.validation_accuracy
    assert demo.underfits(everything, more)
    text = demo.conclusion(found)
    assert "underfitting" in text
    assert f"{more.best.validation:.2f} at step {more.best.step}" in text
    assert demo.ended_early(found, 300) == ""
    page = figures.losses_table(found) + figures.verdict(found, "dropout")
    assert "You said dropout; it is more data" in page
    assert "Right." in figures.verdict(found, "more data")
    assert len(figures.curves(found).data) == 2 * len(found)


# Plans


def test_plans():
    names = [name for name, _ in demo.plan((), Setting())]
    assert names == [demo.PLAIN, *REMEDIES, demo.ALL]
    two = demo.plan(("dropout", "more data", "dropout"), Setting(), 0.4, 1.0)
    assert [name for name, _ in two] == ["no remedy", "dropout + more data"]
    assert two[0][1] == Setting()
    assert two[1][1] == Setting(dropout=0.4, examples=1200)
    every = with_remedies(Setting(), REMEDIES, 0.4, 1.0)
    assert every == Setting(dropout=0.4, decay=1.0, patience=PATIENCE, examples=1200)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"remedies": ["prayer"]}, "There is no remedy 'prayer' here"),
        ({"dropout": 1.0}, "dropout cannot be 1.0"),
        ({"dropout": math.nan}, "dropout cannot be nan"),
        ({"decay": -1}, "decay cannot be -1"),
        ({"noise": math.inf}, "noise cannot be inf"),
        ({"examples": 1}, "examples cannot be 1"),
        ({"steps": 10**9}, "Choose from 20 to 2000"),
        ({"seed": -1}, "seed cannot be -1"),
        ({"sentence": " "}, "Type a sentence"),
        ({"sentence": "x" * (LONGEST_TEXT + 1)}, "Type a sentence"),
        ({"sentence": "12 ½ 漢字 🙂"}, "none of these words"),
    ],
)
def test_what_cannot_be_used_is_refused(change, words, weights):
    with pytest.raises(InputError, match=words):
        demo.run(**change, weights=weights)


def test_trainings_take_turns_and_can_be_left(problem):
    running = demo.trainings(problem, demo.plan(("dropout",), SHORT))
    first = next(running)
    assert [training.checks[-1].step for training in first] == [10, 10]
    running.close()
    with pytest.raises(StopIteration):
        next(running)
    *_, found = demo.trainings(problem, demo.plan((), SHORT), seconds=-1)
    assert {training.checks[-1].step for training in found} == {10}
    assert demo.ended_early(found, 13) == "Ended at step 10: the 13 s were up, the machine is busy."


def test_run_and_its_report(weights):
    found = demo.run(("dropout",), steps=30, weights=weights)
    assert [training.checks[-1].step for training in found.trainings] == [30, 30]
    assert sum(found.chances[0]) == pytest.approx(1, abs=1e-5)
    text = report(found, "Ended.")
    assert demo.SENTENCE in text
    assert text.endswith("Ended.")
    assert "no remedy" in text
    assert demo.run(("dropout",), steps=30, weights=weights).trainings == found.trainings


def test_conclusions_by_hand():
    plain = training_of(1.5, 1.2, 1.7)
    assert demo.conclusion([plain]) == (
        "Without a remedy the training loss ends at 0.00; the validation loss is lowest at step 20 "
        "(1.20) and ends at 1.70."
    )
    other = training_of(1.5, 1.3, name="dropout", training=0.5)
    assert demo.conclusion([plain, other]).endswith("With dropout: training 0.50, validation 1.30.")


# The tab


def test_a_sentence_is_read_by_every_network(problem):
    trainings = next(demo.trainings(problem, demo.plan((), SHORT)))
    page = figures.sentence_grid(problem, trainings, "<script>alert(1)</script> softmax attention")
    assert "<script" not in page
    assert page.count("<tr") == 1 + len(trainings)
    features, known = read_sentence(problem, "Softmax, softmax and ATTENTION!")
    assert features.shape == (1, len(problem.bag.words))
    assert known == ("softmax", "and", "attention")


def test_the_tabs_training_goes_from_status_to_verdict(problem):
    def sentences():
        return problem

    steps = list(learn(sentences, demo.SENTENCE, "dropout", None, 0.6, 3.0, 0.1, 30))
    assert "Reading the guide" in steps[0][0]
    said, plot, losses, trainings, answer, read = steps[-1]
    assert [training.name for training in trainings] == ["no remedy"]
    assert "Without a remedy" in said
    assert plot["visible"]
    assert "no remedy" in losses
    assert "Compare all" in answer
    assert "Probability of each category" in read
    assert "Stopped at step 30." in stopped(trainings)
    assert "Stopped." in stopped(())
    wrong = list(learn(sentences, "", None, ("dropout",), 7.0, 3.0, 0.1, 30))
    assert "dropout cannot be 7.0" in wrong[-1][0]
    assert "Train first" in reading(sentences, (), "x")
    assert "Type a sentence" in reading(sentences, trainings, "")


def test_the_view_loads_nothing(settings):
    import gradio as gr

    with gr.Blocks():
        boxes = [build(Weights(settings, quietly)) for _ in range(2)]
    assert boxes[0] is not boxes[1]


@pytest.mark.parametrize("wrong", [["--dropout", "2"], ["--remedies", "x"], ["--noise", "nan"]])
def test_bad_input_is_one_line(wrong, capsys):
    assert main(wrong) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
