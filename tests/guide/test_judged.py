"""What the chooser is trained on: judged offers, and claims beside the facts that decide them."""

import random
from dataclasses import replace

import numpy as np

from tests.conftest import real_guide
from training.conversations import TRAIN, read_conversations
from training.judged import read_judged
from training.pairs import ANSWERS, beside, claims_of, facts_of, pairs_of
from tutor.choose.network import SILENT
from tutor.guide.answers import VERDICTS, Written, read_answers


def test_what_was_judged_names_turns_and_answers_that_are_there():
    conversations = read_conversations(TRAIN)
    judged = read_judged(conversations)
    by_ask = {one.ask: one for one in read_answers(real_guide().categories)}
    assert len(judged) > 3000
    offers = [ask for one in judged for ask in one.offers]
    assert sum(ask in by_ask for ask in offers) > 0.98 * len(offers)
    for one in judged:
        assert len(one.offers) == len(one.worth)
        assert set(one.worth) <= set(ANSWERS)
        assert one.verdict in ("", *VERDICTS)


def test_pairs_are_made_of_what_was_judged():
    judged = replace(read_judged(read_conversations(TRAIN))[0], verdict="wrong")
    judged = replace(judged, offers=("a?", "b?", "gone?"), worth=(3, 0, -1))
    written = [Written(4, "why", f"{x}?", (), x, ((4, "Analogy"),)) for x in "abc"]
    first, second = pairs_of(judged, {one.ask: one for one in written}, alone=False)
    assert (first.answers, first.misleads, first.verdict) == (1.0, 0.0, "wrong")
    assert (second.answers, second.verdict) == (0.0, SILENT)  # about something else
    assert first.turn == judged.turn
    alone = next(pairs_of(judged, {"a?": written[0]}, alone=True))
    assert (alone.turn, alone.history) == (judged.standalone, ())


class Directions:
    """An embedder that knows where every text lies."""

    name, window, filling = "directions", 256, True

    def __init__(self, angles):
        self.angles = angles

    def embed(self, texts):
        angles = np.array([self.angles[text] for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_a_claim_is_read_beside_its_fact_and_beside_what_is_silent():
    rows = [
        ("a", 0.0, "right", "Yes: a."),
        ("b", 0.5, "wrong", "Not so: a."),
        ("c", 1.1, "half", "Half right: a, but b."),
        ("d", 0.3, "wrong", "No, d."),  # near to a, of another fact
        ("e", -1.1, "", "e."),  # far off
    ]
    written = [Written(4, "claim", q, (), text, (), word) for q, _, word, text in rows]
    assert facts_of(written) == [0, 0, 0, 3, 4]
    claims = claims_of(written, Directions({q: angle for q, angle, *_ in rows}))
    first = claims[0]
    assert len(claims) == 4  # e is none
    assert (first.verdict, first.fact, first.siblings) == ("right", 0, (1, 2))
    assert (first.deciding, first.silent) == ((3,), (4,))
    dice = random.Random(0)
    drawn = [pair for _ in range(40) for pair in beside(first, written, dice)]
    assert {(p.question, p.verdict) for p in drawn} == {
        *((q, "right") for q in "bcd"),
        ("e", SILENT),
    }
    assert {(p.answers, p.misleads) for p in drawn} == {(None, None)}
