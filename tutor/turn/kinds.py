"""What a turn can be. Several may hold of one: "thanks, and what is top-p?" is two of them."""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of turn, as conversations are labelled with them and the reader tells them apart.

    The first five are about the guide's matter, the next nine wishes about the form of an answer;
    then a reply to the tutor's own question, small talk, the preparation, the tutor itself, and
    what the guide does not answer.
    """

    QUESTION = "question"
    CLAIM = "claim"
    CASE = "case"
    COMPUTE = "compute"
    CODE = "code"
    SHORTER = "shorter"
    LONGER = "longer"
    SIMPLER = "simpler"
    EXAMPLE = "example"
    FORMULA = "formula"
    INTERVIEW = "interview"
    POINTS = "points"
    PITFALLS = "pitfalls"
    READING = "reading"
    ANSWER = "answer"
    HELLO = "hello"
    THANKS = "thanks"
    PLAN = "plan"
    NEXT = "next"
    QUIZ = "quiz"
    ABOUT = "about"
    NEAR = "near"
    FAR = "far"
    HOSTILE = "hostile"


KINDS = tuple(Kind)
ASKING = frozenset({Kind.QUESTION, Kind.CLAIM, Kind.CASE, Kind.COMPUTE, Kind.CODE})
WISHES = frozenset(
    {
        Kind.SHORTER,
        Kind.LONGER,
        Kind.SIMPLER,
        Kind.EXAMPLE,
        Kind.FORMULA,
        Kind.INTERVIEW,
        Kind.POINTS,
        Kind.PITFALLS,
        Kind.READING,
    }
)
# Wishes that are about what was said last, however particular that was.
RETOLD = frozenset({Kind.SHORTER, Kind.SIMPLER, Kind.INTERVIEW})
TALK = frozenset({Kind.HELLO, Kind.THANKS})
LEFT_OUT = frozenset({Kind.NEAR, Kind.FAR})
