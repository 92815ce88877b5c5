"""The next-token distribution of the tutor's own engine, over its whole vocabulary.

llama.cpp reports log-probabilities, log softmax(logits) = logits - log Z. The constant log Z is
lost, which only the repetition penalty can feel; it is recovered by asking the engine to apply a
penalty itself and reading off how far a token moved.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.shared.arrays import Array
from demos.shared.candidates import WHOLE, best_tokens, sampled_tokens
from demos.shared.warp import Mask
from tutor.engine.llama import Candidate, LlamaEngine
from tutor.errors import InputError

NAMED = 1000  # tokens whose text is kept; another one's is asked of the engine when it is drawn
LONGEST = 1500  # characters of a prompt
PENALTIES = (0.5, 0.25)  # below 1, so that the engine raises the tokens it has seen
FLAT = 8.0  # temperature at which it does so: the token llama.cpp draws can then be any


@dataclass(frozen=True)
class Distribution:
    """What could come after a prompt, best first.

    `log_z` turns the log-probabilities into the model's logits; NaN if it was not asked for.
    """

    prompt: tuple[int, ...]
    prompt_pieces: tuple[bytes, ...]
    ids: NDArray[np.int32]  # (token,)
    logprobs: Array  # (token,), natural logarithms, descending
    pieces: tuple[bytes, ...]  # of the first NAMED tokens; empty for control tokens
    log_z: float

    @property
    def seen(self) -> Mask:
        """Which tokens the prompt holds."""
        return np.isin(self.ids, self.prompt)

    @property
    def logits(self) -> Array:
        """The model's own outputs before softmax."""
        return self.logprobs + self.log_z

    def rank(self, token: int) -> int:
        """The place of a token among all, 1 for the most probable."""
        return int(np.flatnonzero(self.ids == token)[0]) + 1


def check(text: str) -> str:
    """The prompt if it can be used; InputError if it is empty or too long."""
    if not text.strip():
        raise InputError("There is no prompt. Type the beginning of a sentence.")
    if len(text) > LONGEST:
        message = f"The prompt has {len(text):,} characters; up to {LONGEST:,} can be read."
        raise InputError(f"{message} Shorten it.")
    return text


def measure(engine: LlamaEngine, text: str, count: int = WHOLE) -> Distribution:
    """Ask the engine what follows a plain text, without a chat template; `count` of the tokens.

    Three passes of the model over a cached prompt for the whole vocabulary, else one. Raises
    InputError for a text that cannot be used, EngineError if the engine fails.
    """
    tokens = engine.tokenize(check(text))
    prompt = tuple(token for token, _ in tokens)
    found = best_tokens(engine, prompt, count)
    log_z = log_partition(engine, prompt, found) if count >= WHOLE else float("nan")
    return Distribution(
        prompt,
        tuple(piece for _, piece in tokens),
        np.array([candidate.id for candidate in found], dtype=np.int32),
        np.array([candidate.logprob for candidate in found]),
        tuple(candidate.piece for candidate in found[:NAMED]),
        log_z,
    )


def log_partition(
    engine: LlamaEngine, prompt: tuple[int, ...], candidates: list[Candidate]
) -> float:
    """log Z = logit - log-probability, the same for every token.

    A penalty r < 1 turns the logit l of a token in the prompt into l / r if it is positive, else
    l * r. Against a token that is not in the prompt it rises by l (1/r - 1) or by l (r - 1). The
    two penalties tell the cases apart: the second rise is 3 times the first, or 1.5 times.
    """
    seen = set(prompt)
    place, anchor = next((i, c) for i, c in enumerate(candidates) if c.id in seen)
    free = next(c for c in candidates if c.id not in seen)
    rises = []
    for penalty in PENALTIES:
        samplers = {"repeat_penalty": penalty, "temperature": FLAT}
        after = sampled_tokens(engine, prompt, place + len(seen) + 2, samplers)
        logprob = {candidate.id: FLAT * candidate.logprob for candidate in after}
        rises.append(logprob[anchor.id] - logprob[free.id] - (anchor.logprob - free.logprob))
    logit = rises[0] if rises[1] > 2.25 * rises[0] else -2 * rises[0]
    return float(logit - anchor.logprob)
