"""What the model may add: sentences of the guide that stand alone, under a grammar."""

from dataclasses import replace

import pytest

from tutor.guide.read import FOLLOW_UPS, ONE_MINUTE
from tutor.reply.continuation import CANDIDATES, candidates, grammar_of, stands_alone
from tutor.reply.lead import Lead


def test_candidates_belong_to_the_question_and_are_new(retriever, embedder):
    chunks = list(retriever.passages)
    (chunk,) = [c for c in chunks if c.number == 12 and c.section == ONE_MINUTE]
    lead = Lead(chunk.text, (chunk,), continued=True)
    found = candidates("how many tokens does the nucleus hold", lead, chunks, embedder)
    assert 0 < len(found) <= CANDIDATES
    texts = " ".join(c.text for c in chunks if c.number == 12 and c.id != chunk.id)
    assert all(sentence in texts for sentence in found)
    assert not any(sentence in lead.text for sentence in found)
    assert not any("keeps every token" in sentence for sentence in found)


def test_the_nearest_comes_first(retriever, embedder):
    chunks = list(retriever.passages)
    chunk = next(c for c in chunks if c.number == 12 and c.section == FOLLOW_UPS)
    found = candidates("nucleus set by hand", Lead(chunk.text, (chunk,)), chunks, embedder)
    assert "by hand" in found[0]


def test_nothing_near_means_nothing_added(retriever, embedder):
    chunks = list(retriever.passages)
    chunk = next(c for c in chunks if c.number == 12)
    assert candidates("zebra", Lead(chunk.text, (chunk,)), chunks, embedder) == ()


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("Temperature rescales all probabilities and removes no token.", True),
        ("Byte-level BPE starts from 256 bytes, so nothing is unknown.", True),
        ("It removes no token from the distribution at all.", False),
        ("For example, the token is cut at the end.", False),
        ("The second one is slower than the first by half.", False),
        ("Too short.", False),
        ("As in [Q12](#q12-top-k) the probabilities are cut at the threshold.", False),
        ("The following holds for all of the tokens in the set:", False),
    ],
)
def test_which_sentences_stand_alone(sentence, alone):
    assert stands_alone(sentence) is alone


def test_a_grammar_escapes_what_it_quotes():
    grammar = grammar_of(['The token "a\\b" is kept.'])
    assert 's0 ::= "The token \\"a\\\\b\\" is kept."' in grammar
    assert 'after0 ::= ""' in grammar


def test_a_grammar_never_repeats_a_sentence():
    lines = dict(line.split(" ::= ") for line in grammar_of(["A.", "B.", "C."]).splitlines())
    for i in range(3):
        assert f"s{i}" not in lines[f"after{i}"]


def test_only_what_opens_a_passage_is_offered(retriever, embedder):
    chunks = [c for c in retriever.passages if c.number == 12]
    lead = next(c for c in chunks if c.section == ONE_MINUTE)
    other = next(c for c in chunks if c.section == FOLLOW_UPS)
    opening = "Top-k keeps the same number of tokens at every step."
    later = "The number of tokens is the same at every step."  # of top-k, not of the nucleus
    passage = replace(other, text=f"{opening} {later}")
    asked = "is the number of tokens the same at every step"
    found = candidates(asked, Lead("The nucleus adapts.", (lead,)), [passage], embedder)
    assert found == (opening,)
