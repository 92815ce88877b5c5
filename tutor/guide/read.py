"""The guide: 21 categories of Markdown, read into questions, sections, follow-ups and pitfalls.

This module knows the format and nothing about search or models. Whether the text is any good is
the concern of `proofread`; here a file either has the shape below or a GuideError says where it
does not.

    # Category title
    opening paragraph
    ## Q12: Top-k vs top-p sampling?
    ### In 20 seconds            ... one `###` per name in SECTIONS, in that order
    ### How it works             ... may end with a figure: <picture>…</picture> and *its caption*
    ### Code                     ... where an interviewer says "write it": `####` per snippet
    ### Follow-up questions
    #### Why would top-p keep only one token?
    the follow-up's answer
"""

import csv
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt

from tutor.errors import GuideError

IN_SHORT = "In 20 seconds"
ONE_MINUTE = "In one minute"
HOW_IT_WORKS = "How it works"
WORKED_EXAMPLE = "Worked example"
CODE = "Code"
ANALOGY = "Analogy"
PITFALLS = "Trade-offs and pitfalls"
FOLLOW_UPS = "Follow-up questions"
KEY_POINTS = "Key points"
READING = "Further reading"
SECTIONS = (
    IN_SHORT,
    ONE_MINUTE,
    HOW_IT_WORKS,
    WORKED_EXAMPLE,
    CODE,
    ANALOGY,
    PITFALLS,
    FOLLOW_UPS,
    KEY_POINTS,
    READING,
)
OPTIONAL = {CODE}
# What a good answer consists of, in the order in which it is said.
PARTS = ("definition", "mechanism", "trade-off", "example")

QUESTION_HEADING = re.compile(r"Q(\d+): (.+)")
FIGURE = re.compile(
    r'<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="(?P<dark>[^"]+)">\s*'
    r'<img alt="(?P<alt>[^"]+)" src="(?P<light>[^"]+)"[^>]*>\s*</picture>\s*'
    r"\*(?P<caption>[^*\n]+)\*\s*"
)
PITFALL = re.compile(r'- Wrong: "(?P<claim>.+?)" Right: (?P<correction>.+)', re.DOTALL)


@dataclass(frozen=True)
class FollowUp:
    """A question that is asked next, with its self-contained answer (Markdown)."""

    question: str
    answer: str
    line: int


@dataclass(frozen=True)
class Snippet:
    """Code that interviewers ask for: what they say, and the code with a note (Markdown)."""

    title: str
    text: str
    line: int


@dataclass(frozen=True)
class Figure:
    """A picture of a question: SVG files for a light and a dark page, what is to be seen, and what
    to notice."""

    light: Path
    dark: Path
    alt: str
    caption: str


@dataclass(frozen=True)
class Pitfall:
    """A wrong claim that candidates make, and its correction."""

    claim: str
    correction: str


@dataclass(frozen=True)
class Section:
    """One `###` section: its name, Markdown body and the 1-based line of its heading."""

    name: str
    body: str
    line: int


@dataclass(frozen=True)
class Question:
    """One guide question with everything the guide says about it."""

    number: int
    title: str
    category: str
    line: int
    sections: tuple[Section, ...]
    follow_ups: tuple[FollowUp, ...]
    snippets: tuple[Snippet, ...] = ()
    figure: Figure | None = None

    def section(self, name: str) -> str:
        """The Markdown body of section `name`; GuideError if the question has no such section."""
        for section in self.sections:
            if section.name == name:
                return section.body
        raise GuideError(f"Q{self.number} has no section '{name}'.")

    @property
    def names(self) -> tuple[str, ...]:
        """The sections that it has, in order."""
        return tuple(section.name for section in self.sections)

    @property
    def headings(self) -> tuple[str, ...]:
        """What a passage may be named by: sections, snippets, follow-up questions, wrong claims."""
        follow_ups = (follow_up.question for follow_up in self.follow_ups)
        snippets = (snippet.title for snippet in self.snippets)
        claims = (pitfall.claim for pitfall in self.pitfalls)
        return (*self.names, *snippets, *follow_ups, *claims)

    @cached_property
    def pitfalls(self) -> tuple[Pitfall, ...]:
        """The wrong claims of `Trade-offs and pitfalls`, in order."""
        found = []
        for item in bullets(self.section(PITFALLS)):
            if match := PITFALL.fullmatch(item):
                found.append(Pitfall(match["claim"], match["correction"]))
        return tuple(found)


@dataclass(frozen=True)
class Category:
    """One folder of the guide."""

    folder: str
    title: str
    opening: str
    path: Path
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Guide:
    """All categories that are written, in folder order."""

    root: Path
    categories: tuple[Category, ...]
    outside: tuple[str, ...] = ()  # topics that it does not treat, for telling them apart
    # How people put what it answers: (question number, heading of the passage) → phrasings.
    asked: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    # Which of PARTS each key point is, in order, by guide question.
    parts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def questions(self) -> dict[int, Question]:
        """Every question by its number."""
        return {q.number: q for category in self.categories for q in category.questions}

    def category(self, folder: str) -> Category:
        """The category in `folder`; GuideError naming the known ones if there is none."""
        for category in self.categories:
            if category.folder == folder:
                return category
        known = ", ".join(c.folder for c in self.categories)
        raise GuideError(f"There is no category '{folder}'. Choose one of: {known}.")


@dataclass(frozen=True)
class Heading:
    """A Markdown heading: its level, text, and 0-based first line and first line after it."""

    level: int
    text: str
    start: int
    end: int


def bullets(text: str) -> list[str]:
    """The top-level `- ` items of a Markdown list, continuation lines joined by spaces."""
    items = re.split(r"^(?=- )", text, flags=re.MULTILINE)
    return [" ".join(item.split()) for item in items if item.startswith("- ")]


def read_guide(root: Path) -> Guide:
    """Read every category folder below `root` that has a README.md.

    Raises GuideError if the folder is missing or holds no category, and for the first file that
    breaks the format, with its path and line.
    """
    paths = sorted(root.glob("[0-9][0-9]_*/README.md"))
    if not paths:
        raise GuideError(f"No guide in {root}: expected folders such as 01_tokenization_and_text.")
    categories = tuple(read_category(path) for path in paths)
    return Guide(
        root, categories, read_outside(root), read_asked(categories), read_parts(root, categories)
    )


def read_parts(root: Path, categories: Sequence[Category]) -> dict[int, tuple[str, ...]]:
    """Which of PARTS each key point is, from `points.csv`, if there is one: question, point, part.

    Raises GuideError where a key point has no row, or a row no key point.
    """
    path = root / "points.csv"
    if not path.exists():
        return {}
    found: dict[int, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            parts = found.setdefault(int(row["question"]), [])
            if row["part"] not in PARTS or int(row["point"]) != len(parts) + 1:
                raise GuideError(f"{path}:{rows.line_num}: no such part, or points out of order.")
            parts.append(row["part"])
    for category in categories:
        for question in category.questions:
            points, parts = bullets(question.section(KEY_POINTS)), found.get(question.number, [])
            if len(points) != len(parts):
                told = f"{len(parts)} rows for the {len(points)} key points of Q{question.number}"
                raise GuideError(f"{path}: {told}.")
    return {number: tuple(parts) for number, parts in found.items()}


def read_asked(categories: Sequence[Category]) -> dict[tuple[int, str], tuple[str, ...]]:
    """The phrasings in each category's `asked.csv`, if it has one: q, heading, question.

    `heading` is a section's name, a follow-up question or a wrong claim of the guide question `q`.
    Raises GuideError with file and line for a row that points to none of them.
    """
    found: dict[tuple[int, str], list[str]] = {}
    for category in categories:
        path = category.path.with_name("asked.csv")
        if not path.exists():
            continue
        headings = {
            (str(question.number), heading)
            for question in category.questions
            for heading in question.headings
        }
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            for row in rows:
                if (row["q"], row["heading"]) not in headings or not row["question"]:
                    raise GuideError(f"{path}:{rows.line_num}: no such passage, or no question.")
                found.setdefault((int(row["q"]), row["heading"]), []).append(row["question"])
    return {key: tuple(phrasings) for key, phrasings in found.items()}


def read_outside(root: Path) -> tuple[str, ...]:
    """The lines of `outside.txt`: neighboring topics that the guide leaves out, if it has any."""
    path = root / "outside.txt"
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def read_category(path: Path) -> Category:
    """Read one category file; GuideError with file and line if it breaks the format."""
    lines = path.read_text(encoding="utf-8").splitlines()
    headings = list(find_headings("\n".join(lines)))
    if not headings or headings[0].level != 1:
        raise GuideError(f"{path}:1: expected '# Category title' as the first heading.")
    for heading in headings[1:]:
        if heading.level not in (2, 3, 4):
            raise GuideError(
                f"{path}:{heading.start + 1}: unexpected level-{heading.level} heading."
            )
    chapters = split_at(headings[1:], 2)
    if not chapters:
        raise GuideError(f"{path}:1: no '## Qn: title' heading.")
    opening = "\n".join(lines[headings[0].end : chapters[0][0].start]).strip()
    ends = [chapter[0].start for chapter in chapters[1:]] + [len(lines)]
    questions = tuple(
        read_question(path, lines, chapter, end)
        for chapter, end in zip(chapters, ends, strict=True)
    )
    return Category(path.parent.name, headings[0].text, opening, path, questions)


def read_question(path: Path, lines: list[str], chapter: list[Heading], end: int) -> Question:
    """Read one `## Qn:` chapter: the run of headings from its own to line `end`, exclusive."""
    top, *rest = chapter
    match = QUESTION_HEADING.fullmatch(top.text)
    if not match:
        raise GuideError(f"{path}:{top.start + 1}: expected '## Qn: title', got '{top.text}'.")
    ends = [heading.start for heading in rest[1:]] + [end]
    sections: list[Section] = []
    follow_ups: list[FollowUp] = []
    snippets: list[Snippet] = []
    figure = None
    for heading, stop in zip(rest, ends, strict=False):
        body = "\n".join(lines[heading.end : stop]).strip()
        if heading.level == 3:
            if heading.text not in SECTIONS:
                raise GuideError(f"{path}:{heading.start + 1}: unknown section '{heading.text}'.")
            if heading.text == HOW_IT_WORKS:
                body, figure = figure_of(path, body)
            sections.append(Section(heading.text, body, heading.start + 1))
        elif sections and sections[-1].name == CODE:
            snippets.append(Snippet(heading.text, body, heading.start + 1))
        elif not sections or sections[-1].name != FOLLOW_UPS:
            raise GuideError(f"{path}:{heading.start + 1}: '####' outside '{FOLLOW_UPS}'.")
        else:
            follow_ups.append(FollowUp(heading.text, body, heading.start + 1))
    names = tuple(section.name for section in sections)
    wanted = tuple(name for name in SECTIONS if name in names or name not in OPTIONAL)
    if names != wanted:
        missing = [name for name in wanted if name not in names]
        what = f"lacks {', '.join(missing)}" if missing else "has its sections out of order"
        raise GuideError(f"{path}:{top.start + 1}: Q{match[1]} {what}.")
    return Question(
        number=int(match[1]),
        title=match[2],
        category=path.parent.name,
        line=top.start + 1,
        sections=tuple(sections),
        follow_ups=tuple(follow_ups),
        snippets=tuple(snippets),
        figure=figure,
    )


def figure_of(path: Path, body: str) -> tuple[str, Figure | None]:
    """A section's text without the figure at its end, and the figure if there is one."""
    match = FIGURE.search(body)
    if not match:
        return body, None
    light, dark = path.parent / match["light"], path.parent / match["dark"]
    figure = Figure(light, dark, match["alt"], match["caption"])
    return (body[: match.start()] + body[match.end() :]).strip(), figure


def find_headings(text: str) -> Iterator[Heading]:
    """The ATX headings of a Markdown text; lines inside code fences are not headings."""
    tokens = MarkdownIt().parse(text)
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open" and opening.map and opening.markup.startswith("#"):
            yield Heading(int(opening.tag[1]), inline.content, opening.map[0], opening.map[1])


def split_at(headings: list[Heading], level: int) -> list[list[Heading]]:
    """Group headings into runs that each start at `level`; a run before the first is dropped."""
    runs: list[list[Heading]] = []
    for heading in headings:
        if heading.level == level:
            runs.append([heading])
        elif runs:
            runs[-1].append(heading)
    return runs


def canonical_questions(root: Path) -> list[tuple[int, str, str]]:
    """(number, category folder, title) of all 50 questions, from `questions.csv` in `root`."""
    with (root / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [(int(r["q"]), r["category"], r["title"]) for r in csv.DictReader(file)]


def canonical_categories(root: Path) -> list[tuple[str, str, bool]]:
    """(folder, title, has a runnable demo) of all 21 categories, from `categories.csv`."""
    with (root / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [(r["category"], r["title"], r["code_demo"] == "yes") for r in rows]
