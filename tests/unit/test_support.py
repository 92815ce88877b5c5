"""What the guide says word for word, or nearly so, and nothing else."""

import pytest

from tutor.reply.support import Support, words


@pytest.fixture
def support(retriever) -> Support:
    return Support(retriever.passages.of(12))


@pytest.mark.parametrize(
    "sentence",
    [
        "The nucleus removes unlikely tokens before one is drawn.",
        "the nucleus removes unlikely tokens, before one is drawn",
        "A nucleus removes the unlikely **tokens** before one is drawn.",
    ],
)
def test_the_guides_words_are_supported(support, sentence):
    check = support.check(sentence)
    assert check.chunk is not None
    assert check.evidence == "The nucleus removes unlikely tokens before one is drawn."


@pytest.mark.parametrize(
    "sentence",
    [
        "The nucleus does not remove unlikely tokens before one is drawn.",
        "The nucleus removes 17 unlikely tokens before one is drawn.",
        "The nucleus removes likely tokens before one is drawn.",
        "Unlikely tokens removes the nucleus before one is drawn.",
        "The nucleus removes unlikely tokens before one is.",
        "Of course!",
        "...",
        "",
    ],
)
def test_other_words_are_not(support, sentence):
    assert support.check(sentence).chunk is None


def test_a_wrong_claim_of_a_pitfall_supports_nothing(support):
    assert support.check("The nucleus needs training.").chunk is None


def test_signs_and_digits_are_words():
    assert words("A drop of -0.5 < 1,024") == ("drop", "of", "-", "0.5", "<", "1,024")
