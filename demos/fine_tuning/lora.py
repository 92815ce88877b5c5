"""LoRA by hand: a trained low-rank update beside a frozen linear layer, merged and taken off.

    W frozen (2, 2), A = (1, 2) of rank 1, B = (3, 0)^T, alpha / r = 2
        update 2 B A = ((6, 12), (0, 0)); the layer's output for x = (1, 1) grows by (18, 0)

B starts as zeros, so that training begins from the model as it is (Hu and others, "LoRA",
arXiv:2106.09685, section 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.errors import InputError

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.nn import Linear, Module
    from torch.utils.hooks import RemovableHandle


@dataclass(frozen=True)
class Adapter:
    """The update scale * B A of one linear layer whose own weight stays as it is."""

    name: str
    linear: Linear  # weight (out, in)
    down: Tensor  # A, (rank, in)
    up: Tensor  # B, (out, rank)
    scale: float  # alpha / rank
    hook: RemovableHandle

    def update(self) -> Tensor:
        """scale * B A, (out, in)."""
        return self.scale * (self.up @ self.down)

    def remove(self) -> None:
        """Take the adapter off: the layer computes what it did before."""
        self.hook.remove()


def attach(
    modules: Module, rank: int = 8, alpha: float = 16.0, seed: int = 0
) -> tuple[Adapter, ...]:
    """Freeze everything in `modules` and put an adapter on each of its linear layers.

    InputError for a rank below 1 or above the smallest side of a layer.
    """
    import torch

    layers = list(linear_layers(modules))
    most = min(side for _, linear in layers for side in linear.weight.shape)
    if not 1 <= rank <= most:
        raise InputError(f"The rank must lie between 1 and {most}, the smallest side of a layer.")
    generator = torch.Generator().manual_seed(seed)
    modules.requires_grad_(False)
    return tuple(adapt(name, linear, rank, alpha / rank, generator) for name, linear in layers)


def linear_layers(modules: Module) -> Iterator[tuple[str, Linear]]:
    """Every linear layer below a module, with its name."""
    import torch

    for name, module in modules.named_modules():
        if isinstance(module, torch.nn.Linear):
            yield name, module


def adapt(name: str, linear: Linear, rank: int, scale: float, generator: Generator) -> Adapter:
    """One adapter: A normal with variance 1/in, so that A x is about as large as x; B zero."""
    import torch
    from torch.nn.functional import linear as times

    rows, columns = linear.weight.shape
    down = torch.randn(rank, columns, generator=generator) / columns**0.5
    down, up = down.requires_grad_(), torch.zeros(rows, rank, requires_grad=True)

    def add(_: Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        return output + scale * times(times(inputs[0], down), up)

    return Adapter(name, linear, down, up, scale, linear.register_forward_hook(add))


def merge(adapters: Sequence[Adapter]) -> None:
    """Add every update to its weight and take the adapters off: no extra work when it runs."""
    import torch

    with torch.no_grad():
        for adapter in adapters:
            adapter.linear.weight += adapter.update()
            adapter.remove()


def parameters(adapters: Sequence[Adapter]) -> list[Tensor]:
    """What is trained: A and B of every adapter."""
    return [tensor for adapter in adapters for tensor in (adapter.down, adapter.up)]
