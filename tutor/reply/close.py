"""What was written for something that is only like the turn says for what.

"Yes, in float16 they can" is right below its own question and misleads below another. So an answer
that may not be meant, or that begins with a verdict, stands under the question it was written for,
unless that is the one that was asked, or the verdict on what was claimed is known to be the same.
"""

import re

from tutor.choose.choice import Verdict
from tutor.search.retrieve import Passage
from tutor.turn.kinds import Kind

SAME_CLAIM = 0.8  # mean cosine from which two claims are taken for the same
SAME_QUESTION = 0.6  # the same of two questions: less hangs on the first word
UNSURE = 0.55  # below which what was found may not be meant at all
AGREED = 0.3  # probability of an answer's verdict below which it stands under its own claim
SURE = 0.9  # probability from which a verdict is given
SAID = {
    "right": "Yes, that is right.",
    "wrong": "No, not as you put it.",
    "half": "Half right, as you put it.",
}
# How an answer begins that says yes or no: a few words up to a mark.
VERDICT = re.compile(
    r"(?:yes|no|right|correct|true|wrong|not|half|partly|almost|mostly|nearly|exactly|"
    r"you (?:were|are)|that (?:was|is)|it (?:was|is|does))\b[^.:,;]{0,24}[.:,;]\s+",
    re.IGNORECASE,
)


def same(kind: Kind, passage: Passage) -> bool:
    """Whether a passage was written for what was asked, or claimed, and not for what is like it."""
    return passage.near >= (SAME_CLAIM if kind is Kind.CLAIM else SAME_QUESTION)


def under_its_question(
    kind: Kind, passage: Passage, question: str, text: str, verdict: Verdict | None = None
) -> str:
    """A passage's text, below what it was written for where that has to be said; behind the
    `verdict` on what the learner claims, if that is sure."""
    doubtful = passage.near < UNSURE or bool(VERDICT.match(text))
    agreed = not verdict or verdict.of(passage.chunk.verdict) >= AGREED
    if kind is Kind.CLAIM and verdict and verdict.certainty >= SURE:
        if passage.chunk.verdict == verdict.word:
            return text
        said = SAID[verdict.word]
        return (
            f"{said} Close to what you say: *{question}*\n\n{text}"
            if doubtful
            else f"{said} {text}"
        )
    if (same(kind, passage) and agreed) or not doubtful:
        return text
    what = "you say" if kind is Kind.CLAIM else "you ask"
    return f"Close to what {what}: *{question}*\n\n{text}"
