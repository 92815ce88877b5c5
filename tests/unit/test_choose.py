"""Choosing among written answers: layout, opinions put together, the verdict in the reply."""

from dataclasses import dataclass

import pytest

from tutor.choose.choice import Verdict, choose, verdict_of
from tutor.choose.layout import ANSWER, QUESTION, TURN, lay_pair, lay_turn
from tutor.choose.pairs import Opinion
from tutor.engine.generate import Message
from tutor.guide.answers import VERDICTS
from tutor.guide.chunks import WRITTEN, Chunk
from tutor.reply.close import under_its_question
from tutor.search.retrieve import Passage
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.layout import CLS, SEP
from tutor.turn.reader import Reading

EQUAL = (1 / 3, 1 / 3, 1 / 3)
UNDER = "Close to what you say: *q?*\n\nNo: it is not."


class Letters:
    """A tokenizer with an id for every letter."""

    def pieces(self, text):
        return [ord(letter) for letter in text]


@dataclass
class Told:
    """A pair reader that has an opinion by the answer's text."""

    opinions: dict

    def read(self, turn, history, chunks):
        self.asked = (turn, history)
        return [self.opinions[chunk.text] for chunk in chunks]


def passage(text, answers=0.5, verdict="", near=0.5):
    chunk = Chunk(text, 4, "", WRITTEN, "q?", text, "", ("q?",), verdict=verdict)
    return Passage(chunk, near, near, near, 0.0, 0.0, answers)


def asking(kind=Kind.CLAIM):
    reading = Reading({kind: 1.0}, {}, None)
    return Ask("so it is", "so it is", reading, (kind,), (Message("user", "hi"),))


def test_a_pair_begins_with_the_turn_and_what_it_stands_in():
    history = [Message("user", "old"), Message("user", "ab"), Message("assistant", "cd")]
    turn = lay_turn(Letters(), "ef", history)
    assert turn == [CLS, ord("e"), ord("f"), SEP, ord("c"), ord("d"), SEP, ord("a"), ord("b"), SEP]
    laid = lay_pair(Letters(), turn, "g", "hi")
    assert laid.ids[len(turn) :] == (ord("g"), SEP, ord("h"), ord("i"), SEP)
    assert laid.types == (0,) * len(turn) + (1,) * 5


def test_a_long_pair_is_cut_at_every_part():
    history = [Message("user", "x" * 500), Message("assistant", "y" * 500)]
    turn = lay_turn(Letters(), "z" * 500, history)
    laid = lay_pair(Letters(), turn, "q" * 500, "a" * 500)
    assert laid.ids.count(ord("z")) == TURN
    assert (laid.ids.count(ord("q")), laid.ids.count(ord("a"))) == (QUESTION, ANSWER)
    assert len(laid.ids) == 196


def test_the_best_answer_by_search_and_pair_reader_comes_first():
    found = [passage("near", 0.6), passage("fits", 0.5), passage("bad", 0.5)]
    pairs = Told(
        {
            "near": Opinion(-3.0, 0.1, 0.0, EQUAL),
            "fits": Opinion(2.0, 0.1, 0.0, EQUAL),
            "bad": Opinion(2.0, 0.9, 0.0, EQUAL),
        }
    )
    ask = asking(Kind.QUESTION)
    choice = choose(ask, found, pairs, (0.0, 1.0, 1.0, -2.0))
    assert [one.chunk.text for one in choice.written] == ["fits", "bad", "near"]
    # logit(0.5) + 2 - 2 * 0.1 = 1.8
    assert choice.written[0].answers == pytest.approx(0.858, abs=1e-3)
    assert pairs.asked == ("so it is", ask.before)


def test_the_search_alone_keeps_its_probabilities():
    pairs = Told({"a": Opinion(5.0, 0.0, 0.0, EQUAL)})
    choice = choose(asking(), [passage("a", 0.3)], pairs, (0.0, 1.0, 0.0, 0.0))
    assert choice.written[0].answers == pytest.approx(0.3)


def test_nothing_found_gives_no_verdict():
    assert choose(asking(), [], Told({}), (0.0, 1.0, 0.0, 0.0)).verdict is None


def test_the_verdict_weighs_opinions_by_how_far_their_answers_decide():
    right, wrong = (0.8, 0.1, 0.1), (0.1, 0.8, 0.1)

    def verdict(*opinions):
        return verdict_of([Opinion(0.0, 0.0, decides, shares) for decides, shares in opinions])

    assert verdict((0.9, right), (0.1, wrong)).word == "right"
    assert verdict((0.1, right), (0.9, wrong)).word == "wrong"
    assert verdict((0.5, right), (0.5, wrong)).certainty < 0.5
    assert verdict((1.0, wrong)).certainty == pytest.approx(0.8)
    assert verdict((0.9, wrong), (0.9, wrong)).certainty == pytest.approx(0.8)
    assert verdict((0.01, wrong), (0.01, wrong)).certainty < 0.36  # nothing decides
    assert VERDICTS == ("right", "wrong", "half")


@pytest.mark.parametrize(
    ("shares", "near", "shown"),
    [
        ((0.02, 0.95, 0.03), 0.5, "No: it is not."),
        ((0.95, 0.03, 0.02), 0.5, f"Yes, that is right. {UNDER}"),
        ((0.8, 0.1, 0.1), 0.5, UNDER),
        ((0.8, 0.1, 0.1), 0.9, UNDER),  # near, and the verdict is another all the same
        ((0.5, 0.4, 0.1), 0.9, "No: it is not."),
    ],
)
def test_a_sure_verdict_stands_first(shares, near, shown):
    one = passage("No: it is not.", verdict="wrong", near=near)
    said = under_its_question(Kind.CLAIM, one, "q?", one.chunk.text, Verdict(shares))
    assert said == shown


def test_a_verdict_on_no_claim_is_left_out():
    one = passage("It is so.", near=0.9)
    sure = Verdict((0.0, 0.99, 0.01))
    assert under_its_question(Kind.QUESTION, one, "q?", "It is so.", sure) == "It is so."
