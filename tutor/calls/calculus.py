"""Derivatives and eigenvalues of small things: activations, softmax, matrices, embedding rows."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from tutor.calls.probability import distribution, softmaxed
from tutor.calls.slots import Given, Impossible, Missing
from tutor.calls.worked import Worked, number, vector


def sigmoid(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def bell(x: float) -> float:
    """The standard normal density."""
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def below(x: float) -> float:
    """The standard normal distribution: the probability of what lies below x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


# Value and slope of the activations that have a short form, and the rule of the slope.
FUNCTIONS: Mapping[str, tuple[Callable[[float], float], Callable[[float], float], str]] = {
    "relu": (
        lambda x: max(0.0, x),
        lambda x: float(x > 0),
        "1 above zero, 0 below; at 0 itself there is none, and frameworks use 0",
    ),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), "s(1 − s), at most 0.25"),
    "tanh": (math.tanh, lambda x: 1 - math.tanh(x) ** 2, "1 − tanh², at most 1"),
    "gelu": (lambda x: x * below(x), lambda x: below(x) + x * bell(x), "Φ(x) + x φ(x)"),
    "silu": (
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))),
        "s(x) (1 + x (1 − s(x)))",
    ),
}


def derivative(given: Given) -> Worked:
    """An activation's slope at some places."""
    name = given.one("function")
    value, slope, rule = FUNCTIONS[name]
    places = [place for part in given.all("inputs") for place in part]
    found = [slope(place) for place in places]
    listed = ", ".join(
        f"**{number(one)}** at {number(at)}" for at, one in zip(places, found, strict=True)
    )
    steps = [f"the rule: {rule}"]
    steps += [f"{name}({number(at)}) = {number(value(at))}" for at in places if name != "relu"]
    return Worked(f"The derivative is {listed}.", tuple(steps), found[0])


def depth(given: Given) -> Worked:
    """A factor of every layer, multiplied over all of them."""
    factor, layers = given.one("factor"), given.one("layers")
    value = factor**layers
    what = "vanishes" if value < 1e-3 else "explodes" if value > 1e3 else "stays usable"
    step = f"{number(factor)}^{number(layers)} = {value:.3g}"
    return Worked(
        f"Over {number(layers)} layers the factor is **{value:.3g}**: the gradient {what}.",
        (step,),
        value,
    )


def jacobian(given: Given) -> Worked:
    """∂p_i/∂x_j = p_i (δ_ij − p_j), the derivatives of a softmax by its logits."""
    if "probabilities" in given:
        p = distribution(given.one("probabilities"), "The output")
    elif "scores" in given:
        p = softmaxed(given.one("scores"))
    else:
        raise Missing("probabilities")
    rows = [[a * (float(i == j) - b) for j, b in enumerate(p)] for i, a in enumerate(p)]
    shown = ", ".join(vector(row) for row in rows)
    steps = [] if "probabilities" in given else [f"softmax: {vector(p)}"]
    steps += [
        f"diagonal p(1 − p): {vector([row[i] for i, row in enumerate(rows)], 4)}",
        "elsewhere −p_i p_j; every row adds up to 0",
    ]
    return Worked(f"The Jacobian is **[{shown}]**.", tuple(steps), rows[0][0])


def eigen(given: Given) -> Worked:
    """Eigenvalues of a symmetric matrix, their directions, and the shares of variance."""
    rows = [row for part in given.all("matrix") for row in part]
    if len(rows) == 1 and len(rows[0]) == 4:  # four numbers that ran together
        rows = [rows[0][:2], rows[0][2:]]
    if any(len(row) != len(rows) for row in rows) or len(rows) < 2:
        raise Impossible("Eigenvalues belong to a square matrix.")
    matrix = np.array(rows)
    if not np.allclose(matrix, matrix.T):
        raise Impossible("The matrix is not symmetric, as a covariance matrix is.")
    values, directions = np.linalg.eigh(matrix)
    values, directions = values[::-1], directions.T[::-1]
    # A direction has no sign; shown is the one whose first larger part is positive.
    turned = [d * (1 if d[np.flatnonzero(np.abs(d) > 1e-9)[0]] > 0 else -1) for d in directions]
    each = " and ".join(
        f"**{number(round(float(value), 9))}** along {vector([float(x) for x in one])}"
        for value, one in zip(values, turned, strict=True)
    )
    total = float(values.sum())
    steps = [f"the trace: {number(total)}"]
    if values.min() >= -1e-9 and total > 0:
        steps.append(f"shares of variance: {vector([float(v) / total for v in values])}")
    return Worked(f"The eigenvalues are {each}.", tuple(steps), float(values[0]))


def row_gradient(given: Given) -> Worked:
    """The gradients of a row are added, once for every place where its token stands."""
    parts = [part for found in given.all("gradient") for part in found]
    if len({len(part) for part in parts}) > 1:
        raise Impossible("The gradients of one row are equally long.")
    total = [sum(column) for column in zip(*parts, strict=True)]
    step = " + ".join(vector(part) for part in parts)
    return Worked(
        f"The row gets **{vector(total)}**: the gradients of its places are added.",
        (f"{step} = {vector(total)}",),
        total[0],
    )
