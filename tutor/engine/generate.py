"""What the tutor asks of a language model: continue a conversation as a stream of text.

An engine knows nothing about the guide. The last message may be the assistant's: the engine then
goes on from its last character (assistant prefill), which is how an authored sentence leads. The
engines for real models are in `llama` and `endpoint`; the scripted one here says what it was told
to say and remembers what it was asked, for tests and for running without a model.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class Sampling:
    """How to draw tokens; the defaults are greedy, because an answer should repeat.

    `repeat_penalty` divides the logits of recent tokens (Keskar et al. 2019, arXiv:1909.05858,
    section 4.1); 1 is off. Where the engine `constrains`, the text follows `grammar`, a GBNF
    grammar, or consists of one or two of the `choices`, each led by a space. Sampling stops at
    `max_tokens` or when a `stop` string is produced.
    """

    max_tokens: int = 160
    temperature: float = 0.0
    top_p: float = 1.0
    repeat_penalty: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    grammar: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Token counts of one finished call; `cached` of the prompt's tokens needed no computing."""

    prompt: int = 0
    cached: int = 0
    generated: int = 0


@dataclass(frozen=True)
class Waiting:
    """The reply has not begun: so many others are before it."""

    before: int


Stopped = Callable[[], bool]
# What an engine makes of a reply; closing it stops the engine.
Pieces = Generator[str | Usage | Waiting, None, None]


class Engine(Protocol):
    """A language model that can be shared by all visitors."""

    @property
    def name(self) -> str:
        """What to call the model on the page."""
        ...

    @property
    def constrains(self) -> bool:
        """Whether `Sampling.grammar` and `Sampling.choices` are obeyed."""
        ...

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None = None
    ) -> Pieces:
        """Pieces of the reply as they are made, then one Usage. A piece may be empty.

        Where callers have to wait for each other, the first is a Waiting, and another comes each
        second, so that a caller who has gone is noticed. Closing the iterator, or `stopped()`
        becoming true, gives the place up or stops the computation within a token or two. Raises
        BusyError at once where too many wait, EngineError when the model fails or exceeds its time.
        """
        ...

    def close(self) -> None:
        """Free the model."""
        ...


@dataclass
class ScriptedEngine:
    """Replies with its lines in turn, word by word, and records every conversation it was given.

    >>> engine = ScriptedEngine(["It keeps one token."])
    >>> "".join(p for p in engine.stream([], Sampling()) if isinstance(p, str))
    'It keeps one token.'
    """

    lines: Sequence[str]
    name: str = "scripted"
    constrains: bool = False
    asked: list[tuple[Message, ...]] = field(default_factory=list)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None = None
    ) -> Pieces:
        """The next line, at most `sampling.max_tokens` words of it."""
        line = self.lines[len(self.asked) % len(self.lines)]
        self.asked.append(tuple(messages))
        words = line.split(" ")[: sampling.max_tokens]
        for number, word in enumerate(words):
            if stopped and stopped():
                return
            yield word if number == 0 else f" {word}"
        yield Usage(sum(len(m.content.split()) for m in messages), 0, len(words))

    def close(self) -> None:
        """Nothing to free."""
