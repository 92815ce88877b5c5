"""The checker of sentences: supported, unsupported, contradicted, with the place that says so."""

import pytest

from tutor.support import Support, Verdict, numbers, opposed, sentences


@pytest.fixture
def support(retriever) -> Support:
    return retriever.support(12)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The nucleus removes unlikely tokens before one is drawn.", Verdict.SUPPORTED),
        ("In practice the nucleus holds forty tokens.", Verdict.SUPPORTED),
        ("The nucleus was invented in Paris by chemists.", Verdict.UNSUPPORTED),
        ("The nucleus removes 17 unlikely tokens before one is drawn.", Verdict.UNSUPPORTED),
        ("The nucleus does not remove unlikely tokens.", Verdict.CONTRADICTED),
        ("The price of the nucleus is more variety.", Verdict.CONTRADICTED),
        ("The nucleus keeps every token.", Verdict.CONTRADICTED),
        ("The nucleus removes likely tokens.", Verdict.CONTRADICTED),
        ("The nucleus is set by hand.", Verdict.SUPPORTED),
        ("Its price is less variety.", Verdict.SUPPORTED),
        ("The nucleus is a rule that picks tokens.", Verdict.SUPPORTED),
        ("The nucleus is a rule for choosing Parisian tokens.", Verdict.UNSUPPORTED),
        ("Of course!", Verdict.UNSUPPORTED),
    ],
)
def test_verdicts(support, sentence, verdict):
    check = support.check(sentence)
    assert check.verdict is verdict, check


def test_the_citation_is_the_sentence_that_says_it(support):
    check = support.check("Larger values bring little more variety.")
    assert check.evidence == "Larger values bring little more variety."
    assert check.chunk is not None
    assert check.chunk.heading == "How large is the nucleus in practice?"


def test_a_wrong_claim_of_a_pitfall_supports_nothing(support):
    assert support.check("The nucleus needs training.").verdict is not Verdict.SUPPORTED


def test_sentences_end_where_a_reader_would_end_them():
    text = 'It is 0.9 at most. "Really?" Yes.\n- one\n- two'
    assert sentences(text) == [
        "It is 0.9 at most.",
        '"Really?"',
        "Yes.",
        "- one",
        "- two",
    ]


def test_numbers_without_separators():
    assert numbers("1,024 of 0.50 and $3$") == ["1024", "0.50", "3"]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("It is faster.", "It is slower.", True),
        ("It isn't random.", "It is random.", True),
        ("It is faster.", "It is faster and slower.", False),
        ("It grows.", "It grows.", False),
    ],
)
def test_opposite_directions(one, other, clash):
    assert bool(opposed(one, other)) is clash
