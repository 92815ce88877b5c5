"""Activation functions and the chain rule: derivatives by hand next to autograd's.

    x = -2     ReLU 0, derivative 0       GELU's derivative -0.085     sigmoid's 0.105
    x = 2      ReLU 2, derivative 1       GELU's derivative  1.085     sigmoid's 0.105

The small network has one hidden unit: z = w1 x + b1, a = f(z), y = w2 a + b2, L = (y - t)^2 / 2.
With x = 2, w1 = 0.5, b1 = -0.2, w2 = 1.5, b2 = 0.1, t = 2 and the sigmoid, L = 0.3741 and
dL/dw1 = -0.5551.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from tutor.errors import InputError

SLOPE = 0.01  # of leaky ReLU below zero
RANGE = 100.0  # largest number that may be typed
NORMAL = NormalDist()


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


@dataclass(frozen=True)
class Node:
    """A quantity of the graph: how it is computed, its value, and the loss's gradient on it.

    `factor` says which gradient and which local derivative were multiplied.
    """

    name: str
    formula: str
    value: float
    factor: str
    by_hand: float
    auto: float


@dataclass(frozen=True)
class Chain:
    """The whole graph in the order of the forward pass, and the loss after one step downhill."""

    activation: str
    nodes: tuple[Node, ...]
    learning_rate: float
    new_w1: float
    new_w2: float
    new_loss: float

    @property
    def loss(self) -> float:
        """The loss before the step."""
        return self.nodes[-1].value


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
        Function("leaky ReLU", lambda x: x if x > 0 else SLOPE * x,
                 lambda x: 1.0 if x > 0 else SLOPE, lambda x: F.leaky_relu(x, SLOPE)),
        Function("GELU", lambda x: x * NORMAL.cdf(x), gelu_derivative, F.gelu),
        Function("SiLU", lambda x: x * sigmoid(x), silu_derivative, F.silu),
        Function("tanh", math.tanh, lambda x: 1 - math.tanh(x) ** 2, lambda x: x.tanh()),
        Function("sigmoid", sigmoid, sigmoid_derivative, lambda x: x.sigmoid()),
    )  # fmt: skip


NAMES = ("ReLU", "leaky ReLU", "GELU", "SiLU", "tanh", "sigmoid")


def function_named(name: str) -> Function:
    """One of them; InputError for another name."""
    for function in functions():
        if function.name.lower() == name.lower():
            return function
    raise InputError(f"There is no activation {name!r} here. Choose one of: {', '.join(NAMES)}.")


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
            Derivative(function.name, x, function.value(x), function.derivative(x), float(auto),
                       around / (2 * step))
        )  # fmt: skip
    return tuple(found)


def chain(
    x: float = 2.0,
    w1: float = 0.5,
    b1: float = -0.2,
    w2: float = 1.5,
    b2: float = 0.1,
    t: float = 2.0,
    activation: str = "sigmoid",
    learning_rate: float = 0.5,
) -> Chain:
    """Forward and backward through the small network, and one step of gradient descent.

    Each gradient is the one of the node after it times a local derivative (the chain rule;
    Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986).
    Only w1 and w2 take the step. InputError for an unknown activation or numbers beyond 100.
    """
    bounded(x=x, w1=w1, b1=b1, w2=w2, b2=b2, t=t, learning_rate=learning_rate)
    f = function_named(activation)
    z = w1 * x + b1
    a = f.value(z)
    y = w2 * a + b2
    loss = (y - t) ** 2 / 2
    dy = y - t
    dw2, db2, da = dy * a, dy, dy * w2
    dz = da * f.derivative(z)
    dw1, db1 = dz * x, dz
    auto = auto_chain(x, w1, b1, w2, b2, t, f)
    rows = (
        ("w1", "given", w1, "dL/dz · x", dw1),
        ("b1", "given", b1, "dL/dz · 1", db1),
        ("z", "w1 x + b1", z, f"dL/da · f′(z) = dL/da · {f.derivative(z):.4f}", dz),
        ("a", f"{f.name}(z)", a, "dL/dy · w2", da),
        ("w2", "given", w2, "dL/dy · a", dw2),
        ("b2", "given", b2, "dL/dy · 1", db2),
        ("y", "w2 a + b2", y, "y − t", dy),
        ("L", "(y − t)² / 2", loss, "dL/dL", 1.0),
    )
    new_w1, new_w2 = w1 - learning_rate * dw1, w2 - learning_rate * dw2
    new_y = new_w2 * f.value(new_w1 * x + b1) + b2
    return Chain(
        f.name,
        tuple(Node(*row, auto[row[0]]) for row in rows),
        learning_rate,
        new_w1,
        new_w2,
        (new_y - t) ** 2 / 2,
    )


def auto_chain(
    x: float, w1: float, b1: float, w2: float, b2: float, t: float, f: Function
) -> dict[str, float]:
    """Autograd's gradient of the loss on every quantity of the network."""
    import torch

    given = {"w1": w1, "b1": b1, "w2": w2, "b2": b2}
    nodes = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in given.items()
    }
    nodes["z"] = nodes["w1"] * x + nodes["b1"]
    nodes["a"] = f.torch(nodes["z"])
    nodes["y"] = nodes["w2"] * nodes["a"] + nodes["b2"]
    nodes["L"] = (nodes["y"] - t) ** 2 / 2
    gradients = torch.autograd.grad(nodes["L"], list(nodes.values()))
    return {name: float(g) for name, g in zip(nodes, gradients, strict=True)}
