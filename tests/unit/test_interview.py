"""Interviews: which questions come, and what is kept of them."""

import random

import pytest

from tests.conftest import real_guide
from tutor.errors import GuideError
from tutor.practice.feedback import Delivery, Feedback
from tutor.practice.interview import Interview, draw
from tutor.practice.statements import key_points

GUIDE = real_guide()


def feedback(number, made):
    question = GUIDE.questions[number]
    points = key_points(question)
    from tutor.practice.feedback import Found

    return Feedback(
        question,
        tuple(Found(point, "words") for point in points[:made]),
        points[made:],
        (),
        Delivery(10, 0, 5.0, False),
        None,
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_mix_takes_no_category_twice_before_each_was_asked(seed):
    numbers = draw(GUIDE, 21, random.Random(seed)).numbers
    categories = {GUIDE.questions[number].category for number in numbers}
    assert len(set(numbers)) == len(categories) == 21


def test_what_is_due_comes_first_and_is_not_asked_twice():
    numbers = draw(GUIDE, 5, random.Random(0), first=[7, 3, 7, 99]).numbers
    assert numbers[:2] == (7, 3)
    assert len(set(numbers)) == 5


def test_a_category_keeps_to_itself_however_short_it_is():
    category = GUIDE.categories[0]
    own = {question.number for question in category.questions}
    drawn = draw(GUIDE, 10, random.Random(0), category.folder, first=[50])
    assert set(drawn.numbers) == own


def test_an_unknown_category_is_an_error():
    with pytest.raises(GuideError):
        draw(GUIDE, 3, random.Random(0), "99_cooking")


def test_the_best_of_several_tries_counts():
    interview = Interview((4, 9)).answered(feedback(4, 2)).answered(feedback(4, 1))
    assert [len(one.made) for one in interview.results] == [2]
    better = interview.answered(feedback(4, 3))
    assert [len(one.made) for one in better.results] == [3]


def test_it_ends_after_the_last_question():
    interview = Interview((4, 9)).moved_on()
    assert interview.number == 9
    assert interview.moved_on().number is None
    assert interview.ended().number is None
