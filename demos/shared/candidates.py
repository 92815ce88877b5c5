"""Which tokens the tutor's engine thinks could come next, and how probable it finds a given one.

llama.cpp reports probabilities for a token it has chosen, unless that token is only a part of a
character. So a token to be judged is made the choice by a bias, which the reported probabilities
do not contain; and where nothing is reported, a plain letter is made the choice instead.
"""

from collections.abc import Mapping, Sequence

from demos.shared.tokens import visible
from tutor.engine.llama import Candidate, LlamaEngine
from tutor.errors import EngineError

WHOLE = 10**6  # more tokens than any vocabulary has
BIAS = 1e4  # added to a logit, it outweighs all others
DRAWS = 20  # attempts to draw a token that is no part of a character


def best_tokens(engine: LlamaEngine, prompt: Sequence[int], count: int) -> list[Candidate]:
    """The `count` most probable next tokens, best first; their probabilities are over all."""
    found = engine.next_tokens(prompt, count) or chosen(engine, prompt, letter(engine), count)
    return found[1:]


def judge(
    engine: LlamaEngine, prompt: Sequence[int], token: int, count: int
) -> tuple[Candidate, list[Candidate]]:
    """A given next token with its probability, and the `count` most probable ones."""
    if found := chosen(engine, prompt, token, count):
        return found[0], found[1:]
    ranked = chosen(engine, prompt, letter(engine), WHOLE)[1:]
    return next(candidate for candidate in ranked if candidate.id == token), ranked[:count]


def chosen(engine: LlamaEngine, prompt: Sequence[int], token: int, count: int) -> list[Candidate]:
    """As `LlamaEngine.next_tokens`, with the choice made for llama.cpp."""
    return engine.next_tokens(prompt, count, logit_bias=[[token, BIAS]])


def letter(engine: LlamaEngine) -> int:
    """A token that is a whole character."""
    return engine.tokenize("a")[0][0]


def sampled_tokens(
    engine: LlamaEngine, prompt: Sequence[int], count: int, samplers: Mapping[str, float]
) -> list[Candidate]:
    """The probabilities after llama.cpp's own samplers, in the order given, best first.

    `{"repeat_penalty": 1.1, "temperature": 0.7, "top_k": 40, "top_p": 0.9, "min_p": 0.05}`; at
    most what they leave. Raises EngineError if only parts of characters are left.
    """
    names = ["penalties" if name == "repeat_penalty" else name for name in samplers]
    for seed in range(DRAWS):
        found = engine.next_tokens(
            prompt,
            count,
            samplers=names,
            post_sampling_probs=True,
            repeat_last_n=len(prompt),
            seed=seed,
            **samplers,
        )
        if found:
            return found[1:]
    raise EngineError("The model gives no probabilities here. Change the prompt a little.")


def named(engine: LlamaEngine, token: int) -> str:
    """What the engine calls a token: control tokens have no bytes, unused ones not even a name."""
    return visible(engine.detokenize([token]).encode()) or f"[unused {token}]"
