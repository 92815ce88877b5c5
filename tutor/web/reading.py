"""The Guide place: all 50 questions to read, found as you type, each at an address of its own.

    guide?q=12          a question         guide?category=05_text_generation   a category
    guide?sheet=all     what to say first, of all 50 on one sheet

Plain links, so that they can be kept and opened anywhere; the page's script follows them without a
reload. All text is the guide's; what a visitor types is only looked for in it.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from tutor.guide.read import (
    CODE,
    FOLLOW_UPS,
    HOW_IT_WORKS,
    IN_SHORT,
    ONE_MINUTE,
    PITFALLS,
    Category,
    Guide,
    Question,
)
from tutor.guide.spoken import aloud
from tutor.guide.text import plain
from tutor.practice.record import STORED, Record, as_json, read_record
from tutor.web.chat import QUIET
from tutor.web.figures import figure_html
from tutor.web.sources import LINK
from tutor.web.tabs import share_record

MOST_FOUND = 30
LONGEST_SEARCH = 200  # characters
READ_ALOUD = (IN_SHORT, ONE_MINUTE, HOW_IT_WORKS)
TITLE_WORTH, HEADING_WORTH, TEXT_WORTH = 9, 3, 1  # by where the words stand
WELCOME = """## The guide
Fifty questions in 21 categories, each with what to say in 20 seconds and in a minute, how it works,
an example worked out, code, the usual mistakes, and what is asked next. Choose one on the left,
look for a word, or read [what to say first, of all fifty](guide?sheet=all)."""

Demos = Callable[[int], list[tuple[str, str]]]  # guide question → (title, name) of its demos


@dataclass(frozen=True)
class Found:
    """A place of the guide that matches what was typed."""

    question: Question
    heading: str
    worth: int


def build_reading(
    page: gr.Blocks, guide: Guide, demos: Demos, math: list[dict[str, str | bool]]
) -> None:
    """The components of the place, inside its route."""
    wanted = gr.Textbox(visible="hidden", elem_id="opened")
    # The page's script says which question has been open for a while.
    seen = gr.Textbox(visible="hidden", elem_id="seen")
    kept = gr.BrowserState(as_json(Record()), **STORED)
    share_record(kept)
    with gr.Row(elem_id="reading"):
        with gr.Column(scale=2, min_width=260, elem_id="contents"):
            search = gr.Textbox(
                placeholder="Find in the guide …", label="Find in the guide", show_label=False,
                elem_id="find", max_lines=1, max_length=LONGEST_SEARCH,
            )  # fmt: skip
            listed = gr.HTML(contents(guide), elem_id="listed")
        with gr.Column(scale=5, min_width=320):
            ways = gr.HTML("", elem_id="ways")
            article = gr.Markdown(WELCOME, latex_delimiters=math, elem_id="article")
    show = shower(guide, demos)
    find = partial(matches, guide)
    search.input(find, search, listed, trigger_mode="always_last", **QUIET)
    wanted.submit(show, wanted, [ways, article], **QUIET)
    seen.submit(reader(guide), [seen, kept], kept, **QUIET)

    def open_address(request: gr.Request) -> tuple[str, str]:
        return show(str(request.query_params))

    page.load(open_address, None, [ways, article], **QUIET)


def shower(guide: Guide, demos: Demos) -> Callable[[str], tuple[str, str]]:
    """The handler that turns an address's query into the bar above the text, and the text."""

    def show(query: str) -> tuple[str, str]:
        asked = {key: values[0] for key, values in parse_qs(query.lstrip("?")).items()}
        for question in guide.questions.values():
            if str(question.number) == asked.get("q"):
                return bar(question, guide, demos(question.number)), article_of(question, guide)
        for category in guide.categories:
            if category.folder == asked.get("category"):
                return "", sheet(category.title, [category])
        if "sheet" in asked:
            return "", sheet("What to say first", guide.categories)
        return "", WELCOME

    return show


def reader(guide: Guide) -> Callable[[str, Any], dict[str, Any]]:
    """The handler that notes in the visitor's record that a question was read."""

    def note(number: str, kept: Any) -> dict[str, Any]:
        record = read_record(kept)
        numbers = {str(known): known for known in guide.questions}
        if number in numbers:
            record = record.with_event(numbers[number], "read", datetime.now(UTC))
        return as_json(record)

    return note


def contents(guide: Guide) -> str:
    """Every category with its questions, as links."""
    parts = []
    for category in guide.categories:
        rows = "".join(
            f'<li><a href="guide?q={q.number}"><b>Q{q.number}</b> {escape(q.title)}</a></li>'
            for q in category.questions
        )
        address = f"guide?category={category.folder}"
        parts.append(f'<h2><a href="{address}">{escape(category.title)}</a></h2><ul>{rows}</ul>')
    return f'<nav aria-label="Contents">{"".join(parts)}</nav>'


def matches(guide: Guide, text: str) -> str:
    """Where all words typed are found, best first, as links; the contents for none."""
    words = plain(text[:LONGEST_SEARCH]).lower().split()
    if not words:
        return contents(guide)
    found = sorted(look(guide, words), key=lambda one: -one.worth)
    rows = "".join(
        f'<li><a href="{address_of(one)}"><b>Q{one.question.number}</b> '
        f"{escape(one.heading)}</a></li>"
        for one in found[:MOST_FOUND]
    )
    count = f"{len(found)} found" if len(found) <= MOST_FOUND else f"{MOST_FOUND} of {len(found)}"
    return (
        f'<nav aria-label="Found"><p role="status">{count if found else "Nothing has these words."}'
        f"</p><ul>{rows}</ul></nav>"
    )


def look(guide: Guide, words: list[str]) -> Iterator[Found]:
    """Questions, follow-ups and sections that hold every word, with what each is worth."""
    for question in guide.questions.values():
        title = question.title.lower()
        if all(word in title for word in words):
            yield Found(question, question.title, TITLE_WORTH)
        places = [(f.question, f.answer) for f in question.follow_ups]
        places += [(snippet.title, snippet.text) for snippet in question.snippets]
        places += [(pitfall.claim, pitfall.correction) for pitfall in question.pitfalls]
        places += [(s.name, s.body) for s in question.sections if s.name != PITFALLS]
        for heading, body in places:
            if all(word in heading.lower() for word in words):
                yield Found(question, heading, HEADING_WORTH)
            elif all(word in f"{heading} {body}".lower() for word in words):
                yield Found(question, heading, TEXT_WORTH)


def address_of(one: Found) -> str:
    """The address of a place that was found; a title's is that of its question."""
    address = f"guide?q={one.question.number}"
    return address if one.heading == one.question.title else f"{address}#{anchor(one.heading)}"


def anchor(heading: str) -> str:
    """The id of a heading in an article."""
    return "at-" + re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")[:80]


def bar(question: Question, guide: Guide, demos: list[tuple[str, str]]) -> str:
    """Links above an article: to its neighbors, and to what one can do with it."""
    numbers = [q.number for category in guide.categories for q in category.questions]
    place = numbers.index(question.number)
    links = []
    if place:
        links.append(link(f"guide?q={numbers[place - 1]}", f"← Q{numbers[place - 1]}"))
    if place + 1 < len(numbers):
        links.append(link(f"guide?q={numbers[place + 1]}", f"Q{numbers[place + 1]} →"))
    links.append(link(f"./?ask={question.number}", "Ask about this"))
    links.append(link(f"practice?q={question.number}", "Practise this"))
    links += [link(f"lab?demo={name}", f"See it: {title}") for title, name in demos]
    links.append(listen(f"{question.title} " + "\n".join(map(question.section, READ_ALOUD))))
    return f'<nav class="ways" aria-label="This question">{" ".join(links)}</nav>'


def listen(markdown: str) -> str:
    """A button that reads a text aloud, with the browser's own voice."""
    # In an element, because Gradio's Markdown drops data attributes.
    text = f'<span class="aloud">{escape(aloud(markdown))}</span>'
    return f'<div><button type="button" class="listen">Listen</button>{text}</div>'


def link(address: str, text: str) -> str:
    """A link to another place of the page."""
    return f'<a href="{address}">{escape(text)}</a>'


def article_of(question: Question, guide: Guide) -> str:
    """A whole question as Markdown, its follow-ups behind disclosures."""
    category = guide.category(question.category)
    parts = [
        f"[{category.title}](guide?category={category.folder})",
        f"## Q{question.number}: {question.title}",
    ]
    for section in question.sections:
        parts.append(f'<span id="{anchor(section.name)}"></span>\n\n### {section.name}')
        if section.name == FOLLOW_UPS:
            parts += [disclosed(f.question, f.answer) for f in question.follow_ups]
        elif section.name == CODE:
            parts += [disclosed(snippet.title, snippet.text) for snippet in question.snippets]
        elif section.name == PITFALLS:
            parts += [
                f'<span id="{anchor(p.claim)}"></span>\n\n**“{p.claim}”** — {p.correction}'
                for p in question.pitfalls
            ]
        else:
            parts.append(section.body)
            if section.name == HOW_IT_WORKS and question.figure:
                parts.append(figure_html(question.number, question.figure))
    return reading_links("\n\n".join(parts))


def disclosed(title: str, text: str) -> str:
    """A title that opens its text."""
    heading = escape(title)
    return f'<details id="{anchor(title)}"><summary>{heading}</summary>\n\n{text}\n\n</details>'


def sheet(title: str, categories: tuple[Category, ...] | list[Category]) -> str:
    """What to say first about every question of some categories."""
    parts = [f"## {title}"]
    for category in categories:
        parts.append(
            f"### {category.title}" if len(categories) > 1 else reading_links(category.opening)
        )
        parts += [
            f"**[Q{q.number}](guide?q={q.number}) {q.title}**  \n{q.section(IN_SHORT)}"
            for q in category.questions
        ]
    return "\n\n".join(parts)


def reading_links(text: str) -> str:
    """Links of the guide to its questions, as links within this place."""
    return LINK.sub(r"[\1](guide?q=\2)", text)


def escape(text: str) -> str:
    """Text inside HTML."""
    return html.escape(text, quote=False)
