"""Markdown as text: the plain words of it, its sentences, its numbers."""

import re

# A sentence ends at a mark, with or without a closing quote, before what can begin another one. An
# abbreviation's point ends none: "Howard et al. (2018)", "e.g. 4 bits", "vs. QLoRA".
ABBREVIATION = r"(?<!\bal\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<!\bvs\.)(?<!\bSec\.)(?<!\bEq\.)"
SENTENCE_END = re.compile(
    rf"(?:(?<=[.!?])|(?<=[.!?][\"')\]])){ABBREVIATION}\s+(?=[A-Z\"'(\[$`*]|\d)"
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def plain(text: str) -> str:
    """Markdown as the words a reader would say: no links, emphasis, list marks or dollar signs."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    text = re.sub(r"^\s*(?:[-*]|\d+\.|\|)\s+", "", text, flags=re.MULTILINE)
    text = re.sub(r"```\w*", "", text)
    return re.sub(r"\*\*|`|\$+", "", text).strip()


def sentences(text: str) -> list[str]:
    """A text's sentences; list items and paragraphs end sentences too.

    >>> sentences("Shown by Howard et al. (2018). It holds for 4 bits. So be it.")
    ['Shown by Howard et al. (2018).', 'It holds for 4 bits.', 'So be it.']
    """
    found = []
    for block in re.split(r"\n+", text):
        found += [part.strip() for part in SENTENCE_END.split(block) if part.strip()]
    return found


def numbers(text: str) -> list[str]:
    """The numbers in a text without thousands separators: "1,024 of 0.50" → ["1024", "0.50"]."""
    return [n.replace(",", "") for n in NUMBER.findall(plain(text))]
