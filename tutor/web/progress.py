"""The Progress place: what was read, asked and practised, what is due, the days to an interview.

    progress        everything on one page

The record is the visitor's own browser's (`tutor.practice.record`): it comes with every event and
goes back with the answer; nothing of it stays here. A pasted advertisement is matched and dropped,
only the categories that it asks for are kept, in the browser. What is drawn is in
`tutor.web.picture`, what is listed in `tutor.web.agenda`.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import gradio as gr
from gradio.route_utils import get_root_url

from tutor.errors import InputError, TutorError
from tutor.guide.read import Guide
from tutor.practice.advert import LONGEST_ADVERT, match
from tutor.practice.cards import missed_points, package
from tutor.practice.record import (
    STORED,
    Record,
    as_json,
    is_record,
    merged,
    read_day,
    read_record,
)
from tutor.web.agenda import kept_wanted, matched, problem, today, until
from tutor.web.chat import MOST_LOOKS, QUIET, SLOW, WAIT
from tutor.web.loading import Loading
from tutor.web.picture import picture, summary
from tutor.web.tabs import TELL_FORGOTTEN, share_record

LONGEST_FILE = 2_000_000  # characters of a record that is brought back
MOST_MINUTES = 14 * 60  # that a clock can be from UTC
CARDS = "Missed points as Anki cards"
INTRO = """<h2>Your progress</h2>
<p>Kept in this browser alone: no account, and nothing leaves the machine.
<span class="forgetful">This browser keeps nothing for this page, so save it to a file before you
close it.</span></p>"""
ABOUT_ADVERT = """<h3>A job advertisement</h3>
<p>Paste one to see which of its phrases the guide prepares you for, and which it does not. The text
is read on this machine and not kept.</p>"""
ABOUT_RECORD = """<h3>Your record</h3>
<p>A file to keep or to take to another browser; what you missed, as cards for Anki.</p>"""
ASK_FORGET = """<p role="alert">This deletes from your browser what you read, asked and practised,
and your plan. It cannot be undone.</p>"""
# The browser's part: the time zone with a first look; a text becomes a file.
WITH_ZONE = "(kept, zone) => [kept, -new Date().getTimezoneOffset()]"
SAVE = """(text) => {
  if (!text) return;
  const [name, kind, data] = text.split("\\n");
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}"""


@dataclass(frozen=True)
class View:
    """The components that show a record, in the order in which `shown` fills them."""

    summary: gr.HTML
    picture: gr.HTML
    today: gr.HTML
    day: gr.DateTime
    until: gr.HTML
    wanted: gr.HTML
    cards: gr.Button

    @property
    def all(self) -> list[Any]:
        """All of them."""
        return [
            self.summary,
            self.picture,
            self.today,
            self.day,
            self.until,
            self.wanted,
            self.cards,
        ]


def build_progress(page: gr.Blocks, guide: Guide, loading: Loading) -> None:
    """The components of the place, inside its route."""
    kept = gr.BrowserState(as_json(Record()), **STORED)
    zone = gr.Number(0, visible="hidden", elem_id="zone", label="Minutes from UTC")
    saved = gr.Textbox(visible="hidden", elem_id="saved", label="File")
    with gr.Column(elem_id="progress"):
        gr.HTML(INTRO)
        with gr.Row(elem_id="standing"):
            with gr.Column(scale=7, min_width=320):
                numbers = gr.HTML(elem_id="numbers")
                rings = gr.HTML(elem_id="rings")
                wanted, advert_parts = build_advert()
            with gr.Column(scale=4, min_width=300, elem_id="agenda"):
                due = gr.HTML(elem_id="due")
                gr.HTML("<h3>Your interview</h3>")
                day = gr.DateTime(
                    label="Its date: year-month-day", include_time=False, type="string",
                    elem_id="day",
                )  # fmt: skip
                plan = gr.HTML(elem_id="plan")
        file_parts, cards = build_files()
    view = View(numbers, rings, due, day, plan, wanted, cards)
    show = shower(guide)
    page.load(show, [kept, zone], [*view.all, zone], js=WITH_ZONE, **QUIET)
    share_record(kept).then(show, [kept, zone], [*view.all, zone], **QUIET)
    day.change(day_setter(guide), [kept, day, zone], [kept, due, plan], **QUIET)
    connect_advert(guide, loading, kept, zone, view, advert_parts)
    connect_files(guide, kept, zone, saved, view, file_parts)


def build_advert() -> tuple[gr.HTML, tuple[Any, ...]]:
    """The box for a job advertisement, and what it led to."""
    gr.HTML(ABOUT_ADVERT)
    box = gr.Textbox(
        label="Text of the advertisement",
        placeholder="Senior LLM engineer … you will fine-tune, evaluate, serve …",
        lines=5, max_lines=12, max_length=LONGEST_ADVERT, elem_id="advert",
    )  # fmt: skip
    with gr.Row(elem_classes="buttons"):
        go = gr.Button("Match with the guide", variant="primary", size="sm", scale=0,
                       min_width=170, elem_id="match")  # fmt: skip
        clear = gr.Button("Clear", size="sm", scale=0, min_width=80, elem_id="clear-advert")
    wanted = gr.HTML(elem_id="matched")
    return wanted, (box, go, clear)


def build_files() -> tuple[tuple[Any, ...], gr.Button]:
    """Buttons for files, and for forgetting everything, which asks first."""
    gr.HTML(ABOUT_RECORD)
    loaded = gr.Textbox(visible="hidden", elem_id="loaded", label="Loaded file")
    with gr.Row(elem_id="files", elem_classes="buttons"):
        save = gr.Button("Save to a file", size="sm", scale=0, min_width=120, elem_id="save")
        gr.HTML(
            '<label class="load">Load a file<input type="file" id="load" accept=".json"></label>',
            elem_id="load-holder",
        )
        cards = gr.Button(CARDS, size="sm", scale=0, min_width=210,
                          interactive=False, elem_id="cards")  # fmt: skip
        forget = gr.Button(
            "Forget everything", size="sm", scale=0, min_width=140, elem_id="forget-all"
        )
    said = gr.HTML(elem_id="said")
    with gr.Row(visible=False, elem_id="asking", elem_classes="buttons") as asking:
        gr.HTML(ASK_FORGET)
        yes = gr.Button("Yes, forget everything", variant="stop", size="sm", scale=0,
                        min_width=180, elem_id="yes")  # fmt: skip
        no = gr.Button("Keep it", size="sm", scale=0, min_width=90, elem_id="no")
    return (save, loaded, cards, forget, said, asking, yes, no), cards


def connect_advert(
    guide: Guide, loading: Loading, kept: Any, zone: Any, view: View, parts: tuple[Any, ...]
) -> None:
    """Wire matching and clearing; the plan follows what is wanted."""
    box, go, clear = parts
    planned = [kept, view.wanted, view.picture, view.today, view.until]
    go.click(matcher(guide, loading), [box, kept, zone], planned, **SLOW)
    clear.click(lambda: "", None, box, **QUIET)
    clear.click(unwanted(guide), [kept, zone], planned, **QUIET)


def connect_files(
    guide: Guide, kept: Any, zone: Any, saved: Any, view: View, parts: tuple[Any, ...]
) -> None:
    """Wire saving, loading, cards and forgetting."""
    save, loaded, cards, forget, said, asking, yes, no = parts
    all_of_it = [kept, *view.all]
    save.click(saver, kept, saved, **QUIET).then(None, saved, js=SAVE)
    cards.click(card_maker(guide), [kept, zone], saved, **QUIET).then(None, saved, js=SAVE)
    loaded.submit(loader(guide), [loaded, kept, zone], [*all_of_it, said], **QUIET)
    forget.click(lambda: gr.update(visible=True), None, asking, **QUIET)
    no.click(lambda: gr.update(visible=False), None, asking, **QUIET)
    yes.click(forgetter(guide), zone, [*all_of_it, said, asking], **QUIET).then(
        None, js=TELL_FORGOTTEN
    )


def now_in(zone: Any) -> datetime:
    """The time where the visitor is, who says how many minutes their clock is ahead of UTC."""
    minutes = zone if isinstance(zone, int | float) and abs(zone) <= MOST_MINUTES else 0
    return datetime.now(timezone(timedelta(minutes=int(minutes))))


def shown(record: Record, guide: Guide, now: datetime) -> tuple[Any, ...]:
    """The values of a View."""
    return (
        summary(record, guide, now),
        picture(record, guide, now),
        today(record, guide, now),
        record.interview.isoformat() if record.interview else None,
        until(record, guide, now),
        kept_wanted(record.wanted, guide),
        cards_button(len(missed_points(record, guide))),
    )


def cards_button(count: int) -> Any:
    """The button for Anki cards, with how many there are to make."""
    text = f"{CARDS} ({count})" if count else CARDS
    return gr.update(value=text, interactive=count > 0)


def shower(guide: Guide) -> Callable[[Any, Any], tuple[Any, ...]]:
    """The handler that shows what the browser kept, and passes the time zone on."""

    def show(kept: Any, zone: Any) -> tuple[Any, ...]:
        return *shown(read_record(kept), guide, now_in(zone)), zone

    return show


def day_setter(guide: Guide) -> Callable[[Any, Any, Any], tuple[Any, ...]]:
    """The handler that takes the date of the interview; what is no date changes nothing."""

    def set_day(kept: Any, typed: Any, zone: Any) -> tuple[Any, ...]:
        record, now = read_record(kept), now_in(zone)
        day = read_day(typed)
        if typed and day is None:
            return gr.skip(), gr.skip(), problem("A date is written as 2026-12-31.")
        if day == record.interview:
            return gr.skip(), today(record, guide, now), until(record, guide, now)
        record = record.with_interview(day)
        return as_json(record), today(record, guide, now), until(record, guide, now)

    return set_day


def matcher(guide: Guide, loading: Loading) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """The handler that matches an advertisement, once the library is there."""
    unchanged = (gr.skip(),) * 3

    def match_advert(advert: str, kept: Any, zone: Any) -> Iterator[tuple[Any, ...]]:
        yield gr.skip(), "<p role='status'>Reading …</p>", *unchanged
        try:
            for _ in range(MOST_LOOKS):
                if loading.tutor(WAIT):
                    break
                yield gr.skip(), f"<p role='status'>{loading.status.text} …</p>", *unchanged
            found = match(advert, loading.library())
        except TutorError as error:
            yield gr.skip(), problem(str(error)), *unchanged
            return
        record, now = read_record(kept).with_wanted(found.folders), now_in(zone)
        yield (
            as_json(record), matched(found, guide), picture(record, guide, now),
            today(record, guide, now), until(record, guide, now),
        )  # fmt: skip

    return match_advert


def unwanted(guide: Guide) -> Callable[[Any, Any], tuple[Any, ...]]:
    """The handler that forgets what an advertisement asked for."""

    def clear(kept: Any, zone: Any) -> tuple[Any, ...]:
        record, now = read_record(kept).with_wanted(()), now_in(zone)
        plans = picture(record, guide, now), today(record, guide, now), until(record, guide, now)
        return as_json(record), "", *plans

    return clear


def saver(kept: Any) -> str:
    """The record as a file, for the browser to save."""
    text = json.dumps(as_json(read_record(kept)), indent=1)
    return file_of("llm-interview-progress.json", "application/json", text.encode())


def card_maker(guide: Guide) -> Callable[..., str]:
    """The handler that makes an Anki package, for the browser to save."""

    def make(kept: Any, zone: Any, request: gr.Request) -> str:
        data = package(read_record(kept), guide, now_in(zone), address_of(request))
        return file_of("llm-interview-missed.apkg", "application/octet-stream", data)

    return make


def address_of(request: gr.Request) -> str:
    """The page's address as the visitor's browser has it, behind proxies and below a path, too."""
    asked = request.request
    if asked is None:
        return ""
    return get_root_url(asked, asked.url.path, getattr(asked.app, "root_path", ""))


def file_of(name: str, kind: str, data: bytes) -> str:
    """A file as SAVE takes it: name, kind and content in lines."""
    return f"{name}\n{kind}\n{base64.b64encode(data).decode()}"


def loader(guide: Guide) -> Callable[[str, Any, Any], tuple[Any, ...]]:
    """The handler that joins a saved record with the one that is there."""

    def load(text: str, kept: Any, zone: Any) -> tuple[Any, ...]:
        mine, now = read_record(kept), now_in(zone)
        try:
            other = read_file(text)
        except InputError as error:
            return gr.skip(), *shown(mine, guide, now), problem(str(error))
        both = merged(mine, other)
        count = len(both.events) - len(mine.events)
        said = f"<p role='status'>Loaded: {count} new {'entry' if count == 1 else 'entries'}.</p>"
        return as_json(both), *shown(both, guide, now), said

    return load


def read_file(text: str) -> Record:
    """The record in a file's text. Raises InputError if it is none."""
    if len(text) > LONGEST_FILE:
        raise InputError("That file is too long for a record of this page.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not is_record(found):
        raise InputError("That is not a record saved from this page.")
    return read_record(found)


def forgetter(guide: Guide) -> Callable[[Any], tuple[Any, ...]]:
    """The handler that deletes the record."""

    def forget(zone: Any) -> tuple[Any, ...]:
        empty = Record()
        said = "<p role='status'>Forgotten.</p>"
        return (
            as_json(empty), *shown(empty, guide, now_in(zone)), said, gr.update(visible=False),
        )  # fmt: skip

    return forget
