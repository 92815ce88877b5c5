"""The guide's text for the tests that recompute its numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.guide.read import WORKED_EXAMPLE, canonical_questions, read_category

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def worked() -> Callable[[int], str]:
    """worked(q): the text of question q's worked example."""
    folders = {number: folder for number, folder, _ in canonical_questions(CORPUS)}

    def text(number: int) -> str:
        category = read_category(CORPUS / folders[number] / "README.md")
        (question,) = [q for q in category.questions if q.number == number]
        return question.section(WORKED_EXAMPLE)

    return text
