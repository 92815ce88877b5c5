"""The conversations that the reader is trained and measured on: their form, and who wrote what."""

import json
import re

import pytest

from tests.conftest import real_guide
from tests.eval.claims import read_claims
from tests.eval.particulars import read_particulars
from tests.eval.sets import read
from tests.eval.talks import read_talks
from training.conversations import FIT, TEST, TRAIN, faults, read_conversations
from training.examples import phrased, spoken, varied
from training.tagger import read_written
from tutor.calls.table import CALLS
from tutor.calls.tagger import NONE
from tutor.guide.answers import read_answers
from tutor.turn.kinds import KINDS, Kind


@pytest.fixture(scope="module")
def parts():
    return {folder.name: read_conversations(folder) for folder in (TRAIN, FIT, TEST)}


def test_every_label_names_a_passage_of_the_guide(parts):
    every = [conversation for part in parts.values() for conversation in part]
    assert list(faults(every, real_guide())) == []


def test_there_are_enough_of_each_kind_and_question(parts):
    turns = [turn for c in parts["train"] for turn in c.turns]
    assert len(parts["train"]) >= 500
    assert len(turns) >= 4000
    assert sum(len(c.turns) for c in parts["test"]) >= 600
    for kind in KINDS:
        assert sum(kind in turn.kinds for turn in turns) >= 30, kind
    asked = [{number for number, _ in turn.passages} for turn in turns]
    for number in range(1, 51):
        assert sum(number in numbers for numbers in asked) >= 30, number


def test_nobody_wrote_for_two_parts(parts):
    authors = [{conversation.author for conversation in part} for part in parts.values()]
    assert not (authors[0] & authors[1] | authors[0] & authors[2] | authors[1] & authors[2])


def words(text):
    """The words of a text, to tell whether two are the same."""
    return " ".join(re.findall(r"\w+", text.lower()))


def test_no_labelled_question_stands_in_what_is_trained_on(parts):
    labelled = {words(c.question) for name in ("questions", "outofscope", "dialogues", "graded")
                for c in read(name) if len(words(c.question).split()) > 4}  # fmt: skip
    labelled |= {words(turn.learner) for talk in read_talks() for turn in talk.turns
                 if len(words(turn.learner).split()) > 4}  # fmt: skip
    labelled |= {words(claim.text) for claim in read_claims() if len(words(claim.text).split()) > 4}
    labelled |= {words(turn.learner) for c in parts["test"] for turn in c.turns
                 if len(words(turn.learner).split()) > 4}  # fmt: skip
    assert len(labelled) > 1000
    for conversation in [*parts["train"], *parts["fit"]]:
        for turn in conversation.turns:
            assert words(turn.learner) not in labelled, conversation.id
            assert words(turn.standalone) not in labelled, conversation.id


def test_no_labelled_question_has_a_written_answer(parts):
    labelled = {words(c.question) for name in ("questions", "outofscope", "dialogues", "graded")
                for c in read(name) if len(words(c.question).split()) > 4}  # fmt: skip
    labelled |= {words(one.question) for one in read_particulars()}
    labelled |= {words(turn.learner) for talk in read_talks() for turn in talk.turns
                 if len(words(turn.learner).split()) > 4}  # fmt: skip
    labelled |= {words(claim.text) for claim in read_claims() if len(words(claim.text).split()) > 4}
    labelled |= {words(turn.learner) for c in parts["test"] for turn in c.turns
                 if len(words(turn.learner).split()) > 4}  # fmt: skip
    written = read_answers(real_guide().categories)
    assert len(written) > 6000
    assert {one.number for one in written} == set(range(1, 51))
    for one in written:
        assert not labelled & {words(text) for text in (one.ask, *one.again)}, one.ask
        assert 8 <= len(one.answer.split()) <= 110, one.ask


def test_every_marked_turn_names_a_call_and_slots_of_the_table():
    rows = read_written()
    assert len(rows) > 1700
    assert {row.call for row in rows} == {NONE, *CALLS}


def test_what_breaks_the_form_is_named(guide, tmp_path):
    turn = {"learner": "x", "kinds": ["question"], "passages": [], "standalone": "", "tutor": "y"}
    odd = [
        {**turn, "passages": [[12, "No such heading"]]},
        turn,
        {**turn, "kinds": ["near"], "passages": [[12, "Analogy"]]},
        {**turn, "kinds": ["hello"], "learner": " "},
        {**turn, "kinds": ["hello"], "tutor": "word " * 200},
    ]
    row = {"id": "a", "persona": "p", "turns": odd}
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(row | {'turns': []})}\n")
    found = list(faults(read_conversations(tmp_path), guide))
    assert found == [
        "a, turn 1: the guide has no passage (12, 'No such heading')",
        "a, turn 2: no passage answers it",
        "a, turn 3: what the guide leaves out has passages",
        "a, turn 4: a part is empty",
        "a, turn 5: the reply is too long",
        "a: the id is used twice",
        "a: 0 turns",
    ]
    (tmp_path / "a.jsonl").write_text('{"id": "a"}\n')
    with pytest.raises(ValueError, match=r"a\.jsonl:1: not a conversation"):
        read_conversations(tmp_path)


def test_an_epoch_varies_what_stands_before_and_never_the_labels(parts, guide):
    import random

    some = parts["train"][:20]
    written = {(e.turn, e.kinds, e.passages) for e in spoken(some)}
    first, second = (list(varied(some, [], {}, random.Random(seed))) for seed in (1, 2))
    assert first != second
    in_conversation = [e for e in first if e.history]
    assert {(e.kinds, e.passages) for e in in_conversation} <= {w[1:] for w in written}
    assert all(e.known for e in in_conversation)


def test_phrasings_cover_the_guide_and_what_it_leaves_out(guide):
    rows = phrased(guide)
    claims = [row for row in rows if row.kinds == (Kind.CLAIM,)]
    assert len(claims) == 9
    assert {row.passages[0][0] for row in rows} == {12, 6, 4}
    assert all(row.source == row.turn for row in rows)
