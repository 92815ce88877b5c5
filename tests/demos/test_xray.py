"""The X-ray: tokens judged as by hand and by another implementation, new ends, the view."""

import math
import os
from dataclasses import fields

import numpy as np
import pytest

from demos.shared.warp import Warp
from demos.shared.weights import Weights, quietly
from demos.xray import figures as draw
from demos.xray.__main__ import main
from demos.xray.answer import Answer, guide_of
from demos.xray.answer_view import EMPTY, ask_or_look, choose, look_into
from demos.xray.redraw_view import draw_end
from demos.xray.run import run
from demos.xray.scoring import (
    Judged,
    check,
    judge_tokens,
    judged,
    parting,
    perplexity,
    read_answer,
    resample,
)
from demos.xray.view import view
from tests.demos.letters import END, LetterEngine
from tutor.engine.llama import Candidate
from tutor.errors import InputError
from tutor.settings import read_settings

QUESTION = "What is the nucleus?"


@pytest.fixture(scope="module")
def weights():
    return Weights(read_settings(model="smollm2-135m"), quietly)


def letters(token_list):
    return "".join(chr(token.id) for token in token_list)


def test_perplexity_by_hand():
    found = [Candidate(1, b"x", math.log(p)) for p in (0.5, 0.125)]
    tokens = [judged(one, b"x", [one], 0, True) for one in found]
    assert [token.surprise for token in tokens] == pytest.approx([1, 3])
    assert perplexity(tokens) == pytest.approx(4)
    assert math.isnan(perplexity([]))


def test_entropy_counts_the_rest_as_one():
    best = [Candidate(i, b"x", math.log(p)) for i, p in enumerate((0.5, 0.25))]
    token = judged(best[1], b"x", best, 3, False)
    assert token.bits == pytest.approx(1.5)  # 1/2, 1/4 and a rest of 1/4
    assert (token.rank, token.place) == (2, 3)
    assert judged(Candidate(9, b"y", -9.0), b"y", best, 0, False).rank is None


def test_the_answer_is_read_as_in_the_chat(guide):
    engine = LetterEngine()
    answer = Answer(QUESTION, "**ab** `cd`", "ef.", 12)
    read = read_answer(engine, guide, answer)
    prompt = "".join(chr(token) for token in read.prompt)
    assert prompt.startswith("[system]You are a tutor")
    assert "Study note: What is the nucleus?" in prompt
    assert prompt.endswith(f"[user]{QUESTION}")
    assert b"".join(piece for _, piece in read.tokens) == b"ab cd ef."
    assert (read.border, read.start, read.end) == (5, 0, 9)
    bare = read_answer(engine, guide, answer, note=False)
    assert "".join(chr(token) for token in bare.prompt) == f"[user]{QUESTION}"
    assert read.before(2)[-2:] == [ord("a"), ord("b")]


@pytest.mark.parametrize(
    ("lead", "added", "budget", "window"),
    [(20, 19, 10, (15, 25)), (20, 2, 10, (13, 23)), (3, 30, 10, (0, 10)), (20, 0, 10, (10, 20))],
)
def test_the_border_lies_in_what_is_judged(guide, lead, added, budget, window):
    answer = Answer(QUESTION, "a" * lead, "b" * added)
    read = read_answer(LetterEngine(), guide, answer, budget=budget)
    assert (read.start, read.end) == window
    assert len(read.tokens) == lead + (added + 1 if added else 0)


@pytest.mark.parametrize("parts", ["", "bdf"])
def test_every_token_is_judged_after_those_before_it(guide, parts):
    engine = LetterEngine(parts=parts)
    read = read_answer(engine, guide, Answer("a", "abc", "de"))
    tokens = list(judge_tokens(engine, read))
    assert letters(tokens) == "abc de"
    assert [token.authored for token in tokens] == [True] * 3 + [False] * 3
    assert [token.rank for token in tokens[1:3]] == [1, 1]
    assert tokens[1].logprob == pytest.approx(tokens[2].logprob)
    assert all(len(set(token.best)) == 12 for token in tokens)


def test_another_end_parts_from_the_text(guide):
    engine = LetterEngine()
    read = read_answer(engine, guide, Answer("a", "abc", "a"))
    greedy = list(resample(engine, read, 1, Warp(temperature=0), 0, 4))
    assert letters(greedy) == "bcde"
    assert parting(read, 1, greedy) == 2
    assert parting(read, 1, greedy[:2]) is None
    ends = [letters(resample(engine, read, 1, Warp(2.0), seed, 9)) for seed in (1, 1, 2)]
    assert ends[0] == ends[1] != ends[2]
    with pytest.raises(InputError, match="judged token"):
        list(resample(engine, read, 99, Warp(), 0))


def test_an_end_of_the_turn_ends_it_but_not_at_once(guide):
    class Ending(LetterEngine):
        def logits(self, prompt):
            return {END: 9.0, ord("a"): 0.0}

    engine = Ending()
    read = read_answer(engine, guide, Answer("a", "abc"))
    assert letters(resample(engine, read, 1, Warp(temperature=0), 0)) == "a"


@pytest.mark.parametrize(
    "answer",
    [Answer("", "a"), Answer("q", " ", ""), Answer("q", "x" * 6001), Answer("q" * 501, "x")],
)
def test_what_cannot_be_judged_is_an_input_error(answer):
    with pytest.raises(InputError):
        check(answer, 80)
    with pytest.raises(InputError, match="1 to 240"):
        check(Answer("q", "a"), 0)


def test_pictures_show_parts_and_escape(guide):
    engine = LetterEngine()
    read = read_answer(engine, guide, Answer("q", "a<b", "c"), budget=3)
    tokens = list(judge_tokens(engine, read))
    picture = draw.shaded(read, tokens, tokens[0].place)
    assert "<b" not in picture.replace("</b", "")
    assert picture.count("data-place") == 3
    assert picture.count(draw.MODEL) == 3  # two tokens and the legend
    told = draw.summary(read, tokens, "<m>", True, "added")
    assert "&lt;m&gt;, with its study note" in told
    assert "2 more tokens were not judged" in told
    assert told.count("perplexity") == 2
    again = list(resample(engine, read, 2, Warp(temperature=0), 0, 3))
    assert "They part at token" in draw.diverged(read, 2, again, "<s>")


def test_the_guess_is_about_the_larger_perplexity(guide):
    engine = LetterEngine()
    read = read_answer(engine, guide, Answer("a", "bcd", "j"))
    tokens = list(judge_tokens(engine, read))
    assert "Right: the part added" in draw.summary(read, tokens, "m", True, "added")
    assert "No: the part added" in draw.summary(read, tokens, "m", True, "authored")
    assert "Judging token 2 of 5" in draw.summary(read, tokens[:1], "m", True, "added")


class LetterWeights:
    """Weights whose engine is the letters'."""

    def __init__(self, settings):
        self.settings = settings

    def engine(self):
        return LetterEngine()


def test_the_views_steps(settings):
    weights = LetterWeights(settings)
    *_, (said, picture, held, place) = look_into(weights, "a", "abc", "de", 0, True, 80, None)
    assert "perplexity" in said
    assert picture.count("data-place") == 6
    assert place == 4
    number, _, details = choose(weights, held, 3)
    assert number == 4
    assert "Token 4" in details
    *_, end = draw_end(weights, held, 4, 5, 0, 0, 0, 1, 0)
    assert "They part at token" in end
    assert list(draw_end(weights, EMPTY, 1, 5, 0, 1, 0, 1, 0)) == ["X-ray an answer first."]
    *_, (said, *_rest) = look_into(weights, "a", "", "", 0, True, 80, None)
    assert "no answer" in said
    *_, looked = ask_or_look(weights, "a", "abc", "", 0, True, 80, None)
    assert (len(looked), looked[3]) == (8, 3)
    *_, (said, *_rest) = ask_or_look(weights, " ", "", "", 0, True, 80, None)
    assert "no question" in said, "without an answer the tutor is asked"
    *_, (said, *_rest) = look_into(weights, "a", "x", "", 99, True, 80, None)
    assert "no question 99" in said
    with pytest.raises(InputError):
        guide_of(weights, 3)


def test_the_tab_is_built_without_a_model_any_number_of_times(settings):
    import gradio as gr

    with gr.Blocks():
        for _ in range(2):
            parts = view(Weights(settings, quietly))
    assert len(parts) == len(fields(Answer))


@pytest.mark.model
def test_on_the_real_model(weights):
    found = run(
        QUESTION, "The nucleus is the smallest set of", "tokens.", place=3, length=4,
        temperature=0, weights=weights,
    )  # fmt: skip
    assert b"".join(piece for _, piece in found.read.tokens).endswith(b"set of tokens.")
    assert len(found.judged) == len(found.read.tokens)
    assert all(token.logprob <= 0 and token.bits >= 0 for token in found.judged)
    assert all(
        token.logprob == token.best[token.rank - 1].logprob for token in found.judged if token.rank
    )
    # Greedy: each new token is the likeliest at its place.
    assert all(token.rank == 1 for token in found.again)


@pytest.mark.model
@pytest.mark.slow
def test_as_one_pass_of_another_implementation_judges(weights):
    """The same file in PyTorch, its weights in fp32: all positions at once."""
    import torch

    engine = weights.engine()
    lead = "Temperature divides the logits before the softmax, so a low value sharpens them."
    read = read_answer(engine, guide_of(weights, 6), Answer("What is it?", lead), note=False)
    mine = [token.logprob for token in judge_tokens(engine, read)]
    model = weights.smollm2().model
    ids = torch.tensor([read.before(len(read.tokens))])
    with torch.inference_mode():
        logprobs = torch.log_softmax(model(ids).logits[0], -1)
    start = len(read.prompt) - 1
    theirs = [float(logprobs[start + i, t]) for i, (t, _) in enumerate(read.tokens)]
    # llama.cpp rounds activations to 8 bits, so the two differ by about a tenth of a nat.
    assert np.abs(np.subtract(mine, theirs)).mean() < 0.3
    assert np.corrcoef(mine, theirs)[0, 1] > 0.995


def test_without_a_model_the_command_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setitem(os.environ, "TUTOR_MODEL", "none")
    assert main(["--lead", "The nucleus.", "--temperature", "99"]) == 2
    assert "temperature must be" in capsys.readouterr().err
    assert main(["--lead", "The nucleus."]) == 2
    assert "TUTOR_MODEL" in capsys.readouterr().err


def test_judged_tokens_know_their_probability():
    assert Judged(1, b"x", 0, True, math.log(0.25), 1, 0.0, ()).probability == pytest.approx(0.25)
