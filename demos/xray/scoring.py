"""Judges a finished answer token by token with the tutor's engine, and lets it go on differently.

llama.cpp gives no probabilities for the tokens of a prompt. So the answer is fed to it one token
at a time: each call asks how probable the next token of the text is, and the cache keeps what came
before, so that a call computes a single position. What the model reads is what it read in the
chat: its instructions, the study note, the question, and the answer so far.

    the bits a token carries: -log2 p, so p 0.5 is 1 bit and p 0.001 about 10;
    perplexity: 2 to the mean of the bits, so tokens of p 0.5 and 0.125 give 2^2 = 4.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from demos.shared.arrays import entropy, softmax
from demos.shared.candidates import best_tokens, judge
from demos.shared.warp import Warp, reshape
from demos.xray.answer import Answer
from tutor.engine.generate import Message
from tutor.engine.llama import Candidate, LlamaEngine
from tutor.errors import InputError
from tutor.guide.read import Guide
from tutor.guide.text import plain
from tutor.reply.prompt import build_prompt

BEST = 40  # tokens of each position that are looked at; the rest counts as one
POOL = 1000  # most probable tokens that a new draw chooses among
LONGEST = {"lead": 6000, "continuation": 2000}  # characters
LONGEST_QUESTION = 500
MOST_JUDGED, MOST_DRAWN = 240, 60  # tokens


@dataclass(frozen=True)
class Read:
    """An answer as tokens. Those before `border` were authored; judging begins at `start` and
    ends at `end`."""

    prompt: tuple[int, ...]
    tokens: tuple[tuple[int, bytes], ...]
    border: int
    start: int
    end: int

    @property
    def added(self) -> int:
        """Where the model's own part begins, or the last token if there is none."""
        return min(self.border, len(self.tokens) - 1)

    def before(self, place: int) -> list[int]:
        """Everything the model has read when the token at a place is next."""
        return [*self.prompt, *(token for token, _ in self.tokens[:place])]


@dataclass(frozen=True)
class Judged:
    """A token of the text as the model saw it coming.

    `rank` is its place among the BEST, None beyond. `bits` is the entropy of the position, with
    everything beyond the BEST as one outcome: a lower bound. `best` are the likeliest tokens.
    """

    id: int
    piece: bytes
    place: int
    authored: bool
    logprob: float
    rank: int | None
    bits: float
    best: tuple[Candidate, ...]

    @property
    def probability(self) -> float:
        """How likely the model found it, 0 to 1."""
        return math.exp(self.logprob)

    @property
    def surprise(self) -> float:
        """-log2 of its probability."""
        return -self.logprob / math.log(2)


def read_answer(
    engine: LlamaEngine, guide: Guide, answer: Answer, note: bool = True, budget: int = 80
) -> Read:
    """The answer's tokens after what the model reads before them.

    At most `budget` tokens (1 to 240) are judged: the border lies in their middle where both parts
    are long. Without `note` the model sees the question alone. Raises InputError.
    """
    check(answer, budget)
    messages = [Message("user", answer.question)]
    if note and answer.number:
        messages = build_prompt(guide.questions[answer.number], (), answer.question, "")[:-1]
    prompt = engine.tokenize(engine.prompt_text(messages), control=True)
    authored = engine.tokenize(lead) if (lead := plain(answer.lead)) else []
    # The model goes on with a space, whose token is mostly one with the word after it.
    added = plain(answer.continuation)
    space = " " if authored and added else ""
    generated = engine.tokenize(space + added) if added else []
    tokens = (*authored, *generated)
    start = max(0, min(len(authored) - budget // 2, len(tokens) - budget))
    end = min(len(tokens), start + budget)
    return Read(tuple(token for token, _ in prompt), tokens, len(authored), start, end)


def check(answer: Answer, budget: int) -> None:
    """Raise InputError for a missing or overlong part."""
    check_question(answer.question, budget)
    for name, most in LONGEST.items():
        if len(getattr(answer, name)) > most:
            raise InputError(f"The {name} is longer than {most:,} characters. Shorten it.")
    if not (answer.lead.strip() or answer.continuation.strip()):
        raise InputError("There is no answer to look into. Ask the tutor, or type one.")


def check_question(question: str, budget: int) -> None:
    """Raise InputError for what cannot be asked, before the tutor answers it."""
    if not question.strip():
        raise InputError("There is no question. Type one.")
    if len(question) > LONGEST_QUESTION:
        raise InputError(f"The question is longer than {LONGEST_QUESTION} characters. Shorten it.")
    if not 1 <= budget <= MOST_JUDGED:
        raise InputError(f"Judge 1 to {MOST_JUDGED} tokens.")


def judge_tokens(engine: LlamaEngine, read: Read) -> Iterator[Judged]:
    """Every token from `start` to `end`, one call of the engine each."""
    for place in range(read.start, read.end):
        token, piece = read.tokens[place]
        found, best = judge(engine, read.before(place), token, BEST)
        yield judged(found, piece, best, place, place < read.border)


def judged(
    found: Candidate, piece: bytes, best: Sequence[Candidate], place: int, authored: bool
) -> Judged:
    """A token with its rank and the entropy of its position."""
    ranks = {candidate.id: rank for rank, candidate in enumerate(best, 1)}
    p = np.exp([candidate.logprob for candidate in best])
    bits = float(entropy(np.append(p, max(0.0, 1 - p.sum()))))
    rank = ranks.get(found.id)
    return Judged(found.id, piece, place, authored, found.logprob, rank, bits, tuple(best))


def resample(
    engine: LlamaEngine, read: Read, place: int, warp: Warp, seed: int, length: int = 30
) -> Iterator[Judged]:
    """Go on from a place with other settings, one call of the engine a token.

    Draws among the 1,000 most probable tokens, so a high temperature is a little tamer than it
    would be. The repetition penalty is not applied: it needs logits. Ends after `length` (1 to 60)
    tokens or when the model ends its turn, which it may not do at once. A seed repeats an end,
    except where two tokens are so close that llama.cpp's rounding, which depends on how much of
    the text its cache holds, decides between them.
    """
    if not (read.start <= place <= len(read.tokens) and 1 <= length <= MOST_DRAWN):
        raise InputError(f"Choose a judged token, and 1 to {MOST_DRAWN} tokens to draw.")
    generator = np.random.default_rng(seed % 2**32)
    tokens = read.before(place)
    for step in range(length):
        best = best_tokens(engine, tokens, POOL)
        if step == 0:
            best = [candidate for candidate in best if candidate.piece]
        logprobs = np.array([candidate.logprob for candidate in best])
        p = softmax(reshape(logprobs, warp, np.zeros(len(best), dtype=bool)))
        drawn = best[int(generator.choice(len(best), p=p))]
        if not drawn.piece:
            return
        yield judged(drawn, drawn.piece, best[:BEST], place + step, authored=False)
        tokens.append(drawn.id)


def perplexity(tokens: Sequence[Judged]) -> float:
    """2 to the mean surprise in bits; NaN without tokens. 1 if the model was certain of each."""
    if not tokens:
        return math.nan
    return float(2 ** (sum(token.surprise for token in tokens) / len(tokens)))


def parting(read: Read, place: int, again: Sequence[Judged]) -> int | None:
    """The first of the new tokens that differs from the text's; None as long as none does."""
    for step, token in enumerate(again):
        if place + step >= len(read.tokens) or read.tokens[place + step][0] != token.id:
            return step
    return None
