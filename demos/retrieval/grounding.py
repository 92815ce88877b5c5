"""The same model on the same question twice: from memory, then from the passages retrieved.

Greedy decoding, so that the prompt is the only difference. How much of a reply stands in the
passages is measured crudely, by words:

    passages "HyDE lets a model write an imagined answer first"
    reply    "HyDE models climate from imagined data"     3 of 5 words, 0.60

(HyDE, models and imagined; climate and data stand nowhere.) That says nothing about truth.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from tutor.engine.generate import Engine, Message, Sampling, Stopped
from tutor.guide.text import plain
from tutor.search.retrieve import Retriever

PASSAGES = 3  # given to the model
LONGEST_PASSAGE = 900  # characters of each
TOKENS = 80  # most that one reply may have
FROM_MEMORY = "Answer the question in at most two sentences."
FROM_PASSAGES = (
    "Answer the question in at most two sentences, from the passages alone. "
    "If they do not answer it, say: The passages do not say.\n\n"
)
STEM = 5  # letters; words that share so many count as one
COMMON = frozenset(
    """that this with from have which when what where their there they them these those than then
    into more most some such also only over each other about because being been does used uses using
    will would could should very while your between both same like make makes made""".split()
)


@dataclass(frozen=True)
class Replies:
    """Both replies as far as they have come, and the share of their words (0 to 1) in `passages`.

    `step` is "memory", "passages" or "done".
    """

    question: str
    passages: tuple[str, ...]
    memory: str
    grounded: str
    step: str

    @property
    def shares(self) -> tuple[float, float]:
        """For the reply from memory and the one from the passages."""
        return overlap(self.memory, self.passages), overlap(self.grounded, self.passages)


def answer_twice(
    retriever: Retriever, engine: Engine, question: str, stopped: Stopped | None = None
) -> Iterator[Replies]:
    """Both replies, growing; closing the iterator stops the model. EngineError if it fails."""
    found = retriever.search(question).passages[:PASSAGES]
    passages = tuple(plain(passage.chunk.text)[:LONGEST_PASSAGE] for passage in found)
    replies = Replies(question, passages, "", "", "memory")
    yield replies
    with closing(complete(engine, FROM_MEMORY, question, stopped)) as texts:
        for text in texts:
            replies = replace(replies, memory=replies.memory + text)
            yield replies
    replies = replace(replies, step="passages")
    yield replies
    prompt = FROM_PASSAGES + "\n\n".join(passages)
    with closing(complete(engine, prompt, question, stopped)) as texts:
        for text in texts:
            replies = replace(replies, grounded=replies.grounded + text)
            yield replies
    yield replace(replies, step="done")


def complete(
    engine: Engine, instructions: str, question: str, stopped: Stopped | None
) -> Generator[str, None, None]:
    """The pieces of one reply; closing it closes the engine's stream, which stops the model."""
    messages = [Message("system", instructions), Message("user", question)]
    stream = engine.stream(messages, Sampling(max_tokens=TOKENS), stopped)
    with closing(stream):
        yield from (piece for piece in stream if isinstance(piece, str))


def overlap(text: str, passages: Sequence[str]) -> float:
    """Share of a text's longer words whose first letters begin a word of the passages, 0 to 1."""
    said = words(text)
    known = {word[:STEM] for passage in passages for word in words(passage)}
    return sum(word[:STEM] in known for word in said) / len(said) if said else 0.0


def words(text: str) -> list[str]:
    """Words of four letters or more, in lower case, without the commonest."""
    found = re.findall(r"[a-z0-9]{4,}", text.lower())
    return [word for word in found if word not in COMMON]
