"""Feedback on an answer: what was made, missing and wrong, delivery, and what is asked next."""

import pytest

from tests.conftest import real_guide
from tutor.engine.embed import HashingEmbedder
from tutor.practice.feedback import LONGEST_ANSWER, assess, delivery_of
from tutor.practice.grader import Evidence, quoted
from tutor.practice.statements import key_points, wrong_claims

GUIDE = real_guide()
QUESTION = GUIDE.questions[12]


class Words:
    """A grader for which a statement is made by an answer that has its first six words."""

    thresholds = {"point": 0.5, "claim": 0.9}  # noqa: RUF012

    def __init__(self, claims=1.0):
        self.claims = claims
        self.asked = []

    def find(self, statements, answer):
        self.asked.append(answer)
        return [
            Evidence(self.claims if one.wrong else 1.0, "so it is")
            if one.text[:30] in answer
            else Evidence(0.1)
            for one in statements
        ]


def weigh(answer, grader=None, seconds=None):
    return assess(QUESTION, answer, grader or Words(), HashingEmbedder(), seconds)


def test_points_are_made_or_missing_and_never_both():
    points = key_points(QUESTION)
    found = weigh(f"I would say this: {points[1].text} And {points[3].text}")
    assert [one.statement.index for one in found.made] == [1, 3]
    assert [point.index for point in found.missing] == [
        point.index for point in points if point.index not in (1, 3)
    ]
    assert found.made[0].words == "so it is"
    assert found.share == pytest.approx(2 / len(points))


def test_a_wrong_claim_counts_from_its_own_threshold():
    claim = wrong_claims(QUESTION)[0]
    assert [one.statement for one in weigh(claim.text).mistakes] == [claim]
    assert weigh(claim.text, Words(claims=0.6)).mistakes == ()
    assert claim.correction


def test_a_mistake_costs_half_a_point_and_no_more_than_all():
    points, claim = key_points(QUESTION), wrong_claims(QUESTION)[0]
    assert weigh(f"{points[0].text} {claim.text}").share == pytest.approx(0.5 / len(points))
    assert weigh(claim.text).share == 0.0


@pytest.mark.parametrize("answer", [QUESTION.title, f"So, {QUESTION.title.lower()}", "top-k top-p"])
def test_the_question_said_back_is_no_answer(answer):
    grader = Words()
    assert weigh(answer, grader).copied
    assert grader.asked == [""]


def test_an_answer_is_read_to_its_bound():
    grader = Words()
    weigh("word " * LONGEST_ANSWER, grader)
    assert len(grader.asked[0]) <= LONGEST_ANSWER


def test_the_probe_is_a_follow_up_about_the_gap():
    found = weigh("an answer without any of it at all")
    assert found.probe in QUESTION.follow_ups
    everything = " ".join(point.text for point in key_points(QUESTION))
    assert weigh(everything).probe is None


def test_pace_is_measured_when_the_time_is_known():
    timed = delivery_of("one two three um four you know five", 60)
    assert (timed.words, timed.fillers, timed.timed, timed.pace) == (8, 2, True, 8.0)
    guessed = delivery_of("word " * 140, None)
    assert guessed.seconds == pytest.approx(60)
    assert not guessed.timed
    assert not delivery_of("word", 0.2).timed


def test_a_quotation_joins_marked_words_and_ends_at_words():
    text = "well, temperature sharpens the distribution, I think"
    places = [(0, 4), (6, 11), (11, 17), (18, 26), (27, 30), (31, 43), (45, 46), (47, 52)]
    marks = [0.1, 0.2, 0.9, 0.7, 0.1, 0.8, 0.0, 0.0]
    assert quoted(text, places, marks) == "temperature sharpens the distribution"


@pytest.mark.parametrize("number", sorted(GUIDE.questions))
def test_every_question_has_points_and_wrong_claims(number):
    question = GUIDE.questions[number]
    assert len(key_points(question)) >= 4
    assert all(claim.wrong for claim in wrong_claims(question))
    assert len(wrong_claims(question)) == len(question.pitfalls)
