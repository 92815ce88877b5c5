"""The guide's proofreader: lists what breaks the guide's rules of form, with file and line.

It checks what a program can check: numbers, titles, sections, counts, links, maths that renders on
GitHub and in KaTeX. Whether a sentence is true is for readers.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.errors import GuideError
from tutor.guide.read import (
    CODE,
    FOLLOW_UPS,
    HOW_IT_WORKS,
    IN_SHORT,
    KEY_POINTS,
    ONE_MINUTE,
    PITFALLS,
    READING,
    Category,
    Question,
    bullets,
    canonical_categories,
    canonical_questions,
    read_category,
)

# (fewest, most) of each; the upper bounds keep passages within the embedder's 256 wordpieces.
WORDS_IN_SHORT = (20, 55)
WORDS_IN_ONE_MINUTE = (55, 130)
WORDS_IN_FOLLOW_UP = (35, 130)
FOLLOW_UPS_PER_QUESTION = (8, 24)
PITFALLS_PER_QUESTION = (3, 6)
KEY_POINTS_PER_QUESTION = (4, 7)
READINGS_PER_QUESTION = (2, 8)

SNIPPET = re.compile(r"```python\n.+?\n```\n\n[^`].+", re.DOTALL)  # code, then what is looked at
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
FENCES = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
DISPLAY_MATH = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE_MATH = re.compile(r"\$([^$]+?)\$", re.DOTALL)
ARXIV = re.compile(r"arXiv:(\S+)", re.IGNORECASE)
BRITISH = re.compile(
    r"\b\w*(?:isation|ised|ising|behaviour|colour|favour|modell(?:ed|ing)|labell(?:ed|ing))\w*\b"
)
# Words that the pattern above would take for British spelling.
AMERICAN_TOO = {"raised", "promised", "precised", "comprised", "supervised", "unsupervised"} | {
    "self-supervised", "advised", "revised", "raising", "arising", "comprising", "surprised",
    "surprising", "surprisingly", "noised", "denoised", "denoising", "noising", "devised",
    "exercised", "improvised", "improvising", "promising", "supervising", "rising", "revising",
    "compromised", "compromising", "disguised", "advertised", "advertising", "despised",
    "semisupervised", "premised", "uncompromising", "devising", "exercising",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One break of the rules, at a 1-based line of a file."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def proofread(root: Path, folders: list[Path] | None = None) -> list[Finding]:
    """Findings over the category `folders` (all below `root` by default), in file order."""
    findings: list[Finding] = []
    categories: list[Category] = []
    anchors = {anchor_of(n, title): folder for n, folder, title in canonical_questions(root)}
    for folder in folders or sorted(root.glob("[0-9][0-9]_*")):
        path = folder / "README.md"
        try:
            category = read_category(path)
        except OSError as error:
            findings.append(Finding(path, 1, f"cannot be read ({error.strerror})"))
            continue
        except GuideError as error:
            findings.append(Finding(path, 1, str(error).removeprefix(f"{path}:")))
            continue
        categories.append(category)
        findings += check_titles(category, root)
        for question in category.questions:
            findings += check_counts(category.path, question)
        findings += check_text(category, anchors)
    findings += check_duplicates(categories)
    return findings


def check_titles(category: Category, root: Path) -> Iterator[Finding]:
    """Category title, question numbers and question titles are the canonical ones, in order."""
    titles = {folder: title for folder, title, _ in canonical_categories(root)}
    expected = [(n, t) for n, folder, t in canonical_questions(root) if folder == category.folder]
    if category.title != titles.get(category.folder):
        yield Finding(category.path, 1, f"title should be '{titles.get(category.folder)}'")
    if not category.opening:
        yield Finding(category.path, 1, "no opening paragraph")
    got = [(q.number, q.title) for q in category.questions]
    if got != expected:
        yield Finding(category.path, 1, f"questions are {got}, should be {expected}")


def check_counts(path: Path, question: Question) -> Iterator[Finding]:
    """Sections have the number of words and items that the format asks for."""
    at = {section.name: section.line for section in question.sections}
    pitfall_items = bullets(question.section(PITFALLS))
    counted = [
        (IN_SHORT, "words", len(question.section(IN_SHORT).split()), WORDS_IN_SHORT),
        (ONE_MINUTE, "words", len(question.section(ONE_MINUTE).split()), WORDS_IN_ONE_MINUTE),
        (FOLLOW_UPS, "follow-ups", len(question.follow_ups), FOLLOW_UPS_PER_QUESTION),
        (PITFALLS, "pitfalls", len(pitfall_items), PITFALLS_PER_QUESTION),
        (KEY_POINTS, "points", len(bullets(question.section(KEY_POINTS))), KEY_POINTS_PER_QUESTION),
        (READING, "sources", len(bullets(question.section(READING))), READINGS_PER_QUESTION),
    ]
    for section, what, count, (fewest, most) in counted:
        if not fewest <= count <= most:
            message = f"Q{question.number} {section}: {count} {what}, not {fewest} to {most}"
            yield Finding(path, at[section], message)
    if len(question.pitfalls) != len(pitfall_items):
        message = f'Q{question.number}: a pitfall is not of the form - Wrong: "…" Right: …'
        yield Finding(path, at[PITFALLS], message)
    for section_ in question.sections:
        if not section_.body and section_.name not in (FOLLOW_UPS, CODE):
            yield Finding(path, section_.line, f"Q{question.number} {section_.name}: empty")
    if question.figure:
        for picture in (question.figure.light, question.figure.dark):
            if not picture.is_file():
                yield Finding(path, at[HOW_IT_WORKS], f"Q{question.number}: no figure {picture}")
    for snippet in question.snippets:
        if not SNIPPET.fullmatch(snippet.text):
            message = f"Q{question.number} {snippet.title}: not a Python fence and a note behind it"
            yield Finding(path, snippet.line, message)
    for follow_up in question.follow_ups:
        words = len(follow_up.answer.split())
        fewest, most = WORDS_IN_FOLLOW_UP
        if not fewest <= words <= most:
            yield Finding(path, follow_up.line, f"answer has {words} words, not {fewest} to {most}")
        if not follow_up.question.endswith("?"):
            yield Finding(path, follow_up.line, "a follow-up is a question and ends with '?'")
    for item in bullets(question.section(READING)):
        for identifier in ARXIV.findall(item):
            if not re.fullmatch(r"\d{4}\.\d{4,5}[),.;]*|[a-z-]+/\d{7}[),.;]*", identifier):
                yield Finding(path, at[READING], f"'{identifier}' is not an arXiv id")


def check_text(category: Category, anchors: dict[str, str]) -> Iterator[Finding]:
    """Links resolve, maths is well-formed, spelling and punctuation are the guide's."""
    source = category.path.read_text(encoding="utf-8")

    def finding(position: int, message: str) -> Finding:
        return Finding(category.path, source.count("\n", 0, position) + 1, message)

    # Same length as the source, so that positions still tell the line.
    prose = FENCES.sub(lambda m: re.sub(r"\S", " ", m[0]), source)
    for match in LINK.finditer(prose):
        if problem := link_problem(match[1], match[2], category.folder, anchors):
            yield finding(match.start(), problem)
    for position, problem in math_problems(prose):
        yield finding(position, problem)
    for match in re.finditer("[—–]", prose):
        if match[0] == "—":
            yield finding(match.start(), "em dash")
    for match in BRITISH.finditer(prose):
        if match[0].lower() not in AMERICAN_TOO:
            yield finding(match.start(), f"'{match[0]}' looks British; the guide is American")


def link_problem(label: str, target: str, folder: str, anchors: dict[str, str]) -> str | None:
    """What is wrong with a link of the guide, or None. Only links to questions are allowed."""
    file, _, anchor = target.partition("#")
    home = anchors.get(anchor)
    if home is None:
        return f"link to '{target}': no such question"
    if not anchor.startswith(f"{label.lower()}-"):
        return f"link '{label}' points to '{anchor}'"
    if file != ("" if home == folder else f"../{home}/README.md"):
        return f"link to '{anchor}' should go to {home}"
    return None


def math_problems(prose: str) -> Iterator[tuple[int, str]]:
    """(position, message) for maths that GitHub or KaTeX would not render as meant."""
    for match in DISPLAY_MATH.finditer(prose):
        yield from formula_problems(match[1], match.start())
        if "\n\n" in match[1]:
            yield match.start(), "a blank line inside $$ … $$ ends the formula"
    rest = DISPLAY_MATH.sub(lambda m: re.sub(r"\S", " ", m[0]), prose)
    for paragraph in re.finditer(r"[^\n]+(?:\n[^\n]+)*", rest):
        if paragraph[0].count("$") % 2:
            yield paragraph.start(), "odd number of $ in a paragraph"
            continue
        for match in INLINE_MATH.finditer(paragraph[0]):
            position = paragraph.start() + match.start()
            before = rest[position - 1 : position]
            after = rest[paragraph.start() + match.end() :][:1]
            if match[1] != match[1].strip():
                yield position, "space just inside $"
            if before.isalnum() or after.isalnum():
                yield position, f"${match[1]}$ touches a letter or digit"
            if re.search(r"\\\\|\\[{}]", match[1]):
                yield position, rf"\\ or \{{ in inline maths ${match[1]}$: GitHub eats them"
            yield from formula_problems(match[1], position)


def formula_problems(formula: str, position: int) -> Iterator[tuple[int, str]]:
    """Problems that inline and display maths share."""
    if "\\operatorname" in formula:
        yield position, "\\operatorname is not allowed on GitHub: use \\mathrm"
    if re.search(r"[<>]", formula):
        yield position, "< or > in maths: use \\lt or \\gt"
    if re.search(r"(?<!\\)%", formula):
        yield position, "% in maths starts a comment"
    if formula.count("{") != formula.count("}"):
        yield position, "unbalanced braces in maths"
    if len(re.findall(r"\\left(?![a-z])", formula)) != len(
        re.findall(r"\\right(?![a-z])", formula)
    ):
        yield position, "\\left without \\right"


def check_duplicates(categories: list[Category]) -> Iterator[Finding]:
    """No follow-up question occurs twice in the guide, and none repeats a title."""
    asked = [
        (re.sub(r"\W+", " ", follow_up.question).lower().strip(), category.path, follow_up.line)
        for category in categories
        for question in category.questions
        for follow_up in question.follow_ups
    ]
    counts = Counter(text for text, _, _ in asked)
    for text, path, line in asked:
        if counts[text] > 1:
            yield Finding(path, line, f"follow-up asked {counts[text]} times: {text}")


def anchor_of(number: int, title: str) -> str:
    """GitHub's anchor of a question heading: lower case, punctuation dropped, spaces to hyphens."""
    heading = f"q{number} {title}".lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")
