"""The trained grader: labelled answers, and what must never earn a point."""

import random

import pytest

from tests.conftest import CORPUS
from tests.eval.practice import figures, graded, read_labelled
from tutor.engine.embed import MiniLM
from tutor.engine.models import embedder_dir
from tutor.guide.read import KEY_POINTS, read_guide
from tutor.guide.text import plain
from tutor.practice.feedback import assess
from tutor.practice.grader import TrainedGrader
from tutor.settings import read_settings

GUIDE = read_guide(CORPUS)
SPOKEN = """so um to fight it you know you can use dropout or weight decay or just stop early when
the validation loss turns up again and honestly the best thing is getting more and more different
training data"""


@pytest.fixture(scope="module")
def weigh():
    base = embedder_dir(read_settings().home)
    grader, embedder = TrainedGrader(*base), MiniLM(*base)
    return lambda number, text: assess(GUIDE.questions[number], text, grader, embedder)


def test_a_spoken_answer_is_ticked_in_its_own_words(weigh):
    found = weigh(18, SPOKEN)
    assert found.made
    assert all(one.words in SPOKEN for one in found.made)
    assert found.missing


def test_nothing_is_earned_by_a_wish_a_mash_or_the_question(weigh):
    for text in (
        "could you give me a hint please",
        "asdf jkl qwer zxcv uiop",
        "i don't know sorry",
    ):
        assert weigh(18, text).made == ()
    assert weigh(18, GUIDE.questions[18].title).copied


def test_length_alone_earns_nothing(weigh):
    talk = "I once worked with a team that had meetings about this every week, and it went well. "
    assert weigh(18, talk * 6).made == ()


def test_shuffled_words_earn_less_than_the_sentences(weigh):
    text = plain(GUIDE.questions[2].section(KEY_POINTS))
    words = text.split()
    random.Random(0).shuffle(words)
    assert len(weigh(2, " ".join(words)).made) < len(weigh(2, text).made)


@pytest.mark.slow
def test_labelled_answers_of_other_authors_are_judged_as_they_were(weigh):
    base = embedder_dir(read_settings().home)
    told = figures(graded(GUIDE, TrainedGrader(*base), MiniLM(*base), read_labelled()))
    floors = {"precision": 0.9, "recall": 0.92, "rank correlation": 0.89, "mistakes found": 0.72}
    assert {key: told[key] for key in floors if told[key] < floors[key]} == {}
    assert told["false alarms"] <= 0.05
