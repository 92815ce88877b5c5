"""What was talked of, once more: for each reply that was taken from somewhere, its core.

Nothing is made up for it: a line of a recap is the beginning of the passage or written answer that
a reply was taken from, under what that answers.
"""

from collections.abc import Sequence

from tutor.engine.generate import Message
from tutor.guide.chunks import Chunk
from tutor.guide.passages import Passages
from tutor.guide.read import ANALOGY, FOLLOW_UPS, Guide
from tutor.guide.text import plain
from tutor.reply.lead import Lead
from tutor.reply.retold import ALOUD, Origins, beginning
from tutor.turn.wish import Form

MOST = 8  # matters, the latest
LINE = 24  # words of each, a sentence at least
FEW = 6  # words that say nothing without the question: "Not by itself."
MANY = 60  # where more is wished for
PICTURES = 3  # analogies, where it has to be simple
INTRO = "What we have talked about:"


def recap(
    form: Form, history: Sequence[Message], origins: Origins, guide: Guide, passages: Passages
) -> Lead | None:
    """The talk so far in the form wished for; None if no reply was taken from anywhere."""
    chunks = talked_of(history, origins)[-MOST:]
    if not chunks:
        return None
    if form is Form.SIMPLER:
        numbers = dict.fromkeys(chunk.number for chunk in chunks)
        pictures = [c for n in numbers for c in passages.section(n, ANALOGY)[:1]][-PICTURES:]
        if pictures:
            return Lead("\n\n".join(c.text for c in pictures), tuple(pictures))
    lines = [beginning(chunk.stated, MANY if form is Form.LONGER else LINE) for chunk in chunks]
    match form:
        case Form.SPOKEN:
            text = beginning(" ".join(beginning(line, 1) for line in lines), ALOUD)
        case Form.TABLE:
            rows = [
                f"| {cell(answered(chunk, guide))} | {cell(line)} |"
                for chunk, line in zip(chunks, lines, strict=True)
            ]
            text = "\n".join(["| Question | Answer |", "|---|---|", *rows])
        case Form.CARDS:
            text = "\n\n".join(
                f"**Front:** {answered(chunk, guide)}  \n**Back:** {line}"
                for chunk, line in zip(chunks, lines, strict=True)
            )
        case _:
            items = [
                f"- {headed(chunk, line, guide)}" for chunk, line in zip(chunks, lines, strict=True)
            ]
            text = "\n".join([INTRO, "", *items])
    return Lead(text, tuple(chunks))


def talked_of(history: Sequence[Message], origins: Origins) -> list[Chunk]:
    """What the replies were taken from, in order, each once."""
    found = [
        origins.origin(history[: place + 1])
        for place, message in enumerate(history)
        if message.role == "assistant"
    ]
    return list(dict.fromkeys(chunk for chunk in found if chunk))


def headed(chunk: Chunk, line: str, guide: Guide) -> str:
    """The line, behind what it answers where it says nothing without: a verdict, a few words."""
    alone = len(line.split()) >= FEW and not chunk.verdict
    return line if alone else f"*{answered(chunk, guide)}* {line}"


def answered(chunk: Chunk, guide: Guide) -> str:
    """The question that a passage or written answer answers, without markup."""
    if chunk.questions and chunk.section != FOLLOW_UPS:
        return plain(chunk.questions[0])
    return plain(chunk.heading or guide.questions[chunk.number].title)


def cell(text: str) -> str:
    """A text that may stand in a table's cell."""
    return " ".join(text.replace("|", "\\|").split())
