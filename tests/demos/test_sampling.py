"""The next token: the engine's own distribution, draws, guesses, and the line of callers."""

import http.client
import json
import math
import os
import threading
from collections import Counter
from urllib.parse import urlsplit

import numpy as np
import pytest

from demos.sampling import figures as draw
from demos.sampling.__main__ import main
from demos.sampling.decoding import draw_tokens, guess_token, nucleus, reshaped, search_both
from demos.sampling.distribution import LONGEST, check, measure
from demos.sampling.run import run
from demos.shared.candidates import best_tokens, judge, sampled_tokens
from demos.shared.warp import Warp
from demos.shared.weights import Weights, quietly
from tests.demos.letters import END, LetterEngine
from tutor.engine.generate import Message, Sampling
from tutor.errors import EngineError, InputError
from tutor.settings import read_settings

PROMPTS = ["The capital of France is", "x = [1, 2, 3, 1, 2,", "你好", "Hello"]


@pytest.fixture(scope="module")
def weights():
    return Weights(read_settings(model="smollm2-135m"), quietly)


def logits_of(distribution):
    return dict(zip(distribution.ids.tolist(), distribution.logits, strict=True))


@pytest.mark.parametrize("shift", [0.0, 20.0, -2.0, -40.0])
@pytest.mark.parametrize("parts", ["", "bc", "bcdefgh"])
def test_the_logits_are_recovered_whatever_their_sign(shift, parts):
    engine = LetterEngine(shift, parts)
    expected = engine.logits((ord("a"), ord("b")))
    found = logits_of(measure(engine, "ab"))
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_penalty_is_that_of_the_engine():
    engine = LetterEngine(1.5)
    distribution = measure(engine, "ab")
    after = reshaped(distribution, Warp(repetition_penalty=1.3, temperature=0.7))
    theirs = sampled_tokens(
        engine, distribution.prompt, 99, {"repeat_penalty": 1.3, "temperature": 0.7}
    )
    mine = dict(zip(distribution.ids.tolist(), after, strict=True))
    assert mine == pytest.approx({c.id: math.exp(c.logprob) for c in theirs})


def test_a_choice_that_is_not_reported_is_judged_all_the_same():
    plain, parted = LetterEngine(), LetterEngine(parts="c")
    prompt = (ord("b"),)
    assert best_tokens(parted, prompt, 4) == best_tokens(plain, prompt, 4)
    assert judge(parted, prompt, ord("c"), 3) == judge(plain, prompt, ord("c"), 3)
    rare, best = judge(plain, prompt, END, 2)
    assert rare.id == END
    assert END not in {candidate.id for candidate in best}


def test_nothing_whole_is_left_to_draw():
    engine = LetterEngine(parts="abcdefghij \0")
    with pytest.raises(EngineError, match="no probabilities"):
        sampled_tokens(engine, (97,), 3, {"repeat_penalty": 1, "temperature": 1})


def test_draws_repeat_with_their_seed_and_follow_the_probabilities():
    engine = LetterEngine()
    distribution = measure(engine, "a")
    p = reshaped(distribution, Warp())
    assert draw_tokens(engine, distribution, p, 20, 4) == draw_tokens(
        engine, distribution, p, 20, 4
    )
    assert draw_tokens(engine, distribution, p, 20, 4) != draw_tokens(
        engine, distribution, p, 20, 5
    )
    counts = Counter(
        t for seed in range(40) for t in draw_tokens(engine, distribution, p, 100, seed)
    )
    assert counts["b"] / 4000 == pytest.approx(p[0], abs=0.03)
    greedy = reshaped(distribution, Warp(temperature=0))
    assert set(draw_tokens(engine, distribution, greedy, 10, -1)) == {"b"}
    with pytest.raises(InputError, match="1 to 100"):
        draw_tokens(engine, distribution, p, 0, 0)


def test_a_guess_finds_its_rank():
    engine = LetterEngine()
    distribution = measure(engine, "ab")
    guess = guess_token(engine, distribution, "  dust")
    # With a space before it, its first token is the space: it counts as what is more probable.
    assert (guess.token, guess.rank) == ("d", 2)
    assert guess.probability == pytest.approx(math.exp(distribution.logprobs[1]))
    assert guess_token(engine, distribution, "  ") is None


def test_the_nucleus_by_hand():
    distribution = measure(LetterEngine(), "a")
    p = np.exp(distribution.logprobs)
    assert p[:2].sum() < 0.9 <= p[:3].sum()
    assert nucleus(distribution) == 3
    assert nucleus(distribution, 0.5) == 1


def test_the_best_tokens_are_shown_before_all_are_read():
    engine = LetterEngine()
    whole, head = measure(engine, "ab"), measure(engine, "ab", 3)
    assert head.ids.tolist() == whole.ids[:3].tolist()
    assert guess_token(engine, head, "d").rank == guess_token(engine, whole, "d").rank
    assert guess_token(engine, head, "j") is None
    first = draw.revealed(head, "c", None, 2, 12)
    assert "Reading the rest" in first
    assert "90%" not in first
    assert "Reading" not in draw.revealed(whole, "c", None, 2, 12)
    # Without settings the whole distribution draws the same bars.
    bars = draw.token_bars(head, Warp(), np.exp(head.logprobs))
    for letter in "cde":
        assert f"<code>{letter}</code>" in bars


def test_searches_share_their_calls_and_name_their_tokens():
    engine = LetterEngine()
    found = search_both(engine, (ord("a"),), 2, 3)
    assert found.text(found.greedy) == found.text(found.beam) == "bcd"
    assert len(engine.asked) == len(set(engine.asked)) == 5
    with pytest.raises(InputError, match="2 to 4 beams"):
        search_both(engine, (97,), 9, 3)


def test_pictures_escape_what_was_typed():
    engine = LetterEngine()
    distribution = measure(engine, "a<b>")
    picture = draw.bars(distribution, Warp(), reshaped(distribution, Warp()))
    assert "<b>" not in picture
    assert "12 of 12 tokens can be drawn" in picture
    assert "You" not in draw.revealed(distribution, "<i>", None, None, 12)
    assert "<i>" not in draw.revealed(distribution, "<i>", None, 3, 12)
    svg = draw.describe_search(search_both(engine, (97,), 2, 2))
    assert svg.count("<rect") == 2 + 4


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST + 1)])
def test_a_prompt_that_cannot_be_used(text):
    with pytest.raises(InputError):
        check(text)


def raw_logprobs(engine, prompt, count):
    """The engine's own answer to a request of the test's own."""
    connection = http.client.HTTPConnection(urlsplit(engine.address).netloc, timeout=60)
    body = {"prompt": list(prompt), "max_tokens": 1, "logprobs": count, "temperature": 0}
    headers = {"Authorization": f"Bearer {engine.key}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/completions", json.dumps(body), headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    top = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
    return {entry["id"]: entry["logprob"] for entry in top}


@pytest.mark.model
def test_the_distribution_shown_is_the_engines_own(weights):
    engine = weights.engine()
    distribution = measure(engine, PROMPTS[0])
    assert len(distribution.ids) == engine.vocabulary() == 49_152
    assert np.exp(distribution.logprobs).sum() == pytest.approx(1, abs=1e-3)
    theirs = raw_logprobs(engine, distribution.prompt, 49_152)
    mine = dict(zip(distribution.ids.tolist(), distribution.logprobs, strict=True))
    assert mine == pytest.approx(theirs, abs=1e-4)
    unchanged = reshaped(distribution, Warp())
    np.testing.assert_allclose(unchanged, np.exp(distribution.logprobs), rtol=1e-3)


@pytest.mark.model
@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize(
    "samplers",
    [
        {"temperature": 1.7},
        {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": 0.01},
        {"repeat_penalty": 1.3, "temperature": 1.5, "top_k": 400},
    ],
    ids=lambda samplers: "+".join(samplers),
)
def test_the_settings_do_what_the_engines_samplers_do(weights, prompt, samplers):
    engine = weights.engine()
    distribution = measure(engine, prompt)
    names = {"repeat_penalty": "repetition_penalty"}
    warp = Warp(**{names.get(name, name): value for name, value in samplers.items()})
    after = dict(zip(distribution.ids.tolist(), reshaped(distribution, warp), strict=True))
    theirs = sampled_tokens(engine, distribution.prompt, 60_000, samplers)
    found = {candidate.id: math.exp(candidate.logprob) for candidate in theirs}
    for token, probability in after.items():
        assert probability == pytest.approx(found.get(token, 0.0), abs=2e-5)


@pytest.mark.model
def test_run_repeats_and_searches_are_ordered(weights):
    first, second = (run(steps=3, temperature=1.2, weights=weights) for _ in range(2))
    assert first.drawn == second.drawn
    assert len(first.drawn) == 10
    for step in first.searched.beam.steps:
        kept = [node.score for node in step if node.kept]
        assert kept == sorted(kept, reverse=True)
        assert all(node.score <= kept[-1] for node in step if not node.kept)
    with pytest.raises(InputError, match="temperature"):
        run(temperature=-1, weights=weights)


@pytest.mark.model
def test_a_reply_gets_its_turn_among_a_demos_calls(weights):
    engine = weights.engine()
    prompt = [token for token, _ in engine.tokenize("Once upon a time")]
    made, over = [], threading.Event()

    def ask_on():
        while not over.is_set():
            made.append(engine.next_tokens(prompt, 3))

    thread = threading.Thread(target=ask_on)
    thread.start()
    try:
        while len(made) < 3:
            over.wait(0.01)
        for _ in range(3):
            before = len(made)
            stream = engine.stream([Message("user", "Hi")], Sampling(max_tokens=2))
            next(stream)
            # One call was running; at most one more was in the line already.
            assert len(made) - before <= 2
            stream.close()
    finally:
        over.set()
        thread.join(60)


@pytest.mark.model
def test_too_long_a_prompt_is_an_error_and_the_next_call_works(weights):
    engine = weights.engine()
    prompt = [token for token, _ in engine.tokenize("Once")]
    with pytest.raises(EngineError, match="context"):
        engine.next_tokens(prompt * 5000, 3)
    with pytest.raises(EngineError, match="empty"):
        engine.next_tokens([], 3)
    assert len(engine.next_tokens(prompt, 3)) == 4


def test_wrong_settings_end_the_command(monkeypatch, capsys):
    monkeypatch.setitem(os.environ, "TUTOR_MODEL", "none")
    assert main(["--temperature", "-1"]) == 2
    assert "temperature must be" in capsys.readouterr().err
    assert main([]) == 2
    assert "TUTOR_MODEL" in capsys.readouterr().err
