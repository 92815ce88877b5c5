"""Recomputes the numbers printed in the worked examples of category 06."""

import math


def test_q7_counts_of_the_80_10_10_rule(worked):
    text = worked(7)
    length = 200
    assert f"A sequence has {length} tokens" in text
    selected = round(0.15 * length)
    masked, random = round(0.8 * selected), round(0.1 * selected)
    unchanged = selected - masked - random
    assert rf"$0.15 \times {length} = {selected}$" in text
    assert rf"$0.8 \times {selected} = {masked}$ become [MASK]" in text
    assert rf"$0.1 \times {selected} = {random}$ become a random token" in text
    assert f"and {unchanged} stay unchanged" in text
    a, b, c = (f"{100 * n / length:.1f}%" for n in (masked, random, unchanged))
    rest = f"{100 * (length - selected) / length:.1f}%"
    assert f"{a} of the tokens are [MASK], {b} are random, {c} are unchanged" in text
    assert f"and {rest} give no loss" in text


def test_q7_loss_over_three_positions(worked):
    text = worked(7)
    terms = [-math.log(p) for p in (0.62, 0.10, 0.90)]
    assert "0.62 (masked), 0.10 (replaced at random) and 0.90 (unchanged)" in text
    for p, term in zip((0.62, 0.10, 0.90), terms, strict=True):
        assert rf"$-\ln {p:.2f} = {term:.3f}$" in text
    assert f"${sum(terms):.3f} / 3 = {sum(terms) / 3:.3f}$" in text
    assert terms[1] == max(terms)
    assert terms[2] == min(terms)


def test_q9_likelihood_and_pseudo_likelihood(worked):
    text = worked(9)
    causal = (0.05, 0.02, 0.20, 0.25)
    assert '0.05 for "the", 0.02 for "cat", 0.20 for "sat" and 0.25 for "down"' in text
    assert r" \times ".join(f"{p:.2f}" for p in causal) + f" = {math.prod(causal):.5f}$" in text
    nll = -math.log(math.prod(causal))
    assert f"Negative log: ${nll:.3f}$; per token ${nll:.3f} / 4 = {nll / 4:.3f}$" in text
    assert f"perplexity $e^{{{nll / 4:.3f}}} = {math.exp(nll / 4):.2f}$" in text
    masked = (0.60, 0.10, 0.50, 0.25)
    assert ", ".join(f"{p:.2f}" for p in masked[:3]) + f" and {masked[3]:.2f}" in text
    pseudo = -math.log(math.prod(masked))
    assert f"The product is {math.prod(masked):.4f}" in text
    assert f"$e^{{{pseudo:.3f}/4}} = {math.exp(pseudo / 4):.2f}$" in text


def test_q9_signal_and_attention_pairs(worked):
    text = worked(9)
    hidden = 512 * 0.15
    assert "A sequence of 512 tokens gives the autoregressive model 512 predictions" in text
    assert "With a masking rate of 15%" in text
    assert f"gets {hidden:.1f} on average" in text
    assert f"$512 / {hidden:.1f} = {512 / hidden:.2f}$" in text
    n = 4
    pairs = f"Of the {n * n} pairs of positions in four tokens, causal attention uses "
    assert pairs + f"{n * (n + 1) // 2} and bidirectional attention all {n * n}" in text


def test_q11_input_and_segments(worked):
    text = worked(11)
    tokens = text.split("Input: `")[1].split("`")[0].split()
    first = tokens.index("[SEP]") + 1
    assert f"which is {len(tokens)} tokens" in text
    assert f"0 for the first {first} tokens" in text
    assert f"1 for the remaining {len(tokens) - first}" in text


def test_q11_losses(worked):
    text = worked(11)
    yes, no = math.exp(2.0), math.exp(0.5)
    assert "logits 2.0 for IsNext and 0.5 for NotNext" in text
    assert f"where {2.0 - 0.5} is the gap" in text
    assert "an MLM loss of 1.950" in text
    p = yes / (yes + no)
    q = 1 - p
    assert rf"$P(\mathrm{{IsNext}}) = {p:.3f}$ and $P(\mathrm{{NotNext}}) = {q:.3f}$" in text
    assert rf"= \ln(1 + e^{{-1.5}}) = {-math.log(p):.3f}$" in text
    assert rf"$\ln(1 + e^{{1.5}}) = {-math.log(q):.3f}$" in text
    assert rf"$\ln 2 = {math.log(2):.3f}$" in text
    assert f"$1.950 + {-math.log(p):.3f} = {1.95 - math.log(p):.3f}$" in text
