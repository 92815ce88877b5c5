"""Beam search against the guide's example, every possible sequence, and transformers' own."""

import itertools
import math

import numpy as np
import pytest

from demos.sampling.beam import remembered, search

NICE, GOOD, DAY, MORNING, HOUSE = range(5)
WORDS = {
    (): {NICE: 0.5, GOOD: 0.4, HOUSE: 0.1},
    (NICE,): {DAY: 0.4, HOUSE: 0.35, MORNING: 0.25},
    (GOOD,): {MORNING: 0.9, DAY: 0.1},
    (HOUSE,): {DAY: 1.0},
}


def following(table):
    """The model of a table: beginning → probabilities."""

    def ask(tokens):
        ranked = sorted(table[tokens].items(), key=lambda item: -item[1])
        return [(token, math.log(p)) for token, p in ranked]

    return ask


def test_the_guides_example():
    greedy = search(following(WORDS), 1, 2)
    beam = search(following(WORDS), 2, 2)
    assert greedy.best.tokens == (NICE, DAY)
    assert greedy.best.probability == pytest.approx(0.20)
    assert beam.best.tokens == (GOOD, MORNING)
    assert beam.best.score == pytest.approx(-1.022, abs=5e-4)
    assert [node.tokens for node in beam.kept(0)] == [(NICE,), (GOOD,)]
    assert len(beam.steps[1]) == 4


def test_parents_point_at_the_hypothesis_that_was_extended():
    beam = search(following(WORDS), 2, 2)
    for node in beam.steps[1]:
        assert beam.kept(0)[node.parent].tokens == node.tokens[:-1]


def random_table(size, steps, seed):
    rng = np.random.default_rng(seed)
    return {
        tokens: dict(enumerate(rng.dirichlet(np.full(size, 0.4))))
        for length in range(steps)
        for tokens in itertools.product(range(size), repeat=length)
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_wide_enough_finds_the_best_of_all(seed):
    table = random_table(4, 3, seed)

    def product(tokens):
        return math.prod(table[tokens[:i]][token] for i, token in enumerate(tokens))

    best = max(itertools.product(range(4), repeat=3), key=product)
    found = search(following(table), 16, 3).best
    assert found.tokens == best
    assert found.probability == pytest.approx(product(best))


@pytest.mark.parametrize("seed", range(5))
def test_greedy_takes_the_best_token_every_time(seed):
    table = random_table(4, 3, seed)
    tokens = ()
    for _ in range(3):
        tokens = (*tokens, max(table[tokens], key=table[tokens].get))
    assert search(following(table), 1, 3).best.tokens == tokens


def test_a_finished_hypothesis_is_not_extended():
    end = 9
    table = {(): {end: 0.6, 1: 0.4}, (1,): {2: 0.9, end: 0.1}, (1, 2): {3: 1.0}}
    found = search(following(table), 2, 3, lambda token: token == end)
    assert found.best.tokens == (end,)
    assert found.best.ended
    assert {node.tokens for node in found.steps[2]} == {(end,), (1, 2, 3)}


def test_asking_is_remembered():
    asked = []

    def ask(tokens):
        asked.append(tokens)
        return following(WORDS)(tokens)

    known = remembered(ask)
    search(known, 1, 2)
    search(known, 2, 2)
    assert len(asked) == len(set(asked)) == 3


def test_as_transformers_generates():
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(5)
    config = GPT2Config(
        vocab_size=13, n_positions=16, n_embd=16, n_layer=2, n_head=2,
        initializer_range=0.6, bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    model = GPT2LMHeadModel(config).eval()

    def ask(tokens):
        with torch.inference_mode():
            logits = model(torch.tensor([[1, 2, *tokens]])).logits[0, -1]
        ranked = torch.log_softmax(logits, -1).sort(descending=True)
        return list(zip(ranked.indices.tolist(), ranked.values.tolist(), strict=True))

    for width in (1, 3):
        theirs = model.generate(
            torch.tensor([[1, 2]]), num_beams=width, max_new_tokens=5, do_sample=False,
            length_penalty=0.0, pad_token_id=0,
        )  # fmt: skip
        assert search(ask, width, 5).best.tokens == tuple(theirs[0, 2:].tolist())
