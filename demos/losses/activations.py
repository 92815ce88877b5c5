"""Activation functions: derivatives by hand next to autograd's.

x = -2     ReLU 0, derivative 0       GELU's derivative -0.085     sigmoid's 0.105
x = 2      ReLU 2, derivative 1       GELU's derivative  1.085     sigmoid's 0.105
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from demos.shared.choices import check_choice
from tutor.errors import InputError

SLOPE = 0.01  # of leaky ReLU below zero
RANGE = 100.0  # largest number that may be typed
NORMAL = NormalDist()
NAMES = ("ReLU", "leaky ReLU", "GELU", "SiLU", "tanh", "sigmoid")


@dataclass(frozen=True)
class Function:
    """An activation: value and derivative by hand, and torch's own function of a tensor."""

    name: str
    value: Callable[[float], float]
    derivative: Callable[[float], float]
    torch: Callable[[Any], Any]


@dataclass(frozen=True)
class Derivative:
    """One activation at x: its value, and its derivative by hand, by autograd, by a difference.

    `difference` is (f(x+h) - f(x-h)) / 2h with h = 1e-4; at a kink it is the mean of both sides.
    """

    name: str
    x: float
    value: float
    by_hand: float
    auto: float
    difference: float


def relu(x: float) -> float:
    """max(0, x)."""
    return max(0.0, x)


def relu_derivative(x: float) -> float:
    """1 above zero, 0 below. At 0 there is none; frameworks take 0, as torch does."""
    return 1.0 if x > 0 else 0.0


def sigmoid(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def sigmoid_derivative(x: float) -> float:
    """s (1 - s), at most 1/4."""
    return sigmoid(x) * sigmoid(-x)


def gelu_derivative(x: float) -> float:
    """d/dx x Φ(x) = Φ(x) + x φ(x); Hendrycks and Gimpel, arXiv:1606.08415."""
    return NORMAL.cdf(x) + x * NORMAL.pdf(x)


def silu_derivative(x: float) -> float:
    """d/dx x s(x) = s + x s (1 - s); arXiv:1702.03118, section 2."""
    return sigmoid(x) + x * sigmoid_derivative(x)


def functions() -> tuple[Function, ...]:
    """The activations, ReLU first."""
    import torch.nn.functional as F

    return (
        Function("ReLU", relu, relu_derivative, F.relu),
        Function(
            "leaky ReLU",
            lambda x: x if x > 0 else SLOPE * x,
            lambda x: 1.0 if x > 0 else SLOPE,
            lambda x: F.leaky_relu(x, SLOPE),
        ),
        Function("GELU", lambda x: x * NORMAL.cdf(x), gelu_derivative, F.gelu),
        Function("SiLU", lambda x: x * sigmoid(x), silu_derivative, F.silu),
        Function("tanh", math.tanh, lambda x: 1 - math.tanh(x) ** 2, lambda x: x.tanh()),
        Function("sigmoid", sigmoid, sigmoid_derivative, lambda x: x.sigmoid()),
    )


def function_named(name: str) -> Function:
    """One of them; InputError for another name."""
    found = next((one for one in NAMES if one.lower() == name.lower()), name)
    check_choice("activation", found, NAMES)
    return functions()[NAMES.index(found)]


def bounded(**values: float) -> None:
    """InputError if a number is too large, or is not one."""
    for name, value in values.items():
        if not (math.isfinite(value) and abs(value) <= RANGE):
            raise InputError(f"{name} must lie between -{RANGE:g} and {RANGE:g}.")


def derivatives(x: float, step: float = 1e-4) -> tuple[Derivative, ...]:
    """Every activation at x. InputError for |x| > 100."""
    import torch

    bounded(x=x)
    found = []
    for function in functions():
        at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        (auto,) = torch.autograd.grad(function.torch(at), at)
        around = function.value(x + step) - function.value(x - step)
        found.append(
            Derivative(
                function.name,
                x,
                function.value(x),
                function.derivative(x),
                float(auto),
                around / (2 * step),
            )
        )
    return tuple(found)
