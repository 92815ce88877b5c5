"""Written answers: read, checked, found, chosen, shown with what they rest on."""

import json
from dataclasses import replace

import pytest

from tests.conftest import KINDS
from tutor.engine.generate import Message
from tutor.errors import GuideError
from tutor.guide.answers import read_answers
from tutor.guide.chunks import WRITTEN, cut_answers, cut_guide
from tutor.guide.passages import Passages
from tutor.guide.read import read_guide
from tutor.reply.particular import ANSWERS, TO_A_QUESTION, about_others, written_lead
from tutor.reply.tutor import Tutor
from tutor.search.fitted import Fitted
from tutor.search.index import Hit, open_or_build
from tutor.search.retrieve import VERDICTS_ON_QUESTIONS, Retriever
from tutor.search.written import WRITTEN_FEATURES, Candidate, probability, same_numbers
from tutor.turn.kinds import Kind
from tutor.turn.reader import PlainReader
from tutor.turn.understand import understand

ROWS = [
    {
        "q": 12,
        "kind": "claim",
        "verdict": "wrong",
        "ask": "the nucleus always holds forty tokens, right?",
        "again": ["nucleus = 40 tokens always, right?"],
        "answer": "No: it holds whatever its rule leaves. Forty is a usual number in practice.",
        "rests": [[12, "How large is the nucleus in practice?"]],
    },
    {
        "q": 12,
        "kind": "why",
        "ask": "why would my nucleus drop a good token",
        "again": [],
        "answer": "Because it only sees how likely a token is. A good one can be unlikely.",
        "rests": [[12, "In one minute"], [12, "Why is the nucleus used?"]],
    },
]
FOLDER = "05_text_generation"


def write(corpus, rows):
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (corpus / FOLDER / "answers.jsonl").write_text(lines, encoding="utf-8")


# The turn's own cosine alone counts: any answer that has a word of the turn, or none.
EASY = (0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0)
NEVER = (-60.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def open_tutor(corpus, embedder, tmp_path):
    """A tutor over the small guide with written answers, shown by the weights that are given."""
    write(corpus, ROWS)
    guide = read_guide(corpus)
    chunks = cut_guide(guide, embedder.count, embedder.window)
    written = cut_answers(guide, read_answers(guide.categories))
    index = open_or_build(tmp_path, chunks, embedder, written=written)
    reader = PlainReader(embedder, KINDS)

    def make(weights):
        fitted = Fitted(written=weights)
        retriever = Retriever(index, embedder, chunks, reader, fitted, written)
        return Tutor(guide, retriever, None, "none")

    yield make
    index.close()


def test_answers_are_read_with_what_they_rest_on(corpus):
    write(corpus, ROWS)
    first, second = read_answers(read_guide(corpus).categories)
    assert (first.number, first.verdict, first.again) == (12, "wrong", (ROWS[0]["again"][0],))
    assert second.rests == ((12, "In one minute"), (12, "Why is the nucleus used?"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"q": 4}, "another category"),
        ({"rests": []}, "rests on no passage"),
        ({"rests": [[12, "No such heading"]]}, "rests on no passage"),
        ({"verdict": "perhaps"}, "no such verdict"),
        ({"answer": " "}, "empty"),
        ({"q": "many"}, "not a written answer"),
    ],
)
def test_a_bad_row_is_named_with_its_line(corpus, change, reason):
    write(corpus, [ROWS[1], ROWS[0] | change])
    with pytest.raises(GuideError, match=rf"answers\.jsonl:2: .*{reason}"):
        read_answers(read_guide(corpus).categories)


def test_the_answer_to_just_that_is_the_reply(open_tutor):
    tutor = open_tutor(EASY)
    *_, reply = tutor.reply("the nucleus always holds forty tokens, right?")
    assert reply.lead.text == ROWS[0]["answer"]
    assert [chunk.section for chunk in reply.sources] == [WRITTEN, "Follow-up questions"]
    assert reply.marked(lambda n: f"[{n}]") == f"{ROWS[0]['answer']} [1][2]"
    quoted = [c for c in reply.citations if c.chunk.section != WRITTEN]
    assert quoted[0].sentence == "In practice the nucleus holds forty tokens."


def test_a_verdict_on_another_claim_stands_under_that_claim(open_tutor):
    *_, reply = open_tutor(EASY).reply("is the nucleus forty tokens, right?")
    assert reply.lead.text == (
        "Close to what you say: *the nucleus always holds forty tokens, right?*\n\n"
        "No: it holds whatever its rule leaves. Forty is a usual number in practice."
    )


def test_the_guides_own_question_gets_the_guides_answer(open_tutor):
    *_, reply = open_tutor(EASY).reply("How large is the nucleus in practice?")
    assert reply.lead.chunks[0].section == "Follow-up questions"


def test_an_answer_for_other_numbers_is_for_somebody_else(open_tutor):
    tutor = open_tutor(EASY)
    ask = understand("why does my nucleus of 9 fail", tutor.reader)
    chunk = next(iter(tutor.retriever.written))
    worked = replace(chunk, answers=("nucleus of 9 of 30?",), text="30%: $9/30$.")
    assert about_others(worked, ask)
    assert not about_others(replace(worked, text="A third of it."), ask)  # it does not go by the 30
    assert about_others(replace(worked, text="A third of it."), replace(ask, kinds=(Kind.COMPUTE,)))
    told = replace(ask, before=(Message("user", "I have 30 tokens"),))
    assert not about_others(worked, told)


def test_without_a_sure_answer_the_guide_leads(open_tutor):
    tutor = open_tutor(NEVER)
    *_, reply = tutor.reply("why would the nucleus drop a token?")
    assert reply.lead.chunks
    assert all(chunk.section != WRITTEN for chunk in reply.lead.chunks)
    assert len(reply.evidence.written) == 2
    assert all(passage.answers < 0.01 for passage in reply.evidence.written)


def test_what_was_just_said_is_not_said_again(open_tutor):
    tutor = open_tutor(EASY)
    history = [
        Message("user", "is the nucleus forty tokens, right?"),
        Message("assistant", ROWS[0]["answer"]),
    ]
    *_, reply = tutor.reply("the nucleus is forty, right?", history)
    assert reply.lead.text != ROWS[0]["answer"]


def test_a_category_restricts_the_answers_too(open_tutor):
    tutor = open_tutor(EASY)
    evidence = tutor.retriever.search("is the nucleus forty tokens", "11_fine_tuning_methods")
    assert evidence.written == ()


def test_other_answers_make_another_index(corpus, embedder, tmp_path):
    write(corpus, ROWS)
    guide = read_guide(corpus)
    written = cut_answers(guide, read_answers(guide.categories))
    chunks = cut_guide(guide, embedder.count, embedder.window)
    marks = set()
    for some in ((), written[:1], written, (replace(written[0], asked=("x",)),)):
        index = open_or_build(tmp_path, chunks, embedder, written=some)
        marks.add(index.fingerprint)
        index.close()
    assert len(marks) == 4


def test_the_probability_by_hand(open_tutor):
    first, second = open_tutor(EASY).retriever.written
    assert Candidate(first, 0.9, 0.3).near == pytest.approx(0.6)
    weights = (-3.0, 2.0, 4.0, 1.0, 0.0, 0.5, -0.5, -1.0)
    # -3 + 1.8 + 1.2 + 0 + 0 + 0.5 - 0.5 = 0, and one more for the numbers
    assert probability((0.9, 0.3, 0.0, 1.0, 1.0, 1.0, 0.0), weights) == pytest.approx(0.5)
    assert probability((0.9, 0.3, 1.0, 1.0, 1.0, 1.0, 0.0), weights) == pytest.approx(
        0.731, abs=1e-3
    )
    assert probability((0.9, 0.3, 1.0, 1.0, 1.0, 1.0, 1.0), weights) == pytest.approx(0.5)
    assert same_numbers("40 tokens", first) == 1.0  # in its second question
    assert same_numbers("40 tokens", second) == 0.0


def test_the_signs_of_an_offer(open_tutor):
    evidence = open_tutor(EASY).retriever.search("the nucleus always holds forty tokens, right?")
    (best, *_) = evidence.written
    signs = dict(zip(WRITTEN_FEATURES, best.signs, strict=True))
    shares = zip(evidence.topics, evidence.shares, strict=True)
    assert signs["read"] == best.read
    assert signs["numbers"] == 1.0
    assert signs["words"] == pytest.approx(6 / 7)  # all but the 40 of its other question
    assert signs["topic"] == pytest.approx(dict(shares)[12])
    assert signs["guide"] == max(passage.near for passage in evidence.passages)
    assert best.chunk.verdict
    assert signs["verdict"] == 0.0  # "right?" makes it a claim


def test_an_offer_that_one_search_missed_counts_as_the_farthest_there(open_tutor):
    retriever = open_tutor(EASY).retriever
    first, second = retriever.written
    _, view, _ = retriever.look_at(understand("forty", retriever.reader))
    found = retriever.written_near(
        replace(
            view,
            written_read=[Hit(first.id, "question", 0.4), Hit(first.id, "question", 0.7)],
            written_said=[Hit(second.id, "question", 0.9), Hit(first.id, "question", 0.6)],
        )
    )
    # of the numbers that were found the least is 0.6
    assert found == [Candidate(second, 0.6, 0.9), Candidate(first, 0.7, 0.6)]
    assert retriever.written_near(replace(view, written_read=(), written_said=())) == []


@pytest.mark.parametrize(("kind", "shown"), [(Kind.QUESTION, False), (Kind.CASE, True)])
def test_a_question_wants_a_surer_answer_than_a_case(open_tutor, kind, shown):
    tutor = open_tutor(EASY)
    ask = replace(understand(ROWS[1]["ask"], tutor.retriever.reader), kinds=(kind,))
    evidence = tutor.retriever.search(ask)
    written = tuple(replace(one, answers=(ANSWERS + TO_A_QUESTION) / 2) for one in evidence.written)
    evidence = replace(evidence, covered=True, written=written)
    lead = written_lead(ask, evidence, tutor.passages, tutor.retriever.embedder)
    assert bool(lead) is shown


def test_a_question_is_offered_few_verdicts_and_a_claim_any_number(open_tutor):
    retriever = open_tutor(EASY).retriever
    first, second = retriever.written
    several = [replace(first, id=f"{n}") for n in range(VERDICTS_ON_QUESTIONS + 2)]
    retriever.written = Passages([*several, second])
    _, view, _ = retriever.look_at(understand("forty", retriever.reader))
    hits = [Hit(chunk.id, "question", 0.9 - n / 100) for n, chunk in enumerate(several)]
    view = replace(view, written_read=hits, written_said=[Hit(second.id, "question", 0.1)])
    offered = [one.chunk for one in retriever.written_near(view)]
    assert offered == [*several[:VERDICTS_ON_QUESTIONS], second]
    offered = [one.chunk for one in retriever.written_near(view, claim=True)]
    assert offered == [*several, second]


def test_the_likeliest_answer_comes_first_and_a_topic_not_found_speaks_against_it(open_tutor):
    retriever = open_tutor(EASY).retriever
    ask = understand("why would my nucleus drop a good token", retriever.reader)
    _, view, _ = retriever.look_at(ask)
    offers = retriever.written_for(ask, view, {}, ())
    assert [offer.chunk.text for offer in offers] == [ROWS[1]["answer"], ROWS[0]["answer"]]
    assert offers[0].answers > offers[1].answers
    signs = dict(zip(WRITTEN_FEATURES, offers[0].signs, strict=True))
    assert (signs["topic"], signs["guide"], signs["words"]) == (0.0, 0.0, 1.0)
    assert offers[0].score == pytest.approx((offers[0].read + offers[0].to_question) / 2)
