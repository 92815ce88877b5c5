"""Cuts the guide into chunks that fit the embedder, one thought each.

A chunk is a section, a paragraph group of a long section, a pitfall, or a follow-up with its
answer. `text` is what a person sees, verbatim; `embedded` is what the embedder sees: the heading
path and the text as plain words. A chunk also lists the questions it answers, in the guide's words
and in those of people who ask, which are embedded on their own, because a question resembles
another question more than it resembles an answer.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tutor.guide.answers import Written
from tutor.guide.read import (
    CODE,
    FOLLOW_UPS,
    ONE_MINUTE,
    PITFALLS,
    SECTIONS,
    Guide,
    Question,
)
from tutor.guide.text import plain

# Raised whenever chunks or what is learned from them change in a way that the guide's text and the
# embedder's name do not show.
VERSION = 5
WRITTEN = "Written answers"  # in place of a section's name
SIMPLER = "simpler"  # the kind of those in simple words

CountTokens = Callable[[str], int]


@dataclass(frozen=True)
class Chunk:
    """One retrievable piece of the guide, or a written answer; that has a verdict if it answers a
    claim, and the places of the guide that it rests on, and is `simple` if simple words were asked
    for.

    Worked example: the follow-up "Why would top-p keep only one token?" of Q12 becomes
    Chunk(id="q12-3f9c1a07be", number=12, category="05_text_generation",
          section="Follow-up questions", heading="Why would top-p keep only one token?",
          text="Because one token alone …", embedded="Top-k vs top-p sampling? Why would …",
          answers=("Why would top-p keep only one token?",), asked=("p=0.9, why one token left",))
    """

    id: str
    number: int
    category: str
    section: str
    heading: str
    text: str
    embedded: str
    answers: tuple[str, ...]
    asked: tuple[str, ...] = ()
    verdict: str = ""
    rests: tuple[tuple[int, str], ...] = ()
    simple: bool = False

    @property
    def questions(self) -> tuple[str, ...]:
        """All that it answers: in the guide's words, then in those of people who ask."""
        return (*self.answers, *self.asked)

    @property
    def stated(self) -> str:
        """The text as what the guide itself says: without a pitfall's wrong claim."""
        if self.section != PITFALLS:
            return self.text
        return re.sub(r'^Wrong: ".*?" Right: ', "", self.text, flags=re.DOTALL)


def cut_guide(guide: Guide, count: CountTokens, window: int) -> tuple[Chunk, ...]:
    """All chunks of the guide in reading order, none longer than `window` tokens by `count`."""
    waiting = dict(guide.asked)  # a passage cut in several has its phrasings with the first chunk
    return tuple(
        replace(chunk, asked=waiting.pop((chunk.number, chunk.heading or chunk.section), ()))
        for category in guide.categories
        for question in category.questions
        for chunk in cut_question(question, count, window)
    )


def cut_answers(guide: Guide, written: Sequence[Written]) -> tuple[Chunk, ...]:
    """One chunk for every written answer, found by the questions that it answers."""
    return tuple(
        Chunk(
            f"a{one.number}-{hashlib.sha1(f'{one.ask}{one.answer}'.encode()).hexdigest()[:10]}",
            one.number,
            guide.questions[one.number].category,
            WRITTEN,
            one.ask,
            one.answer,
            one.ask,
            (one.ask,),
            one.again,
            one.verdict,
            one.rests,
            one.kind == SIMPLER,
        )
        for one in written
    )


def cut_question(question: Question, count: CountTokens, window: int) -> Iterator[Chunk]:
    """The chunks of one question: sections in order, each pitfall and follow-up on its own."""

    def chunk(section: str, heading: str, text: str, answers: tuple[str, ...] = ()) -> Chunk:
        # A pitfall's text already holds its heading, the wrong claim.
        path = question.title if section == PITFALLS else f"{question.title} {heading or section}"
        embedded = f"{path}\n{plain(text)}"
        digest = hashlib.sha1(f"{section}\n{heading}\n{text}".encode()).hexdigest()
        return Chunk(
            f"q{question.number}-{digest[:10]}",
            question.number,
            question.category,
            section,
            heading,
            text,
            embedded,
            answers,
        )

    def fits(section: str, heading: str) -> Callable[[str], bool]:
        return lambda text: count(chunk(section, heading, text).embedded) <= window

    for name in SECTIONS:
        if name == PITFALLS:
            for pitfall in question.pitfalls:
                text = f'Wrong: "{pitfall.claim}" Right: {pitfall.correction}'
                for piece in pieces(text, fits(name, pitfall.claim)):
                    yield chunk(name, pitfall.claim, piece, (pitfall.claim,))
        elif name == CODE:
            for snippet in question.snippets:
                # Found by what is asked for; the code itself is no text to be near to.
                one = chunk(name, snippet.title, snippet.text, (snippet.title,))
                yield replace(one, embedded=f"{question.title} {snippet.title}")
        elif name == FOLLOW_UPS:
            for follow_up in question.follow_ups:
                for piece in pieces(follow_up.answer, fits(name, follow_up.question)):
                    yield chunk(name, follow_up.question, piece, (follow_up.question,))
        else:
            answers = (question.title,) if name == ONE_MINUTE else ()
            for piece in pieces(question.section(name), fits(name, "")):
                yield chunk(name, "", piece, answers)


def pieces(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The text in as few consecutive pieces as fit, broken at paragraphs, then lines, sentences.

    A piece that cannot be broken further is yielded as it is; only a sentence longer than the
    window could be, and the guide's proofreader keeps sentences far below it.
    """
    if fits(text):
        yield text
        return
    for separator, pattern in (("\n\n", r"\n{2,}"), ("\n", r"\n"), (" ", r"(?<=[.!?])\s+")):
        parts = split_outside_fences(text, pattern)
        if len(parts) > 1:
            held = ""
            for part in parts:
                joined = f"{held}{separator}{part}" if held else part
                if held and not fits(joined):
                    yield from pieces(held, fits)
                    held = part
                else:
                    held = joined
            yield from pieces(held, fits)
            return
    yield text


def split_outside_fences(text: str, pattern: str) -> list[str]:
    """Split at `pattern`, keeping code fences and display formulas whole."""
    blocks = re.split(r"(```.*?```|\$\$.*?\$\$)", text, flags=re.DOTALL)
    parts = [""]
    for block in blocks:
        if block.startswith(("```", "$$")):
            parts[-1] += block
        else:
            first, *rest = re.split(pattern, block)
            parts[-1] += first
            parts += rest
    return [part.strip() for part in parts if part.strip()]
