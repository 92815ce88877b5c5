"""Grades answers by what they state: core facts found, forbidden claims made. Regular expressions,
not a judge: they are generous about wording, and the misses should be read."""

import re

from tests.eval.sets import Case
from tutor.guide.text import sentences


def facts_stated(case: Case, answer: str) -> tuple[int, int]:
    """(core facts that the answer states, core facts asked for)."""
    text = " ".join(answer.split())
    found = sum(
        any(re.search(pattern, text, re.IGNORECASE) for pattern in fact["any"])
        for fact in case.facts
    )
    return found, len(case.facts)


def claims_made(case: Case, answer: str) -> list[str]:
    """The forbidden claims that a sentence of the answer makes."""
    return [
        claim["claim"]
        for claim in case.must_not
        if any(
            re.search(pattern, sentence, re.IGNORECASE)
            for sentence in sentences(answer)
            for pattern in claim["any"]
        )
    ]
