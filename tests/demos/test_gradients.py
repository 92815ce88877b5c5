"""The gradients demo as a whole: docstring, command line, what the tabs say to odd input."""

import inspect

import numpy as np
import pytest

from demos import gradients
from demos.catalog import DEMOS
from demos.gradients.__main__ import main, report
from demos.gradients.descent import Descent, ending
from demos.gradients.descent_figures import batches_text, rates_text
from demos.gradients.embedding_rows import LONGEST_TEXT, row_gradients
from demos.gradients.figures import matrix_shown, rows_shown, saturation_said, shade
from demos.gradients.run import TEXT, run
from demos.gradients.view import view
from demos.shared.weights import open_weights
from tutor.errors import InputError


@pytest.fixture(scope="module")
def found():
    return run()


def test_the_docstrings_numbers():
    found = run("the cat saw the dog", steps=5)
    assert found.rows.touched == ("the", "cat", "saw")
    assert found.rows.output.any(axis=1).all()
    assert found.rows.tied.any(axis=1).all()
    assert found.jacobian.matrix[0] == pytest.approx([0.2227, -0.1628, -0.0599], abs=5e-5)
    # Curvature 10 and its limit are in test_descent.test_the_guides_parabola.
    for part in ("0.2227, -0.1628, -0.0599", "2 / 10 = 0.2", "rows the, cat and saw"):
        assert part in gradients.__doc__


def test_the_module_agrees_with_the_catalog():
    (entry,) = (demo for demo in DEMOS if demo.name == "gradients")
    assert (entry.title, entry.questions) == (gradients.TITLE, gradients.QUESTIONS)
    assert entry.category == "10_gradients_and_optimization"
    for parameter in inspect.signature(run).parameters.values():
        assert parameter.default is not inspect.Parameter.empty


def test_by_hand_and_by_autograd_agree(found):
    assert found.rows.difference < 1e-12
    assert found.difference < 1e-12


def test_the_report_names_what_was_computed(found):
    text = report(found)
    assert "0.2227   -0.1628   -0.0599" in text
    assert "passed on (0.283, -0.141, -0.142)" in text
    assert "banana        0            0" in text
    assert text.count("diverged") == 1
    norms = np.linalg.norm(found.rows.tied, axis=1)
    for norm in norms:
        assert f"{norm:.4f}" in text


def test_the_same_seed_the_same_report(found):
    assert report(run()) == report(found)
    assert report(run(seed=1)) != report(found)


def test_endings_in_words():
    assert ending(Descent(1.0, 1, (0.5, 0.25), 0.9)) == "loss 0.250 after 1 steps, 90% right"
    assert ending(Descent(1.0, 1, (0.5, 1234.0), 0.4)) == "diverged: loss 1,234 at step 1"


def test_the_command_line(capsys):
    assert main(["--text", "to be or not to be", "--logits", "3", "1", "-0.2", "--steps", "5"]) == 0
    told = capsys.readouterr()
    assert "arriving (1.000, 0.000, -1.000)" in told.out
    assert told.err == ""
    assert main(["--logits", "3, 1", "--arriving", "-1", "1", "--steps", "5"]) == 0
    assert "arriving (-1.000, 1.000)" in capsys.readouterr().out


@pytest.mark.parametrize("choice", [
    ["--text", ""], ["--text", "word"], ["--text", "x" * 10**5], ["--text", "你好"],
    ["--logits", "a"], ["--logits", "1"], ["--logits", "<b>1</b>, 2"], ["--logits", *"123456789"],
    ["--arriving", "1", "2"], ["--scale", "0"], ["--scale", "nan"], ["--rate", "9"],
    ["--rate", "-1"], ["--steps", "1"], ["--steps", "1000000"], ["--seed", "-1"],
    ["--seed", "9" * 30],
], ids=lambda choice: " ".join(choice)[:24])  # fmt: skip
def test_bad_input_is_one_line_and_status_2(choice, capsys):
    assert main(choice) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert told.err.endswith(".\n") or "Type" in told.err


def test_help_shows_the_example(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "python -m demos.gradients --text" in capsys.readouterr().out


def test_a_number_outside_its_range_is_named():
    with pytest.raises(InputError, match=r"rate cannot be 2\. Choose from 0.01 to 1.5\."):
        run(rate=2)


def test_rows_and_a_guess():
    text = "the cat saw the dog"
    page = rows_shown(row_gradients(text), 3, text)
    assert "You said 3: right. 3 of 10 rows" in page
    assert "the, cat, saw" in page
    assert ">2 ×<" in page  # "the" is read twice
    assert "You said 4: no. 3 of 10" in rows_shown(row_gradients(text), 4, text)
    assert "You said" not in rows_shown(row_gradients(text), None, text)
    assert "You said" not in rows_shown(row_gradients(text), 0, text)  # an empty box


def test_what_was_typed_is_escaped_and_bounded():
    text = "<script>alert(1)</script> <b>bold</b> & 🐱 " + "long" * 50 + " " + "word " * 40
    page = rows_shown(row_gradients(text), None, text)
    assert "<script" not in page
    assert "<b>bold" not in page
    assert "🐱" in page
    assert "long" * 10 not in page
    assert "The first 16 words count." in page
    assert LONGEST_TEXT == 400
    for logits in ("<script>1", "", "1 2 <b>"):
        with pytest.raises(InputError, match="The logits must be") as refused:
            matrix_shown(logits, "", 1)
        assert "<script" not in str(refused.value)


def test_a_zero_has_no_shade_and_the_largest_the_strongest():
    assert "background" not in shade(0.0, 2.0)
    assert "85%" in shade(2.0, 2.0)
    assert "10%" in shade(1e-9, 2.0)


def test_the_matrix_in_words():
    page = matrix_shown("2, 1, 0", "1, 0, -1", 1)
    for part in ("0.6652, 0.2447, 0.0900", "Largest entry 0.22270", "0.2826, −0.1408, −0.1418"):
        assert part in page
    assert "Largest entry 0.00005" in matrix_shown("2, 1, 0", "1, 0, -1", 10)
    with pytest.raises(InputError, match="3 logits and 2 gradients"):
        matrix_shown("2, 1, 0", "1, 0", 1)


def test_saturation_guesses():
    assert "Right: from 0.22270 to 0.00005. The nearer" in saturation_said("2, 1, 0", "shrinks")
    assert "No: from 0.22270" in saturation_said("2, 1, 0", "grows")
    assert "Right: from 0.25000 to 0.25000" in saturation_said("3 3", "stays")
    assert "Right" in saturation_said("2 2 0", "grows")  # from almost to exactly two halves
    with pytest.raises(InputError, match="must be numbers"):
        saturation_said("x", "grows")


def test_curves_in_words(found):
    rates = rates_text(found.rates, found.limit)
    curvature = 2 / found.limit
    assert f"Largest curvature c = {curvature:.2f}, limit 2/c = {found.limit:.3f}" in rates
    for factor in ("0.96", "0.60", "0.00", "−0.80", "−1.20"):  # 1 - 2 × multiple of the limit
        assert f">{factor}<" in rates
    batches = batches_text(found.batches, found.limit)
    assert "<b>Batch size</b> at 0.5 × the limit" in batches
    assert f"{60 * 64:,}" in batches


def test_the_view_builds_any_number_of_times():
    import gradio as gr

    weights = open_weights()
    with gr.Blocks():
        boxes = [view(weights) for _ in range(2)]
    assert [box.value for box in boxes] == [TEXT] * 2
