"""The chain rule through a small network, by hand next to autograd.

One hidden unit: z = w1 x + b1, a = f(z), y = w2 a + b2, L = (y - t)^2 / 2. With x = 2, w1 = 0.5,
b1 = -0.2, w2 = 1.5, b2 = 0.1, t = 2 and the sigmoid, L = 0.3741 and dL/dw1 = -0.5551.
"""

from dataclasses import dataclass

from demos.losses.activations import Function, bounded, function_named


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
