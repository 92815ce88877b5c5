"""Leaves out what a reasoning model writes between <think> tags before it answers."""

from collections.abc import Iterable, Iterator

from tutor.engine.generate import Usage

OPEN, CLOSE = "<think>", "</think>"


def without_thoughts(pieces: Iterable[str | Usage]) -> Iterator[str | Usage]:
    """The pieces outside the tags, wherever pieces are cut; empty ones in place of thoughts.

    >>> list(without_thoughts(["<thi", "nk>Is it", " so?</think>", "Yes."]))
    ['', '', '', 'Yes.']
    """
    held, thinking, thought = "", False, False
    for piece in pieces:
        if isinstance(piece, Usage):
            yield piece
            continue
        held, said = held + piece, ""
        while (tag := CLOSE if thinking else OPEN) in held:
            before, held = held.split(tag, 1)
            said += "" if thinking else before
            thinking = not thinking
            thought = not thinking
        if thought:  # the answer begins with its first word
            held = held.lstrip()
            thought = not held
        kept = begun(held, tag)
        said += "" if thinking else held[: len(held) - kept]
        held = held[len(held) - kept :]
        yield said
    if held and not thinking:
        yield held


def begun(text: str, tag: str) -> int:
    """How many characters at a text's end could be the beginning of a tag.

    >>> begun("so <thi", OPEN), begun("so", OPEN)
    (4, 0)
    """
    return next((n for n in range(len(tag) - 1, 0, -1) if text.endswith(tag[:n])), 0)
