"""What the model may add: sentences of the guide that stand alone."""

from dataclasses import replace

import numpy as np
import pytest

from tutor.guide.chunks import Chunk
from tutor.guide.read import ANALOGY, FOLLOW_UPS, ONE_MINUTE
from tutor.reply.continuation import CANDIDATES, candidates, stands_alone
from tutor.reply.lead import Lead

LEAD = "What the lead says is this."


class Placed:
    """An embedder of vectors given by hand: what is asked, what the lead says, then the rest."""

    def __init__(self, **sentences):
        self.vectors = {"asked": (1.0, 0.0, 0.0), LEAD: (0.0, 1.0, 0.0)}
        self.vectors |= {sentence(name): vector for name, vector in sentences.items()}

    def embed(self, texts):
        found = np.zeros((len(texts), 10), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            row[: len(self.vectors[text])] = self.vectors[text]
        return found


def sentence(name):
    """A sentence that stands alone."""
    return f"Top-{name} keeps the likeliest of all tokens."


def opening(name, section=FOLLOW_UPS, number=12):
    """A passage that opens with the sentence of that name."""
    text = f"{sentence(name)} What comes later leans on the opening in some way."
    return Chunk(f"q{number}-{name}", number, "05", section, name, text, text, ())


def offered(names, embedder):
    """The names of the candidates out of passages that open with these."""
    lead = Lead(LEAD, (opening("lead", ONE_MINUTE),))
    found = candidates("asked", lead, [opening(name) for name in names], embedder)
    return [text.split()[0].removeprefix("Top-") for text in found]


def test_candidates_are_near_the_question_and_far_from_the_lead():
    embedder = Placed(
        heard=(0.8, 0.6, 0.0),  # 0.8 - 0.6 / 2 = 0.5
        new=(0.6, 0.0, 0.8),
        aside=(0.4, 0.0, -0.9165),
        again=(0.62, 0.0, 0.7846),  # says what `new` says, and a little better
        off=(0.2, 0.0, 0.9798),  # another subject
        lead=(0.43, 0.9028, 0.0),  # the lead in other words
    )
    assert offered(["aside", "heard", "new"], embedder) == ["new", "heard", "aside"]
    assert offered(["new", "again", "heard"], embedder) == ["again", "heard"]
    assert offered(["off", "lead"], embedder) == []


def test_no_more_are_offered_than_five():
    # all as near to the question, and each in a direction of its own
    directions = 0.8 * np.eye(8)
    embedder = Placed(**{f"{n}": (0.6, 0.0, *directions[n]) for n in range(8)})
    assert offered("01234567", embedder) == list("01234")


def test_only_self_contained_passages_of_the_same_question_are_offered():
    embedder = Placed(own=(0.9, 0.0, 0.4359), other=(0.9, 0.0, -0.4359))
    lead = Lead(LEAD, (opening("lead", ONE_MINUTE),))
    passages = [opening("own"), opening("other", number=6), opening("other", ANALOGY)]
    assert candidates("asked", lead, passages, embedder) == (sentence("own"),)
    told = Lead(LEAD, (opening("own"),))
    assert candidates("asked", told, passages, embedder) == ()


@pytest.mark.parametrize(("count", "alone"), [(5, False), (6, True), (40, True), (41, False)])
def test_a_sentence_alone_is_neither_short_nor_long(count, alone):
    assert stands_alone(" ".join(["Words"] * count) + ".") is alone


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
        ('The learner says "every token is kept for the end."', True),
        ("How many of the tokens are kept at the end?", False),
        ("**Sampling** draws one of the tokens that are left.", False),
        ("Too short.", False),
        ("As in [Q12](#q12-top-k) the probabilities are cut at the threshold.", False),
        ("The following holds for all of the tokens in the set:", False),
    ],
)
def test_which_sentences_stand_alone(sentence, alone):
    assert stands_alone(sentence) is alone


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
