"""Recomputes the numbers printed in the worked examples of category 13."""

import math

import pytest


def sign_test(fixed, broken):
    """The two-sided exact sign test of fixed against broken cases."""
    n = fixed + broken
    tail = sum(math.comb(n, k) for k in range(min(fixed, broken) + 1))
    return 2 * tail / 2**n


def test_q13_paired_comparison(worked):
    text = worked(13)
    before, after, fixed, broken = 36, 43, 9, 2
    assert before + fixed - broken == after
    assert f"{before} of 50 test cases right, {before / 50:.2f}" in text
    assert f"gets {after}, which is {after / 50:.2f}" in text
    assert f"gain of {(after - before) / 50:.2f}" in text
    ways = [math.comb(fixed + broken, k) for k in range(broken + 1)]
    a, b, c = ways
    assert (
        rf"$2 \times ({a} + {b} + {c})/2^{{{fixed + broken}}} = {2 * sum(ways)}/"
        rf"{2 ** (fixed + broken)} = {sign_test(fixed, broken):.3f}$" in text
    )
    assert f"{4 * fixed} fixed and {4 * broken} broken" in text
    assert f"sign test gives {sign_test(4 * fixed, 4 * broken):.5f}." in text


def test_q13_cost(worked):
    millions = 400 * 100_000 / 1e6
    text = worked(13)
    assert f"adds {millions:.0f} million tokens" in text
    assert f"that is USD {millions * 1:.0f} a day, or USD {millions / 10:.0f} if" in text


def test_q38_chain(worked):
    text = worked(38)
    left = 48 - 15
    back = left + 9
    assert f"$48 - 15 = {left}$, then ${left} + 9 = {back}$" in text
    assert back % 6 == 0
    assert f"${back} / 6 = {back // 6}$. The answer is {back // 6}." in text


@pytest.mark.parametrize(("steps", "power"), [(3, "3"), (10, "{10}")])
def test_q38_errors_multiply(worked, steps, power):
    assert f"$0.95^{power} = {0.95**steps:.3f}$" in worked(38)


def test_q38_majority_vote(worked):
    text = worked(38)

    def terms(p):
        return [math.comb(5, k) * p**k * (1 - p) ** (5 - k) for k in (3, 4, 5)]

    a, b, c = (f"{x:.4f}" for x in terms(0.6))
    assert f"${a} + {b} + {c} = {sum(terms(0.6)):.3f}$" in text
    assert f"the majority is right only with {sum(terms(0.4)):.3f}" in text
