"""Examples for the reader, from everything that was written: conversations, phrasings, the guide.

A conversation's turn gives itself, with what stood before it, and its standalone wording without.
How a tutor's turn looked is varied: as written, or the passage that the tutor would have shown. A
phrasing from `asked.csv` or of a written answer stands alone, or behind a conversation about
something else, now and then after somebody's thanks, because a turn with a topic of its own wins
over the past.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.conversations import Conversation, Place, Turn
from tutor.engine.generate import Message
from tutor.guide.answers import Written
from tutor.guide.chunks import Chunk
from tutor.guide.read import READING, Guide
from tutor.turn.kinds import Kind

SHOWN = 0.4  # share of replies in a history that are the guide's passage instead
MOVED_ON = 0.25  # share of phrasings that come after talk of something else
THANKED = 0.3  # share of those that begin with thanks for what came before
SHORT_THANKS = 5  # words
LOWER = 0.2  # share of phrasings without capitals and closing mark
OFTEN = 350  # turns of a kind from which it is not rare
RAREST = 3
SLIPS = 0.08  # share of examples with a typing error
WEIGHTS = (1.0, 0.5, 0.35, 0.25)  # of the passages that answer, best first

# What the askers of written answers want, where that is one of the kinds of turn.
ASKED_AS = {
    "question": Kind.QUESTION,
    "what": Kind.QUESTION,
    "why": Kind.QUESTION,
    "compare": Kind.QUESTION,
    "two": Kind.QUESTION,
    "choice": Kind.CASE,
    "case": Kind.CASE,
    "claim": Kind.CLAIM,
    "compute": Kind.COMPUTE,
}


@dataclass(frozen=True)
class Example:
    """What is read, and what should be understood. `source` is what is meant as it reads on its
    own, and must not be found where the index has it; `known` says whether its kinds were labelled
    by hand."""

    turn: str
    history: tuple[Message, ...]
    kinds: tuple[Kind, ...]
    passages: tuple[Place, ...]
    source: str = ""
    known: bool = True


def history_of(turns: Sequence[Turn]) -> tuple[Message, ...]:
    """The messages of the turns, oldest first."""
    return tuple(
        message
        for turn in turns
        for message in (Message("user", turn.learner), Message("assistant", turn.tutor))
    )


def spoken(conversations: Sequence[Conversation]) -> list[Example]:
    """Every turn in its conversation, as written."""
    return [
        Example(
            turn.learner, history_of(c.turns[:place]), turn.kinds, turn.passages, turn.standalone
        )
        for c in conversations
        for place, turn in enumerate(c.turns)
    ]


def phrased(guide: Guide) -> list[Example]:
    """Every phrasing of the guide's and of people's, and every topic that it leaves out."""
    rows: list[Example] = []
    for question in guide.questions.values():
        rows.append(lone(question.title, ((question.number, "In one minute"),), Kind.QUESTION))
        for follow_up in question.follow_ups:
            place = (question.number, follow_up.question)
            rows.append(lone(follow_up.question, (place,), Kind.QUESTION))
        for pitfall in question.pitfalls:
            rows.append(lone(pitfall.claim, ((question.number, pitfall.claim),), Kind.CLAIM))
    for place, texts in guide.asked.items():
        rows += [lone(text, (place,), Kind.QUESTION, known=False) for text in texts]
    rows += [lone(text, (), Kind.NEAR) for text in guide.outside]
    return rows


def particular(written: Sequence[Written], conversations: Sequence[Conversation]) -> list[Example]:
    """Every wording that a written answer was asked in, unless a conversation has it already."""
    spoken = {
        text for c in conversations for turn in c.turns for text in (turn.learner, turn.standalone)
    }
    return [
        Example(text, (), (ASKED_AS[one.kind],), one.rests, source=text)
        for one in written
        if one.kind in ASKED_AS
        for text in (one.ask, *one.again)
        if text not in spoken
    ]


def lone(text: str, passages: tuple[Place, ...], kind: Kind, known: bool = True) -> Example:
    """A text without a conversation."""
    return Example(text, (), (kind,), passages, source=text, known=known)


def varied(
    conversations: Sequence[Conversation],
    phrasings: Sequence[Example],
    chunks: Mapping[Place, Chunk],
    dice: random.Random,
) -> Iterator[Example]:
    """One epoch: every turn, half of the standalone wordings and of the phrasings, varied."""
    repeats = repeated(conversations)
    thanks = [
        turn.learner
        for c in conversations
        for turn in c.turns
        if turn.kinds == (Kind.THANKS,) and len(turn.learner.split()) <= SHORT_THANKS
    ]
    for conversation in conversations:
        for place, turn in enumerate(conversation.turns):
            for _ in range(max(repeats[kind] for kind in turn.kinds)):
                before = history_of([shown(t, chunks, dice) for t in conversation.turns[:place]])
                text = slipped(turn.learner, dice)
                yield Example(text, before, turn.kinds, turn.passages, turn.standalone)
            if turn.passages and turn.standalone and dice.random() < 0.5:
                text = turn.standalone
                yield Example(text, (), (Kind.QUESTION,), turn.passages, text, known=False)
    for phrasing in dice.sample(phrasings, len(phrasings) // 2):
        text = slipped(phrasing.turn, dice)
        if dice.random() < LOWER:
            text = text.lower().rstrip("?.")
        history = moved_on(conversations, phrasing, chunks, dice)
        kinds = phrasing.kinds
        if history and thanks and dice.random() < THANKED:
            text, kinds = f"{dice.choice(thanks).rstrip('.!')}. {text}", (*kinds, Kind.THANKS)
        yield Example(text, history, kinds, phrasing.passages, phrasing.source, phrasing.known)


def repeated(conversations: Sequence[Conversation]) -> dict[Kind, int]:
    """How often a turn of each kind is read in one epoch: rare kinds up to RAREST times."""
    counts = Counter(k for c in conversations for turn in c.turns for k in turn.kinds)
    return {kind: max(1, min(RAREST, round(OFTEN / count))) for kind, count in counts.items()}


def moved_on(
    conversations: Sequence[Conversation],
    phrasing: Example,
    chunks: Mapping[Place, Chunk],
    dice: random.Random,
) -> tuple[Message, ...]:
    """What was said before a phrasing: mostly nothing, else some talk of other topics."""
    if not conversations or dice.random() >= MOVED_ON:
        return ()
    conversation = dice.choice(conversations)
    until = dice.randint(1, len(conversation.turns))
    turns = conversation.turns[max(0, until - 3) : until]
    own = {number for number, _ in phrasing.passages}
    if own & {number for turn in turns for number, _ in turn.passages}:
        return ()
    return history_of([shown(turn, chunks, dice) for turn in turns])


def shown(turn: Turn, chunks: Mapping[Place, Chunk], dice: random.Random) -> Turn:
    """The turn with the reply as written, or the passage that a tutor would have shown."""
    places = [p for p in turn.passages if p in chunks and p[1] != READING]
    if not places or dice.random() >= SHOWN:
        return turn
    text = chunks[places[0]].stated
    return Turn(turn.learner, turn.kinds, turn.passages, turn.standalone, text)


def slipped(text: str, dice: random.Random) -> str:
    """The text, now and then with two neighboring letters swapped or one dropped."""
    if len(text) < 8 or dice.random() >= SLIPS:
        return text
    place = dice.randrange(1, len(text) - 2)
    if dice.random() < 0.5:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place + 1 :]
