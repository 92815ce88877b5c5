"""The Progress place: what is drawn, what is listed, files that come and go, what is distrusted."""

import base64
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import gradio as gr
import pytest
import starlette.requests

from tests.conftest import real_guide
from tutor.practice.advert import Led, Match
from tutor.practice.record import Record, as_json, practised, read_record
from tutor.web.agenda import matched, today, until
from tutor.web.chat import note_asked
from tutor.web.loading import Loading
from tutor.web.picture import days_of, picture, streak_of, summary
from tutor.web.progress import (
    address_of,
    card_maker,
    day_setter,
    forgetter,
    loader,
    matcher,
    now_in,
    saver,
    shower,
    unwanted,
)
from tutor.web.reading import reader

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ATTACK = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def real():
    return real_guide()


def ring(html: str, number: int) -> str:
    """The link of one question's ring."""
    (found,) = re.findall(rf'<a class="ring" href="guide\?q={number}".*?</a>', html)
    return found


def heard(html: str, number: int) -> str:
    """What a ring says to those who cannot see it."""
    return re.search(r'class="heard">(.*?)<', ring(html, number))[1]


def test_every_question_has_a_ring_that_says_what_it_shows(real):
    record = Record().with_event(4, "read", NOON).with_event(5, "asked", NOON)
    record = practised(record, 12, 0.67, [0, 3], NOON - 5 * DAY)
    html = picture(record, real, NOON)
    assert len(re.findall('class="ring"', html)) == len(real.questions)
    assert heard(html, 1).endswith("nothing yet")
    assert heard(html, 4).endswith("read")
    assert heard(html, 5).endswith("asked about")
    assert heard(html, 12).endswith("practised once, 67% of the points last time, due now")


def test_a_ring_shows_each_thing_by_a_form_of_its_own(real):
    record = practised(Record().with_event(4, "read", NOON), 12, 0.67, [0], NOON - 5 * DAY)
    html = picture(record.with_event(5, "asked", NOON), real, NOON)
    forms = {"read", "arc", "bubble", "flag"}
    parts = {n: forms & set(re.findall(r"\w+", ring(html, n))) for n in (1, 5, 12)}
    parts[4] = forms & set(re.findall(r'class="(\w+)', ring(html, 4)))
    assert parts == {1: set(), 4: {"read"}, 5: {"bubble"}, 12: {"arc", "flag"}}
    assert 'stroke-dasharray="67 100"' in ring(html, 12)


def test_an_arc_fades_with_the_memory(real):
    record = practised(Record(), 12, 1.0, [], NOON)
    faded = [
        float(re.search(r'opacity="([\d.]+)"', ring(picture(record, real, NOON + n * DAY), 12))[1])
        for n in (0, 8, 60)
    ]
    assert faded[0] == 1.0
    assert faded == sorted(faded, reverse=True)
    assert len(set(faded)) == 3


def test_what_an_advertisement_asks_for_is_marked(real):
    html = picture(Record().with_wanted(["18_rag_and_knowledge"]), real, NOON)
    assert html.count("in the advertisement") == 1


def test_numbers_count_questions_and_not_events(real):
    record = Record().with_event(4, "read", NOON).with_event(4, "read", NOON + DAY)
    record = practised(practised(record, 12, 1, [], NOON), 12, 1, [], NOON)
    record = record.with_event(777, "read", NOON)
    numbers = re.findall(r"<b>(\d+)</b>", summary(record, real, NOON))
    assert numbers == ["1", "0", "1"]


def test_days_in_a_row_end_today_or_yesterday():
    days = {NOON.date() - n * DAY: 1 for n in (1, 2, 3, 5)}
    assert streak_of(days, NOON.date()) == 3
    assert streak_of({**days, NOON.date(): 1}, NOON.date()) == 4
    assert streak_of({}, NOON.date()) == 0


def test_a_day_is_the_learners_own():
    tokyo = timezone(timedelta(hours=9))
    late = datetime(2026, 11, 29, 20, tzinfo=UTC)  # there it is five in the morning of the 30th
    record = Record().with_event(4, "read", late)
    assert list(days_of(record, late.astimezone(tokyo))) == [(NOON + DAY).date()]


def test_the_first_visit_is_an_invitation(real):
    html = today(Record(), real, NOON)
    assert 'href="practice"' in html
    assert "Due" not in html
    assert "Nothing yet" in today(Record().with_event(4, "read", NOON), real, NOON)


def test_what_is_due_can_be_practised_and_read(real):
    record = practised(Record(), 12, 0.5, [0], NOON - 4 * DAY)
    html = today(record, real, NOON)
    assert 'href="practice?q=12"' in html
    assert 'href="guide?q=12"' in html
    assert "3 days late · 50% of the points last time" in html
    fresh = practised(Record(), 12, 1, [], NOON)
    assert "comes back on Mon 7 Dec" in today(fresh, real, NOON + DAY)
    weak = practised(Record(), 12, 0.1, [0], NOON)
    assert "comes back tomorrow" in today(weak, real, NOON)


@pytest.mark.parametrize(
    ("days", "said"),
    [(None, "With a date"), (-3, "is over"), (0, "It is today"), (1, "<b>1 day</b>"),
     (11, "<b>11 days</b> before it, up to 5")],
)  # fmt: skip
def test_the_plan_says_how_long_is_left(real, days, said):
    record = Record().with_interview(None if days is None else (NOON + days * DAY).date())
    html = until(record, real, NOON)
    assert said in html
    assert ("too near" in html) == (days == 1)


def test_what_an_advertisement_says_is_text(real):
    match = Match((Led(ATTACK, 12, "05_text_generation", 0.8),), (ATTACK, "Kubernetes"), 9)
    html = matched(match, real)
    assert "<img" not in html
    assert "Kubernetes" in html
    assert "2 phrases leads" in matched(Match((), (), 2), real)


def test_a_date_is_kept_and_what_is_none_is_said(real):
    set_day = day_setter(real)
    kept, _, plan = set_day(as_json(Record()), "2099-12-31", 0)
    assert kept["interview"] == "2099-12-31"
    assert "days</b> before it" in plan
    assert set_day(kept, None, 0)[0]["interview"] is None
    unchanged, _, said = set_day(kept, ATTACK, 0)
    assert "interview" not in unchanged
    assert 'role="alert"' in said
    assert "<img" not in said


def test_a_saved_file_comes_back(real):
    record = practised(Record().with_event(4, "read", NOON), 12, 0.5, [1], NOON)
    name, kind, data = saver(as_json(record)).split("\n")
    assert (name, kind) == ("llm-interview-progress.json", "application/json")
    kept, *_, said = loader(real)(base64.b64decode(data).decode(), None, 0)
    assert read_record(kept) == record
    assert "2 new entries" in said
    assert "0 new entries" in loader(real)(base64.b64decode(data).decode(), kept, 0)[-1]


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"events": 3}', "[" * 100_000, "x" * 2_000_001, "\x00"]
)
def test_a_file_that_is_no_record_changes_nothing(real, text):
    kept, *_, said = loader(real)(text, as_json(Record().with_event(4, "read", NOON)), 0)
    assert "events" not in kept
    assert 'role="alert"' in said


def test_missed_points_become_a_file_for_anki(real):
    record = practised(Record(), 12, 0.5, [1], NOON)

    class Request:
        request = None

    name, _, data = card_maker(real)(as_json(record), 0, Request()).split("\n")
    assert name.endswith(".apkg")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(data))) as archive:
        assert "collection.anki2" in archive.namelist()


@pytest.mark.parametrize(
    ("root", "headers", "address"),
    [
        ("", {}, "http://127.0.0.1:7860"),
        ("/tutor", {}, "http://127.0.0.1:7860/tutor"),
        ("/tutor", {"x-forwarded-host": "example.org", "x-forwarded-proto": "https"},
         "https://example.org/tutor"),
        ("https://example.org/tutor", {}, "https://example.org/tutor"),
    ],
)  # fmt: skip
def test_cards_lead_back_to_where_the_browser_was(root, headers, address):
    asked = starlette.requests.Request({
        "type": "http", "scheme": "http", "path": "/gradio_api/queue/join", "query_string": b"",
        "app": SimpleNamespace(root_path=root),
        "headers": [(b"host", b"127.0.0.1:7860"),
                    *((name.encode(), value.encode()) for name, value in headers.items())],
    })  # fmt: skip
    assert address_of(gr.Request(asked)) == address


def test_the_button_for_cards_says_how_many_there_are(real):
    *_, button, _ = shower(real)(as_json(practised(Record(), 12, 0.5, [1, 2], NOON)), 0)
    assert "(2)" in button["value"]
    assert button["interactive"]
    *_, button, _ = shower(real)(None, 0)
    assert not button["interactive"]


def test_forgetting_leaves_nothing(real):
    kept, *_ = forgetter(real)(0)
    assert read_record(kept) == Record()
    kept, shown, *_ = unwanted(real)(as_json(Record().with_wanted(["07_embeddings"])), 0)
    assert (kept["wanted"], shown) == ([], "")


@pytest.mark.parametrize("zone", [None, "x", float("nan"), float("inf"), 10**9, -100_000])
def test_a_strange_clock_is_taken_as_utc(zone):
    assert now_in(zone).utcoffset() == timedelta(0)


def test_a_clock_may_be_ahead():
    assert now_in(330).utcoffset() == timedelta(hours=5, minutes=30)


@pytest.mark.parametrize("kept", [None, "x", {"events": [{"q": ATTACK}]}, {"events": 3}])
def test_a_strange_record_shows_the_first_visit(real, kept):
    html = "".join(str(part) for part in shower(real)(kept, 0))
    assert "<img" not in html
    assert "A fresh start" in html


def test_an_advertisement_waits_for_no_tutor_that_will_not_come(real, settings):
    loading = Loading(settings)
    loading._fail("The index <b>cannot</b> be written.")
    *_, last = matcher(real, loading)("We use LoRA", as_json(Record()), 0)
    assert "&lt;b&gt;cannot" in last[1]


def test_reading_leaves_its_mark(real):
    note = reader(real)
    kept = note("12", None)
    assert [(e["q"], e["what"]) for e in kept["events"]] == [(12, "read")]
    for odd in ("", "0", "51", "²", ATTACK, "12 "):
        assert note(odd, kept) == kept


def test_asking_leaves_its_mark_by_the_first_source():
    answer = r"Yes. [\[1\]](#src-q4-0a1b2c3d4e) No. [\[2\]](#src-q12-0a1b2c3d4e)"
    chat = [{"role": "user", "content": "LoRA?"}, {"role": "assistant", "content": answer}]
    kept = note_asked(chat, None)
    assert [(e["q"], e["what"]) for e in kept["events"]] == [(4, "asked")]
    assert note_asked(chat, kept) == kept
    assert note_asked(chat[:1], kept) == kept
    assert note_asked([], None) == as_json(Record())
    unsourced = [*chat[:1], {"role": "assistant", "content": "Hello!"}]
    assert note_asked(unsourced, None)["events"] == []


def test_what_is_saved_is_json_of_the_documented_shape():
    data = saver(None).split("\n")[2]
    assert set(json.loads(base64.b64decode(data))) == {"events", "memory", "interview", "wanted"}
