"""How a gradient reaches back through a sequence: step by step, or in one step.

Four small untrained nets read n vectors; the gradient of the last output is measured at every
input. A linear recurrence h_t = a h_(t-1) + x_t gives a^distance exactly: with a = 0.9 after 50
steps 0.0052 is left. Attention reaches every position in one step, so distance does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Generator, Tensor

NETS = ("linear recurrence", "tanh RNN", "LSTM", "self-attention")
WIDTH = 32
Net = Callable[["Tensor"], "Tensor"]  # the last output (width,) of inputs (time, width)


@dataclass(frozen=True)
class Reach:
    """One net: the norm of the gradient that arrives at each input, by distance from the end."""

    net: str
    norms: tuple[float, ...]  # of distance 0, 1, ..., n - 1

    @property
    def kept(self) -> float:
        """The mean gradient over the farther half of the distances, relative to the nearer half."""
        half = len(self.norms) // 2
        return sum(self.norms[-half:]) / sum(self.norms[:half])


def reaches(length: int = 64, factor: float = 0.9, seed: int = 0) -> tuple[Reach, ...]:
    """All four nets over the same inputs; `length` at least 2.

    `factor` is a of the linear recurrence and the size of the RNN's recurrent matrix, a rotation
    times `factor`.
    """
    import torch

    draw = torch.Generator().manual_seed(seed)
    inputs = torch.randn(length, WIDTH, generator=draw, dtype=torch.float64)  # (time, width)
    direction = torch.randn(WIDTH, generator=draw, dtype=torch.float64)
    direction = direction / direction.norm()
    nets = (linear(factor), tanh_rnn(factor, draw), lstm(seed), attention(draw))
    found = []
    for name, net in zip(NETS, nets, strict=True):
        x = inputs.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(net(x) @ direction, x)  # (time, width)
        found.append(Reach(name, tuple(gradient.norm(dim=-1).flip(0).tolist())))
    return tuple(found)


def linear(factor: float) -> Net:
    """The last state (width,) of h_t = factor h_(t-1) + x_t."""

    def run(x: Tensor) -> Tensor:
        state = x[0]
        for step in x[1:]:
            state = factor * state + step
        return state

    return run


def tanh_rnn(factor: float, draw: Generator) -> Net:
    """The last state of h_t = tanh(W h_(t-1) + x_t), W a random rotation times `factor`."""
    import torch

    square = torch.randn(WIDTH, WIDTH, generator=draw, dtype=torch.float64)
    rotation = torch.linalg.qr(square).Q * factor

    def run(x: Tensor) -> Tensor:
        state = torch.zeros(WIDTH, dtype=x.dtype)
        for step in x:
            state = torch.tanh(rotation @ state + step)
        return state

    return run


def lstm(seed: int) -> Net:
    """The last state of PyTorch's LSTM with a forget bias of 1.

    sigmoid(1) = 0.73 of the cell is kept per step at first, instead of 0.5.
    Source: Jozefowicz et al. 2015, "An Empirical Exploration of Recurrent Network Architectures".
    """
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net: Any = torch.nn.LSTM(WIDTH, WIDTH, dtype=torch.float64)
    with torch.no_grad():
        net.bias_ih_l0[WIDTH : 2 * WIDTH] = 1.0  # PyTorch's order: input, forget, cell, output
        net.bias_hh_l0[WIDTH : 2 * WIDTH] = 0.0

    def run(x: Tensor) -> Tensor:
        return net(x)[0][-1]

    return run


def attention(draw: Generator) -> Net:
    """The last output of one causal self-attention head with random weights."""
    import torch

    weights = torch.randn(3, WIDTH, WIDTH, generator=draw, dtype=torch.float64) / WIDTH**0.5

    def run(x: Tensor) -> Tensor:
        queries, keys, values = x @ weights  # (time, width) each
        scores = keys @ queries[-1] / WIDTH**0.5  # (time,): the last position sees all
        return scores.softmax(dim=0) @ values

    return run


def describe(nets: tuple[Reach, ...]) -> str:
    """The nets in words: how much of the gradient is left in the farther half."""
    left = ", ".join(f"{net.net} {net.kept:.2g}" for net in nets)
    return (
        f"Mean gradient at the farther half of {len(nets[0].norms)} positions as a multiple of the "
        f"one at the nearer half: {left}. Attention spreads its gradient over all positions, about "
        "one part each before training, but does not lose it on the way."
    )


@dataclass(frozen=True)
class Cost:
    """One layer of each kind over n tokens of width d, in multiplications and waiting steps."""

    tokens: int
    attention: int  # n^2 d
    recurrent: int  # n d^2
    waits: int  # steps of the recurrence that must wait for each other; attention has 1


def costs(width: int = 512, lengths: tuple[int, ...] = (64, 512, 4096)) -> tuple[Cost, ...]:
    """Operations per layer up to constant factors. Source: Vaswani et al. 2017, table 1."""
    return tuple(Cost(n, n * n * width, n * width * width, n) for n in lengths)
