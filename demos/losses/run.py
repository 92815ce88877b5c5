"""Cross-entropy, KL divergence, activations, the chain rule and a perplexity at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from demos.losses import activations, perplexity
from demos.losses import cross_entropy as derivatives
from demos.losses.activations import Derivative
from demos.losses.chain_rule import Chain, chain
from demos.losses.cross_entropy import CrossEntropy
from demos.losses.divergence import Divergence, divergence
from demos.losses.perplexity import Perplexity
from demos.shared.weights import Weights, open_weights
from tutor.errors import InputError

LOGITS = (2.0, 1.0, 0.0, -1.0)
P = (0.7, 0.2, 0.1)
Q = (0.5, 0.3, 0.2)
TEXT = "The capital of France is Paris, but the moon is made of marmalade."


@dataclass(frozen=True)
class Losses:
    """Everything the demo shows."""

    cross_entropy: CrossEntropy
    divergence: Divergence
    derivatives: tuple[Derivative, ...]
    chain: Chain
    perplexity: Perplexity


def run(
    logits: Sequence[float] = LOGITS,
    target: int = 1,
    p: Sequence[float] = P,
    q: Sequence[float] = Q,
    x: float = -0.5,
    activation: str = "sigmoid",
    text: str = TEXT,
    weights: Weights | None = None,
) -> Losses:
    """All five parts; `target` counts from 1. InputError before any model is loaded."""
    perplexity.check(text)
    entropy = derivatives.cross_entropy(logits, target - 1)
    kl = divergence(p, q)
    slopes = activations.derivatives(x)
    graph = chain(activation=activation)
    scored = perplexity.score(text, (weights or open_weights()).smollm2())
    return Losses(entropy, kl, slopes, graph, scored)


def read_numbers(text: str, what: str) -> list[float]:
    """The numbers in a text box, separated by spaces, commas or semicolons."""
    words = text[:400].replace(",", " ").replace(";", " ").split()
    try:
        return [float(word) for word in words]
    except ValueError as error:
        raise InputError(f"{what}: type numbers such as 0.7 0.2 0.1.") from error
