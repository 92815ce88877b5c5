"""From a next-token distribution to tokens: reshaped, drawn from, guessed at, searched.

Everything but a search works on a distribution that has been measured once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demos.sampling.beam import Search, remembered, search
from demos.sampling.distribution import Distribution
from demos.shared.arrays import Array, softmax
from demos.shared.candidates import best_tokens, named
from demos.shared.tokens import visible
from demos.shared.warp import Warp, reshape, top_p
from tutor.engine.llama import LlamaEngine
from tutor.errors import InputError

MOST_DRAWS = 100
WIDEST, LONGEST_SEARCH = 4, 6


@dataclass(frozen=True)
class Guess:
    """A guessed continuation: the first token of it, its place among all (1 is the most probable)
    and its probability."""

    token: str
    rank: int
    probability: float


@dataclass(frozen=True)
class Searched:
    """Greedy and beam search from one prompt, and the names of the tokens they met."""

    greedy: Search
    beam: Search
    names: dict[int, str]

    def text(self, found: Search) -> str:
        """The tokens of a search's best hypothesis as one text."""
        return "".join(self.names[token] for token in found.best.tokens).replace("·", " ")


def reshaped(distribution: Distribution, warp: Warp) -> Array:
    """The probabilities after the settings, in the distribution's order. No pass of the model."""
    return softmax(reshape(distribution.logits, warp, distribution.seen))


def draw_tokens(
    engine: LlamaEngine, distribution: Distribution, probabilities: Array, draws: int, seed: int
) -> tuple[str, ...]:
    """`draws` (1 to 100) independent next tokens; the same seed gives the same ones."""
    if not 1 <= draws <= MOST_DRAWS:
        raise InputError(f"Draw 1 to {MOST_DRAWS} tokens.")
    generator = np.random.default_rng(seed % 2**32)
    places = generator.choice(len(probabilities), size=draws, p=probabilities)
    return tuple(name_of(engine, distribution, int(place)) for place in places)


def name_of(engine: LlamaEngine, distribution: Distribution, place: int) -> str:
    """The token at a place of the distribution, as it is shown."""
    piece = distribution.pieces[place] if place < len(distribution.pieces) else b""
    return visible(piece) or named(engine, int(distribution.ids[place]))


def guess_token(engine: LlamaEngine, distribution: Distribution, text: str) -> Guess | None:
    """How probable the first token of a guess is, with or without a space before it.

    None without a guess, or if the distribution was cut and does not hold it.
    """
    if not text.strip():
        return None
    options = [engine.tokenize(before + text.strip()[:40])[0] for before in (" ", "")]
    held = [option for option in options if option[0] in distribution.ids]
    if not held:
        return None
    token, piece = min(held, key=lambda option: distribution.rank(option[0]))
    rank = distribution.rank(token)
    return Guess(visible(piece), rank, float(np.exp(distribution.logprobs[rank - 1])))


def search_both(engine: LlamaEngine, prompt: Sequence[int], width: int, steps: int) -> Searched:
    """Greedy search and beam search with the engine's own probabilities.

    `width` from 2 to 4, `steps` from 1 to 6 tokens; one pass of the model for each hypothesis.
    """
    if not (2 <= width <= WIDEST and 1 <= steps <= LONGEST_SEARCH):
        message = f"Search with 2 to {WIDEST} beams for 1 to {LONGEST_SEARCH} tokens."
        raise InputError(message)
    names: dict[int, str] = {}
    ends: set[int] = set()

    def following(tokens: tuple[int, ...]) -> list[tuple[int, float]]:
        found = best_tokens(engine, (*prompt, *tokens), width)
        for candidate in found:
            if not candidate.piece:
                ends.add(candidate.id)
            names[candidate.id] = visible(candidate.piece) or named(engine, candidate.id)
        return [(candidate.id, candidate.logprob) for candidate in found]

    ask = remembered(following)
    greedy = search(ask, 1, steps, ends.__contains__)
    return Searched(greedy, search(ask, width, steps, ends.__contains__), names)


def nucleus(distribution: Distribution, mass: float = 0.9) -> int:
    """How many tokens the nucleus of a mass holds, before any other setting.

    Of a distribution over all tokens: llama.cpp's probabilities add up to 1 only within 0.001.
    """
    return int(np.isfinite(top_p(distribution.logprobs, mass)).sum())
