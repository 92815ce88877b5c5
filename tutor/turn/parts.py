"""Two questions in one message: where the second begins.

What each of them is about is read like any other turn, the second as if it followed the first.
"""

import re

SHORTEST = 2  # words of a part
ASKS = "what|why|how|when|who|which|where|is|are|was|does|do|did|can|could|would|has|have|should"
NUMBERED = re.compile(r".*?\b1[.)]\s+(.+?)[\s,;]+2[.)]\s+(.+)", re.DOTALL)
# A question mark with something behind it, or "and" before a word that begins a question.
SECOND = re.compile(
    rf"\?[\s!?]+(?:and\b[\s,]*)?|[\s,;]+(?:and|&)\s+(?=(?:{ASKS})\b)", re.IGNORECASE
)


def parts_of(text: str) -> tuple[str, ...]:
    """The two questions of a text, or the text itself if it has one, or more than two.

    >>> parts_of("1) what's a logit 2) why is T=0 not exact")
    ("what's a logit", 'why is T=0 not exact')
    >>> parts_of("what is LoRA, and does it slow down inference?")
    ('what is LoRA', 'does it slow down inference?')
    >>> parts_of("is attention fast and simple?")
    ('is attention fast and simple?',)
    """
    numbered = NUMBERED.fullmatch(text)
    parts = numbered.groups() if numbered else SECOND.split(text)
    parts = tuple(part.strip() for part in parts if part.strip())
    if len(parts) != 2 or any(len(part.split()) < SHORTEST for part in parts):
        return (text,)
    return parts
