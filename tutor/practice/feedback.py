"""What an interviewer would say about an answer: right first, then missing, then wrong.

Everything is found by code: the points made and the mistakes by the grader, which also gives the
learner's own words for each; length and pace by counting. Nothing is made up, and no language model
has a say in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.engine.embed import Embedder, dots
from tutor.guide.read import PARTS, FollowUp, Question
from tutor.guide.text import plain
from tutor.practice.grader import Evidence, Grader
from tutor.practice.statements import Statement, key_points, wrong_claims

LONGEST_ANSWER = 6000  # characters: about six minutes aloud
# Words a minute at which English is spoken in public, in the middle of what is measured for talks
# and lectures (Tauroza & Allison 1990, Applied Linguistics 11(1): 140 for lectures to non-natives).
PACE = 140
SLOW, FAST = 100, 180  # words a minute
SHORTEST_TIMED = 5.0  # seconds below which a pace says nothing
FEWEST_OWN = 4  # words beyond those of the question, below which nothing has been said yet
# Of the points ticked by one or two words in the answers that set the thresholds, 57 % were made;
# where the probability was above a half, 72 %.
FEWEST_QUOTED, SURE = 3, 0.5
FILLER = re.compile(
    r"\b(?:u[hm]+|er+m?|hm+|you know|i mean|kind of|sort of|basically|actually|literally)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A statement that the answer makes, and the words that make it."""

    statement: Statement
    words: str


@dataclass(frozen=True)
class Delivery:
    """How it was said: words, words that only fill, and seconds, measured or at a usual pace."""

    words: int
    fillers: int
    seconds: float
    timed: bool

    @property
    def pace(self) -> float:
        """Words a minute."""
        return self.words / self.seconds * 60 if self.seconds else 0.0


@dataclass(frozen=True)
class Feedback:
    """An answer, weighed against its guide question."""

    question: Question
    made: tuple[Found, ...]
    missing: tuple[Statement, ...]
    mistakes: tuple[Found, ...]
    delivery: Delivery
    probe: FollowUp | None  # what an interviewer would ask next: about the first gap
    copied: bool = False  # the answer is hardly more than the question
    parts: tuple[str, ...] = ()  # which of PARTS each key point is, if the guide says

    @property
    def structure(self) -> tuple[tuple[str, int, int], ...]:
        """For each part of an answer that this question has points of: its name, how many of them
        were made, and how many there are."""
        told = {one.statement.index for one in self.made}
        counts = []
        for part in PARTS:
            places = [index for index, one in enumerate(self.parts) if one == part]
            if places:
                counts.append((part, len(told & set(places)), len(places)))
        return tuple(counts)

    @property
    def share(self) -> float:
        """The share of the key points that were made, 0 to 1; a mistake takes away half of one."""
        points = len(self.made) + len(self.missing)
        return max(0.0, (len(self.made) - len(self.mistakes) / 2) / points) if points else 0.0


def assess(
    question: Question,
    answer: str,
    grader: Grader,
    embedder: Embedder,
    seconds: float | None = None,
    parts: tuple[str, ...] = (),
) -> Feedback:
    """Weigh an answer, typed or as a speech recognizer wrote it.

    `seconds` is how long it took to say it, if that is known; `parts` is which part of an answer
    each key point is. Characters beyond LONGEST_ANSWER are
    not read.
    """
    answer = answer[:LONGEST_ANSWER].strip()
    points, claims = key_points(question), wrong_claims(question)
    copied = bool(answer) and len(own_words(answer, question.title)) < FEWEST_OWN
    read = "" if copied else answer
    found = grader.find([*points, *claims], read)
    limits = grader.thresholds
    made, mistakes = (
        tuple(
            Found(one, evidence.words)
            for one, evidence in zip(some, part, strict=True)
            if convinces(evidence, limits[kind])
        )
        for some, part, kind in (
            (points, found[: len(points)], "point"),
            (claims, found[len(points) :], "claim"),
        )
    )
    told = {one.statement.index for one in made}
    missing = tuple(point for point in points if point.index not in told)
    return Feedback(
        question,
        made,
        missing,
        mistakes,
        delivery_of(answer, seconds),
        probe_of(question, missing, embedder),
        copied,
        parts,
    )


def convinces(evidence: Evidence, limit: float) -> bool:
    """Whether evidence is enough: a quotation of a word or two has to be more certain."""
    short = len(evidence.words.split()) < FEWEST_QUOTED
    return evidence.probability >= (max(limit, SURE) if short else limit)


def own_words(answer: str, title: str) -> set[str]:
    """The different words of an answer that the question does not have.

    >>> sorted(own_words("What is top-k? It keeps k tokens.", "What is top-k sampling?"))
    ['it', 'keeps', 'tokens']
    """
    words, asked = (set(re.findall(r"\w+", text.lower())) for text in (answer, title))
    return words - asked


def delivery_of(answer: str, seconds: float | None) -> Delivery:
    """Words, fillers and time of an answer; a time too short to speak in counts as not measured."""
    words = len(answer.split())
    timed = seconds is not None and seconds >= SHORTEST_TIMED
    spent = seconds if timed and seconds else words / PACE * 60
    return Delivery(words, len(FILLER.findall(answer)), spent, timed)


def probe_of(
    question: Question, missing: Sequence[Statement], embedder: Embedder
) -> FollowUp | None:
    """The follow-up that asks most nearly for the first missing point; none if none is missing.

    Its answer is not read: that would take most of the time of a feedback.
    """
    if not missing or not question.follow_ups:
        return None
    texts = [plain(one.question) for one in question.follow_ups]
    vectors = embedder.embed([missing[0].text, *texts])
    near = dots(vectors[1:], vectors[0])
    return question.follow_ups[int(near.argmax())]
