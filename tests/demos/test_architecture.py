"""Masks by hand, and the architecture demo as a whole."""

import dataclasses

import numpy as np
import pytest

from demos.architecture import __main__ as architecture
from demos.architecture import position_figures as architecture_tabs
from demos.architecture.__main__ import main
from demos.architecture.depth import SENTENCE, trained_norms
from demos.architecture.masks import LONGEST_WORD, MOST_WORDS, describe, masks, sees
from demos.architecture.positions import SMOLLM2_BASE, SMOLLM2_WIDTH
from demos.architecture.run import SOURCE, run
from demos.architecture.view import masks_shown, view
from demos.shared.arrays import softmax
from tutor.errors import InputError


@pytest.fixture(scope="module")
def found():
    return run(blocks=3, length=8)


def test_pairs_by_hand():
    encoder, decoder, cross = masks("a b c d e f", "w x y z")
    assert encoder.pairs == 36
    assert decoder.pairs == 10
    assert cross.pairs == 24
    assert cross.allowed.shape == (4, 6)
    assert describe(encoder, decoder, cross) == (
        "Encoder: 6 × 6 = 36 pairs. Decoder: 4 × 5 / 2 = 10. Cross-attention: 4 × 6 = 24."
    )


def test_masked_scores_by_hand():
    scores = np.array([1.0, 2.0, 3.0, 0.0])
    assert softmax(scores) == pytest.approx([0.087, 0.237, 0.644, 0.032], abs=5e-4)
    seen = np.where([True, True, False, False], scores, -np.inf)
    assert softmax(seen) == pytest.approx([0.269, 0.731, 0, 0], abs=5e-4)


def test_only_the_mask_makes_the_difference():
    encoder, decoder, _ = masks("a b c d", "a b c d")
    last = encoder.weights[3]
    assert np.allclose(decoder.weights[3], last)  # the last word sees everything in both
    second = encoder.weights[1, :2] / encoder.weights[1, :2].sum()
    assert np.allclose(decoder.weights[1], [*second, 0, 0])
    for mask in masks("a b c", "d e f g", seed=3):
        assert np.allclose(mask.weights.sum(axis=-1), 1)
        assert (mask.weights[~mask.allowed] == 0).all()


def test_what_the_decoder_sees():
    encoder, decoder, _ = masks("the cat", "le chat noir")
    assert sees(encoder, decoder, 1).endswith(
        "the decoder sees le, chat and the whole source (the, cat). Hidden: noir."
    )
    assert "Nothing is hidden" in sees(encoder, decoder, 2)


def test_words_are_bounded_and_needed():
    encoder, decoder, _ = masks("word " * 50, "x" * 500)
    assert len(encoder.rows) == MOST_WORDS
    assert decoder.rows == ("x" * LONGEST_WORD,)
    with pytest.raises(InputError, match="no words"):
        masks("a", " \n")


def test_numbers_outside_their_range_are_refused_in_one_line(capsys):
    for choice in (["--blocks", "0"], ["--gain", "9"], ["--length", "1"], ["--source", " "]):
        assert main(choice) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert told.endswith(".\n")
    with pytest.raises(InputError, match="There is no activation"):
        run(activation="step")


def test_the_report_names_what_was_measured(found):
    text = architecture.report(found)
    assert "0.841   0.540   0.010   1.000" in text
    assert text.count("product -10.644554") == 5
    for part in ("pre-norm", "LSTM", "8,589,934,592", "cross-attention: 35 pairs"):
        assert part in text


def test_a_trained_model_is_measured_when_given(found):
    with_model = dataclasses.replace(found, trained=found.stacks[0])
    assert "trained, on" in architecture.report(with_model)


def test_what_was_typed_is_escaped_in_the_pictures():
    page = masks_shown("<b>bold</b> & co", "<script>alert(1)</script> x", 9)
    assert "<script" not in page
    assert "&lt;b&gt;bold" in page
    assert "There are no words" in masks_shown("", "x", 1)


def test_guesses_are_answered_with_numbers():
    page = architecture_tabs.offsets_said(12, 10, "the same")
    assert page.count("−10.644554") == 5
    assert "Right" in page
    assert "No: it is the same" in architecture_tabs.offsets_said(3, 7, "larger")
    assert "cos(2 ×" in architecture_tabs.rotation_said(12, 10, 5)


def test_the_view_builds_any_number_of_times():
    import gradio as gr

    with gr.Blocks():
        boxes = [view(None) for _ in range(2)]
    assert [box.value for box in boxes] == [SOURCE] * 2


@pytest.mark.model
@pytest.mark.slow
def test_smollm2_has_these_positions_and_nothing_vanishes_in_it():
    from demos.shared.weights import open_weights

    source = open_weights().smollm2()
    assert source.model.config.rope_parameters["rope_theta"] == SMOLLM2_BASE
    assert source.model.config.head_dim == SMOLLM2_WIDTH
    found = trained_norms(SENTENCE, source)
    assert len(found.norms) == 30
    assert 1 < found.norms[1] / found.norms[-1] < 1000
    assert all(parameter.grad is None for parameter in source.model.parameters())
    with pytest.raises(InputError, match="predicts nothing"):
        trained_norms("cat", source)
