"""The Sources tab: the passages behind a reply, the cited sentences highlighted, as Markdown.

The text is the guide's, so it may hold Markdown and maths; what a person typed never comes here.
"""

import re
from collections.abc import Sequence

from tutor.guide.chunks import Chunk
from tutor.guide.read import PITFALLS, Guide
from tutor.guide.text import plain, sentences
from tutor.reply.tutor import Reply
from tutor.search.retrieve import Passage

EMPTY = "*The passages behind an answer will be shown here, with the cited sentences marked.*"
LINK = re.compile(r"\[([^\]]+)\]\([^)]*#q(\d+)-[^)]*\)")


def mark(number: int, chunk: Chunk) -> str:
    """The link from a sentence to its source, which can be shown again whenever it is wanted."""
    return f"[\\[{number}\\]](#src-{chunk.id})"


def cited_answer(reply: Reply) -> str:
    """The reply's text with marks that open its sources."""
    sources = reply.sources
    return asking_links(reply.marked(lambda number: mark(number, sources[number - 1])))


def asking_links(text: str) -> str:
    """Links of the guide to its questions, as links that ask the question on the page."""
    return LINK.sub(r"[\1](#ask-\2)", text)


def show_sources(reply: Reply, guide: Guide) -> str:
    """What was cited, then what else was found, as one Markdown text."""
    if reply.evidence is None:
        return EMPTY
    cards = [
        card(
            f"[{number}] ", chunk, guide, [c.sentence for c in reply.citations if c.chunk == chunk]
        )
        for number, chunk in enumerate(reply.sources, 1)
    ]
    cited = {chunk.id for chunk in reply.sources}
    others = [passage for passage in reply.evidence.passages if passage.chunk.id not in cited]
    heading = "Cited" if cards else "Not covered: nothing is cited"
    found = "\n\n".join(found_line(passage) for passage in others)
    timings = reply.timings
    return "\n\n".join(
        [
            f"## {heading}",
            *cards,
            "## Also found",
            found or "*Nothing else.*",
            f"<small>Found in {timings.evidence_ms:.0f} ms.</small>",
        ]
    )


def show_passage(chunk: Chunk, answer: str, guide: Guide) -> str:
    """One passage that an answer on the page cites, with its sentences that the answer says."""
    heard = plain(answer)
    cited = [sentence for sentence in sentences(chunk.stated) if plain(sentence) in heard]
    return f"## Cited\n\n{card('', chunk, guide, cited)}"


def card(label: str, chunk: Chunk, guide: Guide, cited: Sequence[str]) -> str:
    """One passage with its place in the guide and its cited sentences marked."""
    title = guide.questions[chunk.number].title
    heading = f"<br>*{chunk.heading}*" if chunk.heading and chunk.section != PITFALLS else ""
    body = asking_links(highlighted(chunk.text, {plain(sentence) for sentence in cited}))
    return (
        f'<div class="source" id="src-{chunk.id}">\n\n'
        f"**{label}[Q{chunk.number}](#ask-{chunk.number}) {title}** · {chunk.section}{heading}\n\n"
        f"{body}\n\n</div>"
    )


def highlighted(text: str, cited: set[str]) -> str:
    """The text with `<mark>` around its sentences in `cited` (plain), tables and formulas apart."""
    lines = []
    for line in text.split("\n"):
        if not line.startswith(("|", "```", "$$", "    ")):
            for sentence in sentences(line):
                body = re.sub(r"^(?:[-*]|\d+\.|Right:) ", "", sentence)
                if plain(body) in cited:
                    line = line.replace(body, f"<mark>{body}</mark>", 1)
        lines.append(line)
    return "\n".join(lines)


def found_line(passage: Passage) -> str:
    """One line for a passage that was found and not cited."""
    chunk = passage.chunk
    return f"- [Q{chunk.number}](#ask-{chunk.number}) {chunk.heading or chunk.section}"
