"""What a person sees in a terminal: progress on one line, a reply as it grows, passages found.

Progress goes to standard error, so that standard output holds nothing but the answer.
"""

import sys
import textwrap
from collections.abc import Iterator

from tutor.guide.chunks import Chunk
from tutor.guide.text import plain
from tutor.reply.tutor import Reply

WIDTH = 88
EXCERPT = 240  # characters of a passage shown by `search`


class Terminal:
    """Writes to one terminal, or to files where there is none."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self._live = sys.stderr.isatty()
        self._last = ""
        self._open = False

    def report(self, text: str, share: float | None) -> None:
        """What is being done; overwritten in a terminal, one line per step in a file."""
        if self._live:
            bar = "" if share is None else f" {'█' * round(20 * share):░<20} {share:4.0%}"
            sys.stderr.write(f"\r\033[K{text}{bar}")
            self._open = True
        elif (step := text.split(":")[0]) != self._last:
            sys.stderr.write(f"{step}\n")
            self._last = step
        sys.stderr.flush()

    def end(self) -> None:
        """Clear the progress line."""
        if self._open:
            sys.stderr.write("\r\033[K")
            self._open = False

    def reply(self, replies: Iterator[Reply]) -> None:
        """Print a reply as it grows, then its sources and what to ask next."""
        shown = ""
        reply = None
        for reply in replies:
            text = reply.marked(lambda number: f"[{number}]")
            sys.stdout.write(text[len(shown) :])
            sys.stdout.flush()
            shown = text
        if reply is None:
            return
        print("\n")
        for number, chunk in enumerate(reply.sources, 1):
            print(f"[{number}] {place(chunk)}")
        for suggestion in reply.suggestions:
            print(f" →  {suggestion}")

    def evidence(self, reply: Reply) -> None:
        """Print the passages found for a question, with their scores."""
        evidence = reply.evidence
        if evidence is None:
            print(reply.text)
            return
        verdict = "covered" if evidence.covered else "not covered"
        topics = ", ".join(f"Q{number}" for number in evidence.topics[:5])
        print(f"{verdict} ({evidence.confidence:.2f}); topics {topics or 'none'}\n")
        for passage in evidence.passages:
            print(f"{passage.score:.3f}  {place(passage.chunk)}")
            excerpt = textwrap.shorten(plain(passage.chunk.text), EXCERPT, placeholder=" …")
            print(
                textwrap.fill(excerpt, WIDTH, initial_indent="       ", subsequent_indent=" " * 7)
            )


def place(chunk: Chunk) -> str:
    """Where a chunk stands in the guide: "Q12, Follow-up questions: Why would top-p …?"."""
    heading = f": {chunk.heading}" if chunk.heading else ""
    return f"Q{chunk.number}, {chunk.section}{heading}"
