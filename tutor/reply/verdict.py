"""The yes or no that an answer begins with. It is on the claim or question that the answer was
written for; on one that is only like it, it may be false, and the answer stands without it."""

import re

SAME_CLAIM = 0.8  # mean cosine from which two claims, or two questions, are taken for the same
SAME_QUESTION = 0.6  # the same where nothing was claimed: less hangs on the first word
# How a written verdict on a claim begins: a few words up to a mark.
VERDICT = re.compile(
    r"(?:yes|no|right|correct|true|wrong|not|half|partly|almost|mostly|nearly|exactly|you|that|it)"
    r"\b[^.:,;]{0,24}[.:,;]\s+",
    re.IGNORECASE,
)
# How the answer to a question begins that wants yes or no.
YES_OR_NO = re.compile(
    r"(?:yes|no|not (?:quite|exactly|really|necessarily|always|entirely)|partly|half right|right)"
    r"[.:,;]\s+",
    re.IGNORECASE,
)


def without_verdict(text: str) -> str:
    """An answer to a claim without the verdict that it begins with.

    >>> without_verdict("That was wrong: p is a share of probability, not a count.")
    'P is a share of probability, not a count.'
    >>> without_verdict("No. The weights stay as they were.")
    'The weights stay as they were.'
    """
    return _without(VERDICT, text)


def without_yes_or_no(text: str) -> str:
    """Any other answer without the yes or no that it begins with.

    >>> without_yes_or_no("Yes, in float16 gradients can underflow.")
    'In float16 gradients can underflow.'
    >>> without_yes_or_no("That depends: small models gain more.")
    'That depends: small models gain more.'
    """
    return _without(YES_OR_NO, text)


def _without(opening: re.Pattern[str], text: str) -> str:
    match = opening.match(text)
    rest = text[match.end() :] if match else text
    return rest[:1].upper() + rest[1:]
