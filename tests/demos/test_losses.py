"""Losses and derivatives: numbers worked out by hand, and PyTorch's own losses beside them."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from demos.losses import activations, perplexity
from demos.losses import figures as draw
from demos.losses.__main__ import main
from demos.losses.activation_figures import chain_table
from demos.losses.activations import NAMES
from demos.losses.chain_rule import chain
from demos.losses.cross_entropy import cross_entropy
from demos.losses.divergence import divergence
from demos.losses.run import LOGITS, TEXT, P, Q, read_numbers, run
from demos.losses.view import view
from demos.shared.weights import BETWEEN_DOCUMENTS, TorchModel, open_weights
from tutor.errors import InputError

LETTERS = " abcdefghijklmnopqrstuvwxyz"


class Letters:
    """A tokenizer with a token for each letter; the number after them stands between documents."""

    def __call__(self, text, add_special_tokens):
        return {"input_ids": [LETTERS.index(letter) for letter in text]}

    def decode(self, ids):
        return "".join(LETTERS[i] for i in ids)

    def convert_tokens_to_ids(self, token):
        assert token == BETWEEN_DOCUMENTS
        return len(LETTERS)


@pytest.fixture
def letters():
    """A model whose logits after a letter are random, and depend on that letter alone."""
    import torch

    size = len(LETTERS) + 1
    rows = torch.randn(size, size, generator=torch.Generator().manual_seed(0))
    return TorchModel("letters", Letters(), lambda ids: SimpleNamespace(logits=rows[ids]))


def test_cross_entropy_by_hand():
    found = cross_entropy(LOGITS, 0)
    e = math.e
    assert found.exponentials == pytest.approx([1, 1 / e, 1 / e**2, 1 / e**3])
    assert found.probabilities == pytest.approx([0.644, 0.237, 0.087, 0.032], abs=5e-4)
    assert found.loss == pytest.approx(math.log(1 + 1 / e + 1 / e**2 + 1 / e**3))
    assert found.loss == pytest.approx(0.440, abs=5e-4)
    assert found.gradient == pytest.approx([-0.356, 0.237, 0.087, 0.032], abs=5e-4)
    # The guide's: two equal logits cost one bit.
    assert cross_entropy([3, 3], 1).loss == pytest.approx(math.log(2))


@pytest.mark.parametrize("seed", range(4))
def test_cross_entropy_is_that_of_torch(seed):
    import torch

    draw = np.random.default_rng(seed)
    logits = draw.normal(0, 20, 12)
    found = cross_entropy(logits, 5)
    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z[None], torch.tensor([5]))
    loss.backward()
    assert found.loss == pytest.approx(loss.item())
    assert found.gradient == pytest.approx(z.grad.numpy(), abs=1e-12)
    assert (found.auto_loss, list(found.auto_gradient)) == (loss.item(), z.grad.tolist())
    assert found.gradient.sum() == pytest.approx(0, abs=1e-12)


def test_large_logits_do_not_overflow():
    found = cross_entropy([1000, -1000], 1)
    assert found.loss == found.auto_loss == 2000
    assert found.gradient.tolist() == [1, -1]


def test_kl_by_hand():
    found = divergence(P, Q)
    terms = [0.7 * math.log(1.4), 0.2 * math.log(2 / 3), 0.1 * math.log(0.5)]
    assert found.forward_terms == pytest.approx(terms)
    assert found.forward == pytest.approx(0.0851, abs=5e-5)
    assert found.reverse == pytest.approx(0.0920, abs=5e-5)
    assert found.entropy == pytest.approx(0.8018, abs=5e-5)
    assert found.cross_entropy == pytest.approx(found.entropy + found.forward)
    assert found.forward_gradient == pytest.approx([-0.2, 0.1, 0.1])


@pytest.mark.parametrize("seed", range(4))
def test_kl_is_that_of_torch(seed):
    import torch

    p, q = np.random.default_rng(seed).dirichlet(np.ones(7), 2)
    found = divergence(p * 3, q * 0.2)  # is scaled to add up to 1
    theirs = [
        torch.nn.functional.kl_div(b.log(), a, reduction="sum").item()
        for a, b in [(torch.tensor(p), torch.tensor(q)), (torch.tensor(q), torch.tensor(p))]
    ]
    assert [found.forward, found.reverse] == pytest.approx(theirs)
    assert found.forward_gradient == pytest.approx(found.auto_forward_gradient, abs=1e-12)
    assert found.reverse_gradient == pytest.approx(found.auto_reverse_gradient, abs=1e-12)
    entropy = torch.distributions.Categorical(torch.tensor(p)).entropy().item()
    assert found.entropy == pytest.approx(entropy)


def test_a_zero_makes_one_direction_infinite():
    found = divergence([0.5, 0.5, 0], [0.5, 0.25, 0.25])
    assert found.forward == pytest.approx(0.5 * math.log(2))
    assert found.reverse == math.inf
    assert found.reverse_gradient is None
    assert "∞" in draw.divergence_table(found)
    same = divergence([1, 0], [1, 0])
    assert (same.forward, same.reverse, same.entropy) == (0, 0, 0)


@pytest.mark.parametrize("x", [-2.0, -0.5, 0.3, 2.0])
def test_derivatives_agree_three_ways(x):
    for one in activations.derivatives(x):
        assert one.by_hand == pytest.approx(one.auto, abs=1e-9), one.name
        assert one.by_hand == pytest.approx(one.difference, abs=1e-6), one.name
    by_name = {one.name: one for one in activations.derivatives(x)}
    assert tuple(by_name) == NAMES
    assert by_name["ReLU"].by_hand == (x > 0)
    assert by_name["ReLU"].value == max(0, x)


def test_activations_by_hand():
    by_name = {one.name: one for one in activations.derivatives(2.0)}
    assert by_name["sigmoid"].value == pytest.approx(1 / (1 + math.exp(-2)))
    assert by_name["sigmoid"].by_hand == pytest.approx(0.105, abs=5e-4)
    assert by_name["GELU"].by_hand == pytest.approx(1.085, abs=5e-4)
    assert by_name["tanh"].by_hand == pytest.approx(1 / math.cosh(2) ** 2)
    at_zero = {one.name: one for one in activations.derivatives(0.0)}
    assert at_zero["sigmoid"].by_hand == 0.25
    assert (at_zero["ReLU"].by_hand, at_zero["ReLU"].auto) == (0, 0)
    assert at_zero["ReLU"].difference == pytest.approx(0.5)
    assert activations.sigmoid(-800) == 0


def test_the_chain_rule_by_hand():
    found = chain()
    z, s = 0.8, 1 / (1 + math.exp(-0.8))
    y = 1.5 * s + 0.1
    dz = (y - 2) * 1.5 * s * (1 - s)
    by_name = {node.name: node for node in found.nodes}
    assert by_name["z"].value == pytest.approx(z)
    assert by_name["L"].value == pytest.approx((y - 2) ** 2 / 2)
    assert by_name["L"].value == pytest.approx(0.3741, abs=5e-5)
    assert by_name["w1"].by_hand == pytest.approx(dz * 2)
    assert by_name["w1"].by_hand == pytest.approx(-0.5551, abs=5e-5)
    assert by_name["w2"].by_hand == pytest.approx((y - 2) * s)
    assert found.new_w1 == pytest.approx(0.5 - 0.5 * dz * 2)
    assert found.new_loss < found.loss


@pytest.mark.parametrize("name", NAMES)
def test_the_chain_rule_is_autograds(name):
    draw = np.random.default_rng(1)
    for _ in range(5):
        x, w1, b1, w2, b2, t = draw.normal(0, 1.5, 6)
        for node in chain(x, w1, b1, w2, b2, t, name).nodes:
            assert node.by_hand == pytest.approx(node.auto, abs=1e-9), node.name


def test_a_dead_unit_passes_nothing():
    found = chain(x=1, w1=-1, b1=0, activation="ReLU", learning_rate=0.0)
    assert {node.name: node.by_hand for node in found.nodes}["w1"] == 0
    assert "stays: no gradient reaches the weights" in chain_table(
        chain(x=1, w1=-1, b1=0, activation="ReLU")
    )


def test_perplexity_by_hand():
    tokens = tuple(perplexity.Scored("x", p, 1, "x", p, 1.0) for p in (0.5, 0.25, 0.1))
    found = perplexity.Perplexity("hand", tokens, 6, False, 10)
    assert found.loss == pytest.approx(1.461, abs=5e-4)
    assert found.value == pytest.approx((0.5 * 0.25 * 0.1) ** (-1 / 3))
    assert found.value == pytest.approx(4.31, abs=5e-3)
    assert found.bits_per_character == pytest.approx((1 + 2 + math.log2(10)) / 6)


def test_an_even_model_is_as_unsure_as_its_vocabulary_is_large():
    import torch

    size = len(LETTERS) + 1
    even = TorchModel("even", Letters(), lambda ids: SimpleNamespace(
        logits=torch.zeros(*ids.shape, size)))  # fmt: skip
    found = perplexity.score("any words", even)
    assert found.value == pytest.approx(size)
    assert {token.rank for token in found.tokens} == {1}  # none is more probable


def test_perplexity_is_e_to_torchs_cross_entropy(letters):
    import torch

    text = "the cat sat"
    found = perplexity.score(text, letters)
    ids = [len(LETTERS), *(LETTERS.index(letter) for letter in text)]
    logits = letters.model(torch.tensor([ids])).logits[0, :-1].double()
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:])).item()
    assert found.loss == pytest.approx(loss)
    assert found.value == pytest.approx(math.exp(loss))
    assert found.tokens[-1].perplexity == pytest.approx(found.value)
    order = logits.argsort(-1, descending=True)
    for token, row, right in zip(found.tokens, order.tolist(), ids[1:], strict=True):
        assert token.rank == row.index(right) + 1
    assert "".join(token.token for token in found.tokens) == text


def test_a_long_text_is_cut_and_it_says_so(letters):
    found = perplexity.score("ab" * 2000, letters)
    assert found.cut
    assert len(found.tokens) == perplexity.MAX_TOKENS
    assert found.characters == perplexity.MAX_TOKENS
    assert "Only the beginning was read." in draw.describe_perplexity(found)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (["--logits", "1"], "2 to 12 numbers"),
        (["--logits", "1", "nan"], "between -1000 and 1000"),
        (["--target", "0"], "one of the 4 tokens"),
        (["--p", "0.5", "0.5"], "the same number"),
        (["--q", "-1", "1", "1"], "at least 0"),
        (["--x", "1e9"], "between -100 and 100"),
        (["--activation", "step"], "no activation 'step'"),
        (["--text", " \n"], "There is no text"),
    ],
)
def test_what_cannot_be_used(choice, told, capsys):
    assert main(choice) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_typed_numbers():
    assert read_numbers("1, 2;3  -4e-1", "x") == [1, 2, 3, -0.4]
    with pytest.raises(InputError, match="type numbers such as"):
        read_numbers("one two", "Logits")


def test_guesses_are_judged():
    found = cross_entropy(LOGITS, 0)
    assert "You guessed 0.42 nats: within a tenth." in draw.cross_entropy_table(found, 0.42)
    assert "1.56 away" in draw.cross_entropy_table(found, 2)
    assert "guessed" not in draw.cross_entropy_table(found)


def test_what_was_typed_is_escaped():
    tokens = (perplexity.Scored("<img src=x>", 0.5, 1, "<b>", 0.5, 2.0),) * 2
    found = perplexity.Perplexity("m", tokens, 9, False, 10)
    page = draw.describe_perplexity(found) + draw.scored_spans(found) + draw.scored_table(found)
    assert "<img" not in page
    assert "&lt;img" in page


def test_the_text_is_the_box_that_see_it_fills():
    import gradio as gr

    with gr.Blocks():
        assert view(None).value == TEXT


@pytest.mark.model
@pytest.mark.slow
def test_smollm2s_perplexity_is_its_own_loss():
    """transformers computes the loss of a labelled text itself."""
    import torch

    source = open_weights().smollm2()
    found = run(weights=SimpleNamespace(smollm2=lambda: source))
    scored = found.perplexity
    ids = source.tokenizer(BETWEEN_DOCUMENTS + TEXT, return_tensors="pt").input_ids
    with torch.inference_mode():
        loss = source.model(ids, labels=ids).loss.item()
    assert len(scored.tokens) == ids.shape[1] - 1
    assert scored.loss == pytest.approx(loss, rel=1e-4)
    (paris,) = (token for token in scored.tokens if token.token == " Paris")
    assert paris.probability > 0.1
    surprising = max(scored.tokens, key=lambda token: token.loss)
    assert scored.tokens.index(surprising) > scored.tokens.index(paris)  # of the marmalade
