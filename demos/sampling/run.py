"""A distribution measured and reshaped, tokens drawn from it, and two searches."""

from dataclasses import dataclass

from demos.sampling.decoding import Searched, draw_tokens, reshaped, search_both
from demos.sampling.distribution import Distribution, check, measure
from demos.shared.arrays import Array
from demos.shared.warp import Warp
from demos.shared.weights import Weights, open_weights

PROMPT = "Once upon a time there was a"


@dataclass(frozen=True)
class Sampled:
    """All the demo shows: the distribution, the settings, the probabilities after them in the same
    order, the tokens drawn, and both searches."""

    distribution: Distribution
    warp: Warp
    probabilities: Array
    drawn: tuple[str, ...]
    searched: Searched


def run(
    prompt: str = PROMPT,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    min_p: float = 0.0,
    repetition_penalty: float = 1.0,
    draws: int = 10,
    seed: int = 0,
    width: int = 3,
    steps: int = 4,
    weights: Weights | None = None,
) -> Sampled:
    """Measure, reshape, draw and search. Raises InputError for values out of range."""
    warp = Warp(temperature, top_k, top_p, min_p, repetition_penalty)
    check(prompt)
    engine = (weights or open_weights()).engine()
    distribution = measure(engine, prompt)
    probabilities = reshaped(distribution, warp)
    drawn = draw_tokens(engine, distribution, probabilities, draws, seed)
    searched = search_both(engine, distribution.prompt, width, steps)
    return Sampled(distribution, warp, probabilities, drawn, searched)
