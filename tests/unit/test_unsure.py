"""The second passage, where the search is not sure which one was meant."""

from dataclasses import replace

import pytest

from tests.unit.test_lead import asked, chunk, found, replied
from tutor.guide.passages import Passages
from tutor.guide.read import ANALOGY, FOLLOW_UPS, PITFALLS, WORKED_EXAMPLE
from tutor.reply.close import UNSURE
from tutor.reply.lead import Lead
from tutor.reply.tutor import Reply
from tutor.reply.unsure import OTHER, second
from tutor.search.retrieve import Passage
from tutor.turn.kinds import Kind

FIRST = chunk("The first. It goes on.", FOLLOW_UPS, "Why first?")
NEXT = chunk("Yes, the next. It goes on.", FOLLOW_UPS, "Is it next?")
LEAD = Lead(FIRST.text, (FIRST,), continued=True)


def evidence(*chunks, near=0.4):
    return found(passages=tuple(Passage(one, 1.0, near, near, 0.5, 0.0) for one in chunks))


def under(guide, *chunks, kind=Kind.QUESTION, near=0.4, history=(), lead=LEAD):
    """What stands below a lead when these passages were found."""
    return second(lead, asked(kind), evidence(*chunks, near=near), guide, Passages(chunks), history)


def test_the_next_passage_is_named_and_told_in_brief(guide):
    other = under(guide, FIRST, NEXT)
    assert other == Lead(f"{OTHER} *Is it next?* Yes, the next. It goes on.", (NEXT,))
    long = replace(NEXT, text="One sentence. " * 80)
    assert len(under(guide, FIRST, long).text.split()) < 85


@pytest.mark.parametrize(
    "changed",
    [
        {"near": UNSURE},
        {"kind": Kind.COMPUTE},
        {"kind": Kind.EXAMPLE},
        {"history": replied("Yes, the next. It goes on.")},
        {"lead": Lead("My own words.", ())},
        {"lead": replace(LEAD, chunks=(chunk("Written.", FOLLOW_UPS, "Elsewhere?"),))},
    ],
)
def test_there_is_none_where_the_first_is_sure_or_no_passage_is_wanted(guide, changed):
    assert under(guide, FIRST, NEXT, **changed) is None


def test_what_is_not_read_by_itself_is_passed_over(guide):
    aside = [chunk("A sieve.", ANALOGY), chunk("1 + 1.", WORKED_EXAMPLE)]
    same = replace(FIRST, id="part-2", text="Its second half.")
    whole = chunk("All of it.", number=6)
    assert under(guide, FIRST, *aside) is None
    other = under(guide, FIRST, same, *aside, whole)
    assert other.text == f"{OTHER} *{guide.questions[6].title}* All of it."
    pitfall = chunk('Wrong: "So." Right: Not so.', PITFALLS, "So.", number=6)
    assert under(guide, FIRST, pitfall).text.endswith("* Not so.")


def test_it_stands_at_the_end_and_is_cited():
    other = Lead(f"{OTHER} *Is it next?* The next.", (NEXT,))
    growing = Reply(asked(Kind.QUESTION), evidence(FIRST, NEXT), LEAD, other=other)
    assert growing.text == FIRST.text
    assert growing.sources == (FIRST,)
    done = replace(growing, done=True)
    assert done.marked("[{}]".format).split("\n\n") == [
        f"{FIRST.text} [1]",
        f"{other.text} [2]",
    ]
    assert done.sources == (FIRST, NEXT)
    assert [citation.number for citation in done.citations] == [1, 1, 2, 2]
