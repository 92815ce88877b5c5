"""How large a gradient still is after many layers, with and without residuals and normalization.

Four stacks of the same transformer blocks (attention, feed-forward), untrained, differ only in how
a block's result joins the stream x:

    plain        x = F(x)
    residual     x = x + F(x)
    post-norm    x = Norm(x + F(x))         the transformer of 2017
    pre-norm     x = x + F(Norm(x))         most models today

With one number for a layer, ten factors of +0.05 and ten of -0.05: plain 0.05^20 = 9.5e-27, with
residuals (1.05 x 0.95)^10 = 0.975.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demos.shared.cores import one_core
from demos.shared.token_ids import token_ids
from demos.shared.weights import TorchModel
from tutor.errors import InputError

if TYPE_CHECKING:
    from torch import Generator, Tensor

KINDS = ("plain", "residual", "post-norm", "pre-norm")
ACTIVATIONS = ("gelu", "relu", "tanh", "sigmoid")
WIDTH = 32
TOKENS = 8
EXCERPT = 60  # characters
SENTENCE = "The cat drank the milk because it was thirsty"
Layer = Callable[["Tensor"], "Tensor"]  # what a block adds to the stream (token, width)


@dataclass(frozen=True)
class Depth:
    """One stack: norms of the loss's gradient at the stream, from the first block's entry on.

    For an untrained stack the last number is the output's, 1: its loss is a random direction of
    length 1.
    """

    kind: str
    norms: tuple[float, ...]
    spread: float  # root mean square of the last stream's components

    @property
    def kept(self) -> float:
        """The gradient at the first place as a multiple of that at the last."""
        return self.norms[0] / self.norms[-1]


def depths(
    blocks: int = 24, gain: float = 1.0, activation: str = "gelu", seed: int = 0
) -> tuple[Depth, ...]:
    """All four stacks with the same weights and input.

    `gain` 1 draws weights of variance 1 / fan-in; ValueError for an unknown activation.
    """
    with one_core():  # some ten times as fast for matrices this small
        return tuple(gradient_norms(kind, blocks, gain, activation, seed) for kind in KINDS)


def gradient_norms(kind: str, blocks: int, gain: float, activation: str, seed: int) -> Depth:
    """Run one stack forward, then back from a random direction at its output.

    In double precision, so that what vanishes does so by the mathematics and not by underflow.
    Source of the two norm placements: Xiong et al. 2020, figure 1; residuals: He et al. 2016.
    """
    import torch

    if activation not in ACTIVATIONS:
        raise ValueError(f"unknown activation {activation!r}")
    draw = torch.Generator().manual_seed(seed)
    x = random(draw, TOKENS, WIDTH).requires_grad_()  # (token, width)
    stream = [x]
    for _ in range(blocks):
        sublayers = (attention(draw, gain), feed_forward(draw, gain, activation))
        x = stream[-1]
        for sublayer in sublayers:
            x = join(kind, x, sublayer)
        stream.append(x)
    direction = random(draw, TOKENS, WIDTH)
    loss = (stream[-1] * direction / direction.norm()).sum()
    gradients = torch.autograd.grad(loss, stream)
    spread = float(stream[-1].detach().square().mean().sqrt())
    return Depth(kind, tuple(float(gradient.norm()) for gradient in gradients), spread)


def trained_norms(text: str, source: TorchModel) -> Depth:
    """The same for SmolLM2's trained blocks: the next-token loss of a text, traced back.

    The norms are those at the entry of each of the 30 blocks; blocks are pre-norm with residuals.
    InputError if the text is empty or a single token, which has nothing to predict.
    """
    import torch

    ids, _ = token_ids(text, source.tokenizer)
    if len(ids) < 2:
        raise InputError("One token predicts nothing. Type a few words more.")
    with torch.enable_grad():
        tokens = torch.tensor([ids])
        seen = source.model(input_ids=tokens, labels=tokens, output_hidden_states=True)
        entries = seen.hidden_states[:-1]  # the last one is the output, already normalized
        gradients = torch.autograd.grad(seen.loss, entries)
    spread = float(entries[-1].detach().square().mean().sqrt())
    return Depth(source.name, tuple(float(gradient.norm()) for gradient in gradients), spread)


def join(kind: str, x: Tensor, sublayer: Layer) -> Tensor:
    """One sublayer's result and the stream (token, width), joined in one of the four ways."""
    if kind == "plain":
        return sublayer(x)
    if kind == "residual":
        return x + sublayer(x)
    if kind == "post-norm":
        return normalized(x + sublayer(x))
    return x + sublayer(normalized(x))


def normalized(x: Tensor) -> Tensor:
    """RMSNorm without a gain: x / sqrt(mean of x^2 + eps). Zhang and Sennrich 2019, equation 4."""
    return x / (x.square().mean(dim=-1, keepdim=True) + 1e-6).sqrt()


def attention(draw: Generator, gain: float) -> Layer:
    """Single-head self-attention with random weights, as a function of the stream."""
    query, key, value, output = (weight(draw, WIDTH, WIDTH, gain) for _ in range(4))

    def mix(x: Tensor) -> Tensor:
        scores = (x @ query) @ (x @ key).T / WIDTH**0.5  # (query, key)
        return scores.softmax(dim=-1) @ (x @ value) @ output

    return mix


def feed_forward(draw: Generator, gain: float, activation: str) -> Layer:
    """Two matrices, four times as wide between them, with an activation, random weights."""
    import torch

    inner, outer = weight(draw, WIDTH, 4 * WIDTH, gain), weight(draw, 4 * WIDTH, WIDTH, gain)
    bend = {
        "gelu": torch.nn.functional.gelu,
        "relu": torch.relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
    }[activation]

    def transform(x: Tensor) -> Tensor:
        return bend(x @ inner) @ outer

    return transform


def weight(draw: Generator, fan_in: int, fan_out: int, gain: float) -> Tensor:
    """A matrix (fan-in, fan-out) of normal numbers with deviation gain / sqrt(fan-in)."""
    return random(draw, fan_in, fan_out) * gain / fan_in**0.5


def random(draw: Generator, rows: int, columns: int) -> Tensor:
    """Standard normal numbers (rows, columns) in double precision."""
    import torch

    return torch.randn(rows, columns, generator=draw, dtype=torch.float64)


def describe(stacks: tuple[Depth, ...]) -> str:
    """The stacks in words: what is left of the gradient at the first block, and the stream's size.

    For untrained stacks of the same number of blocks.
    """
    left = ", ".join(f"{stack.kind} {stack.kept:.2g}" for stack in stacks)
    size = ", ".join(f"{stack.kind} {stack.spread:.2g}" for stack in stacks)
    return (
        f"Gradient at the first of {len(stacks[0].norms) - 1} blocks, as a multiple of the one at "
        f"the output: {left}. Size of the stream's numbers after the last block, 1 at the start: "
        f"{size}."
    )


def describe_trained(found: Depth, text: str = SENTENCE) -> str:
    """The trained model's norms in words; the text is cut to EXCERPT characters."""
    text = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"
    norms = found.norms
    return (
        f"{found.kind}, trained, on “{text}”: the gradient of the next-token loss has norm "
        f"{norms[-1]:.2g} at the last block's entry, {norms[len(norms) // 2]:.2g} half-way, "
        f"{norms[1]:.2g} at the second block's and {norms[0]:.2g} at the embeddings, which are "
        f"small before their first normalization. Through {len(norms)} blocks nothing vanishes."
    )
