"""Objectives: corruption by its shares, masks by what leaks, losses by PyTorch's own functions."""

import itertools
import math

import numpy as np
import pytest

from demos.objectives import figures, pretraining
from demos.objectives import run as demo
from demos.objectives import sentence_pairs as pairs
from demos.objectives import transformer as tiny
from demos.objectives import view as tabs
from demos.objectives.__main__ import main, report
from demos.objectives.blank import Blank, fill_blank, find_blank
from demos.objectives.corruption import corrupt
from demos.objectives.pretraining import pretrain
from demos.objectives.run import open_material, outcome, run
from demos.objectives.view import view
from demos.objectives.windows import Window, cut_windows, is_held_out, unigram_loss
from demos.shared import prose
from demos.shared.prose import MASK, SPECIAL, Sentence, Vocabulary, build_vocabulary, split_words
from demos.shared.weights import Weights, open_weights, quietly
from tutor.errors import InputError

WORDS = tuple("abcdefghij")
VOCABULARY = Vocabulary(SPECIAL + WORDS)
FIRST = len(SPECIAL)


def cycle(count, start=0):
    """Windows in which every word is followed by the next of the alphabet, and j by a."""
    return tuple(
        Window(f"c{n % 3}", n // 4, tuple(FIRST + (start + n + i) % 10 for i in range(24)))
        for n in range(count)
    )


@pytest.fixture(scope="module")
def parameters():
    return tiny.draw_parameters(len(VOCABULARY), seed=1)


@pytest.fixture(scope="module")
def trained():
    """Both models after 60 steps on the cycle of letters."""
    *_, models = pretrain(cycle(80), VOCABULARY, steps=60, rate=0.2)
    return models


@pytest.fixture
def small(settings):
    return Weights(settings, quietly)


def ids_of(rows):
    import torch

    return torch.tensor(rows)


# Words and windows


def test_words_of_a_text():
    assert split_words("The k-nearest, 2 Don't: [x]!") == [
        "the",
        "k-nearest",
        ",",
        "don't",
        ":",
        "x",
    ]


def test_a_vocabulary_holds_the_most_frequent_words():
    vocabulary = build_vocabulary([["b", "a", "b"], ["c", "a"]], 2)
    assert vocabulary.words == (*SPECIAL, "b", "a")  # a came before c
    assert vocabulary.encode(["b", "c", "a"]) == [3, SPECIAL.index("[UNK]"), 4]


def test_the_guides_prose_has_no_formulas_and_no_short_lines(guide):
    sentences = prose.guide_sentences(guide)
    assert {s.number for s in sentences} == {4, 6, 12}
    assert all(len(s.words) >= prose.FEWEST_WORDS for s in sentences)
    assert ("the", "nucleus", "removes", "unlikely") in {s.words[:4] for s in sentences}
    assert "p_" not in " ".join(word for s in sentences for word in s.words)


def test_windows_stay_within_a_question_and_the_rest_is_dropped():
    sentences = [Sentence("c", 1, WORDS * 3), Sentence("c", 1, WORDS * 2), Sentence("c", 2, WORDS)]
    windows = cut_windows(sentences, VOCABULARY)
    assert [(w.number, len(w.ids)) for w in windows] == [(1, 24), (1, 24)]
    assert windows[1].ids[0] == VOCABULARY.ids["e"]  # the 25th word
    assert [n for n in range(20) if is_held_out(n)] == [0, 1, 16, 17]


# Masking


def test_bert_s_shares():
    ids = np.random.default_rng(0).integers(0, 1000, (2000, 100))
    given, chosen = corrupt(ids, 0.15, 1000, np.random.default_rng(1))
    known = (ids != SPECIAL.index("[CLS]")) & (ids != SPECIAL.index("[UNK]"))
    assert chosen.sum() / known.sum() == pytest.approx(0.15, abs=0.003)
    assert not chosen[~known].any()
    assert (given[~chosen] == ids[~chosen]).all()
    hidden = given[chosen] == SPECIAL.index(MASK)
    same = given[chosen] == ids[chosen]
    assert hidden.mean() == pytest.approx(0.8, abs=0.01)
    assert same[~hidden].mean() == pytest.approx(0.5, abs=0.02)  # 10 % of 20 %
    swapped = given[chosen][~hidden & ~same]
    assert swapped.min() >= len(SPECIAL)


def test_the_same_draw_corrupts_alike():
    ids = np.arange(40).reshape(2, 20)
    once, again, other = (
        corrupt(ids, 0.3, 40, np.random.default_rng(seed))[0].tolist() for seed in (5, 5, 6)
    )
    assert once == again != other


def test_only_chosen_words_give_a_masked_loss(parameters):
    import torch

    ids = ids_of([w.ids for w in cycle(50)])
    loss, count = pretraining.masked_loss(parameters, ids, 0.15, 13, np.random.default_rng(3))
    given, chosen = corrupt(ids.numpy(), 0.15, 13, np.random.default_rng(3))
    assert count == chosen.sum()
    logits = tiny.word_logits(parameters, tiny.read(parameters, ids_of(given), causal=False))
    targets = torch.where(ids_of(chosen), ids - FIRST, -100)
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    nothing, none = pretraining.masked_loss(parameters, ids, 0.0, 13, np.random.default_rng(3))
    assert (nothing.item(), none) == (0, 0)


def test_every_known_word_gives_a_causal_loss(parameters):
    import torch

    rows = np.array([(0, *w.ids) for w in cycle(8)])
    rows[:, 5] = SPECIAL.index("[UNK]")
    ids = ids_of(rows)
    loss, count = pretraining.causal_loss(parameters, ids)
    assert count == 8 * 23  # 24 words, one of them not known
    logits = tiny.word_logits(parameters, tiny.read(parameters, ids, causal=True))[:, :-1]
    targets = torch.where(ids >= FIRST, ids - FIRST, -100)[:, 1:]
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)


# The tiny transformer


@pytest.mark.parametrize("causal", [True, False])
def test_its_attention_is_torchs(parameters, causal):
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    x = torch.randn(2, 9, tiny.WIDTH, generator=torch.Generator().manual_seed(2))
    query, key, value = (tiny.in_heads(x @ parameters[n]) for n in ("query", "key", "value"))
    place = torch.arange(9)
    bias = parameters["focus"][:, place[None] - place[:, None] + tiny.REACH]
    if causal:
        bias = bias + torch.full((9, 9), -math.inf).triu(1)
    theirs = scaled_dot_product_attention(query, key, value, attn_mask=bias)
    ours = tiny.attention_weights(parameters, x, causal) @ value
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_a_causal_reader_sees_no_later_word_and_a_masked_one_does(parameters):
    ids = ids_of([[0, 3, 4, 5, 6, 7]])
    other = ids_of([[0, 3, 4, 5, 9, 10]])
    for causal in (True, False):
        before, after = (tiny.read(parameters, x, causal)[0, :4] for x in (ids, other))
        assert (before == after).all().item() is causal
    weights = tiny.attention_weights(parameters, parameters["embedding"][ids], causal=True)
    assert (weights.triu(1) == 0).all()
    assert weights.sum(-1).detach().numpy() == pytest.approx(1)


def test_special_words_are_never_predicted(parameters):
    import torch

    assert tiny.word_logits(parameters, torch.zeros(1, tiny.WIDTH)).shape == (1, len(WORDS))


# Training


def test_the_learning_rate_goes_up_and_down():
    rates = [pretraining.schedule(step, 200) for step in (10, 20, 110, 200)]
    expected = [0.5 * 0.955, 0.91, 0.505, 0.1]
    assert rates == pytest.approx([pretraining.RATE * share for share in expected])


def test_word_frequencies_alone_by_hand():
    a, b = FIRST, FIRST + 1
    # Windows 0 and 1 are held out; the other two hold a three times as often as b, and one [UNK].
    held, seen = (a,) * 12 + (b,) * 12, (a,) * 18 + (b,) * 5 + (SPECIAL.index("[UNK]"),)
    windows = [Window("c", n, ids) for n, ids in enumerate([held, held, seen, seen])]
    p = (36 + 1) / (36 + 10 + 2)
    assert unigram_loss(windows) == pytest.approx(-(math.log(p) + math.log(1 - p)) / 2)


def test_both_objectives_learn_the_cycle(trained):
    masked, causal = trained
    assert (masked.objective, causal.objective) == ("masked", "causal")
    for model in trained:
        assert [point.step for point in model.curve] == [20, 40, 60]
        assert model.curve[-1].held_out < 0.5 * math.log(10)
    assert causal.share == 1
    assert causal.curve[-1].predicted == 60 * 32 * 24
    assert masked.share == pytest.approx(0.2, abs=0.01)
    words = ["c", "d", "e", MASK, "g", "h"]
    for model in trained:
        assert fill_blank(model, words, 3)[0][0][0] == "f"


def test_a_blank_is_filled_from_what_each_may_read(trained):
    for model in trained:
        (best, chance), (_, other) = (
            fill_blank(model, ["c", "d", MASK, *rest], 2, top=3) for rest in (["f"], ["a", "a"])
        )
        assert chance.sum() == pytest.approx(1, abs=1e-5)
        assert best == sorted(best, key=lambda pair: -pair[1])
        assert (chance == other).all() == (model.objective == "causal")


def test_the_same_seed_trains_the_same_model():
    losses = []
    for seed in (0, 0, 1):
        *_, models = pretrain(cycle(40), VOCABULARY, steps=21, seed=seed)
        losses.append([(point.training, point.held_out) for m in models for point in m.curve])
        assert models[0].curve[-1].step == 21  # a last point, however few steps it stands for
    assert losses[0] == losses[1] != losses[2]


def test_training_ends_in_time_or_when_nobody_asks_on():
    steps = pretrain(cycle(40), VOCABULARY, steps=1000, seconds=0)
    assert len(list(steps)) == 1
    (first,) = itertools.islice(pretrain(cycle(40), VOCABULARY, steps=10**6), 1)
    assert first[0].curve[-1].step == 20
    assert "20 of 1000 steps" in demo.ended_early(20, 1000, 3.0)
    assert demo.ended_early(20, 20, 3.0) == ""


# Sentence pairs


def test_pairs_are_neighbors_of_one_question_on_one_side():
    windows = cycle(64)
    training, held_out = pairs.split_pairs(windows)
    assert set(training.others).isdisjoint(held_out.others)
    assert len(training.others) + len(held_out.others) == 64
    for side in (training, held_out):
        for a, b in side.following:
            assert b == a + 1
            assert windows[a].number == windows[b].number
            assert {a, b} <= set(side.others)


@pytest.mark.parametrize("same", [True, False])
def test_wrong_pairs_come_from_where_they_should(same):
    windows = cycle(200)
    training, _ = pairs.split_pairs(windows)
    wrong = pairs.draw_negatives(windows, training, same, seed=4)
    assert wrong == pairs.draw_negatives(windows, training, same, seed=4)
    assert [a for a, _ in wrong] == [a for a, _ in training.following]
    for a, b in wrong:
        assert (windows[a].category == windows[b].category) is same
        assert b not in (a, a + 1)


def test_the_readers_score_by_hand():
    import torch

    vectors = torch.tensor([[1.0, 0.0], [0.0, 1.0], [3.0, 3.0]])
    parameters = {"vector": vectors, "weight": torch.zeros(3, 1), "scale": torch.tensor(4.0),
                  "shift": torch.tensor(-1.0)}  # fmt: skip
    first, second = ids_of([[0, 0], [0, 1]]), ids_of([[1, 1], [2, 2]])
    # Right angles give -1; the mean of both axes points where the third word does.
    assert pairs.score(parameters, first, second).tolist() == pytest.approx([-1, 3])
    parameters["weight"] = torch.tensor([[math.log(3)], [0.0], [0.0]])
    tilted = pairs.score(parameters, ids_of([[0, 1]]), ids_of([[0, 0]])).item()
    assert tilted == pytest.approx(4 * 3 / math.sqrt(10) - 1)  # (3/4, 1/4) against (1, 0)


def test_a_reader_without_order_is_right_in_exactly_half_of_the_swaps():
    draw = np.random.default_rng(0)
    # Every category has ten words of its own, so that topics tell pairs apart.
    windows = [
        Window(f"c{n // 40}", n // 8, tuple(draw.integers(n // 40 * 10, n // 40 * 10 + 10, 24)))
        for n in range(120)
    ]
    runs = [list(pairs.train_reader(windows, 30, steps=40, seed=s)) for s in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]
    assert [reader.step for reader in runs[0]] == [20, 40]
    last = runs[0][-1]
    assert last.swapped == 0.5
    assert last.other_category > 0.9
    assert last.same_category < 0.75
    assert len(list(pairs.train_reader(windows, 30, steps=400, seconds=0))) == 1


# The demo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ___ is here", Blank(("the", MASK, "is", "here"), 1, "")),
        ("the [mask] is ___", Blank(("the", MASK, "is"), 1, "")),
        ("one two three", Blank(("one", "two", "three"), 1, "two")),
        ("a " * 300 + "___", Blank(("a",) * 20, 10, "a")),
        ("___ a", Blank((MASK, "a"), 0, "")),
    ],
)
def test_the_blank_is_found(text, expected):
    assert find_blank(text) == expected


@pytest.mark.parametrize("text", ["", " ", "word", "___", "🦜 123 你好", "\x00"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(InputError, match="no word to go by"):
        find_blank(text)
    assert "no word to go by" in tabs.seen(text, 0.15, 0)
    assert "no word to go by" in tabs.paired(text, "two words")


def test_a_guess_is_ranked(trained):
    blank = find_blank("c d ___ f")
    masked = trained[0]
    assert "“e” has" in outcome(masked, blank, "E!").place
    assert outcome(masked, blank, "E").place.endswith("rank 1 of 10")
    assert "is not among the 10 words" in outcome(masked, blank, "zebra").place
    assert outcome(masked, blank).place == ""


@pytest.mark.parametrize("choice", [["--text", "?"], ["--steps", "5"], ["--rate", "0.9"]])
def test_what_cannot_be_used(choice, capsys):
    assert main(choice) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_the_guide_runs_whole_and_repeats():
    once, again = (run(steps=20) for _ in range(2))
    assert once.outcomes == again.outcomes
    assert once.reader[0] == again.reader[0]
    assert [o.objective for o in once.outcomes] == ["masked", "causal"]
    text = report(once, "")
    assert "divide the loss by the ___ of tokens" in text
    assert "right order or swapped: 50%" in text


def test_a_guide_too_short_for_pairs_says_so(small):
    with pytest.raises(InputError, match="too short for sentence pairs"):
        run(steps=20, weights=small)


def test_the_picture_counts_and_escapes():
    page = tabs.seen("<img src=x> is a ___ of & 'things'", 0.5, 1)
    assert "<img" not in page
    words = find_blank("a b c d e ___").words
    assert "Causal: 6 × 7 / 2 = 21 pairs." in figures.sights(words)
    assert "Masked: 6 × 6 = 36 pairs." in figures.sights(words)
    assert figures.pair_chips(["a", "b"], ["c"]).count("<span") == 6  # [CLS] a b [SEP] c [SEP]
    assert "The first 20 words" in tabs.seen("word " * 30, 0.15, 1)
    assert tabs.seen("a b c", 0.5, 4) == tabs.seen("a b c", 0.5, 4)


def test_the_tab_answers_before_and_after_training(trained):
    assert "Train the models first" in tabs.fill((), "a ___", "")
    assert "Stopped." in tabs.stopped(())
    assert "Stopped at step 60" in tabs.stopped(trained)
    shown = tabs.fill(trained, "c d ___ f", "<e>")
    assert shown.count("rank 1 of 10") == 2
    assert "<e>" not in shown
    assert "no word" in tabs.fill(trained, "", "")


def test_the_sentence_is_the_box_that_see_it_fills(small):
    import gradio as gr

    with gr.Blocks():
        assert view(small).value == demo.TEXT


@pytest.mark.slow
def test_on_the_whole_guide_the_masked_model_has_more_of_the_word():
    material = open_material(open_weights())
    *_, (masked, causal) = demo.train(material, seconds=300)
    assert max(masked.curve[-1].held_out, causal.curve[-1].held_out) < unigram_loss(
        material.windows
    )
    assert causal.curve[-1].predicted > 5 * masked.curve[-1].predicted
    blank = find_blank(demo.TEXT)
    place = masked.vocabulary.ids[demo.GUESS] - len(SPECIAL)
    chances = [fill_blank(model, blank.words, blank.place)[1] for model in (masked, causal)]
    assert (chances[0] > chances[0][place]).sum() < 3
    assert chances[0][place] > 1.5 * chances[1][place]
    *_, reader = demo.train_pairs(material, seconds=120)
    assert reader.other_category > 0.65
    assert reader.swapped == 0.5
