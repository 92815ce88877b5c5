"""What an answer to a guide question may state: its key points, and the wrong claims about it."""

import re
from dataclasses import dataclass

from tutor.guide.read import KEY_POINTS, Question
from tutor.guide.text import plain

POINT = re.compile(r"(?m)^- ")


@dataclass(frozen=True)
class Statement:
    """A key point, or a wrong claim with what is right instead.

    `markdown` is how the guide writes it, `text` the same without Markdown; a key point has no
    `correction`.
    """

    index: int
    markdown: str
    text: str
    correction: str = ""

    @property
    def wrong(self) -> bool:
        """Whether stating it is a mistake."""
        return bool(self.correction)


def key_points(question: Question) -> tuple[Statement, ...]:
    """The points of a complete answer, in the guide's order."""
    parts = [" ".join(part.split()) for part in POINT.split(question.section(KEY_POINTS))]
    return tuple(
        Statement(index, part, plain(part)) for index, part in enumerate(filter(None, parts))
    )


def wrong_claims(question: Question) -> tuple[Statement, ...]:
    """The mistakes that the guide lists, in its order."""
    return tuple(
        Statement(index, pitfall.claim, plain(pitfall.claim), pitfall.correction)
        for index, pitfall in enumerate(question.pitfalls)
    )
