"""A sentence that is nearly the guide's own, with something exchanged.

Where a sentence follows the guide's wording, every word that differs is either a synonym or an
error, and no list of opposites is needed to distrust it.
"""

from collections import Counter
from difflib import SequenceMatcher
from typing import NamedTuple

from tutor.statement import NOT, Statement, Vocabulary, is_number

SIMILAR = 0.75  # share of a sentence's words in the guide's order from which it is a copy
CLOSE = 0.8  # from here on no other sentence of the guide excuses what was exchanged
LONGER = 3  # words by which a replaced passage may be longer before it counts as left out


class Slip(NamedTuple):
    """What was exchanged, and whether that settles the matter."""

    reason: str
    final: bool


def slip(
    said: Statement, known: Statement, chapter: Vocabulary, context: frozenset[str]
) -> Slip | None:
    """What a near copy of a guide sentence gets wrong; None if nothing, or if it is no copy.

    `context` are keys that may be added, since they say what the guide's sentence is about.

    Worked example: against "Dropout is switched off at inference." the sentence "Dropout is
    switched off in training." exchanges "inference" for "training".
    """
    mine, theirs = [key for key, _ in said.steps], [key for key, _ in known.steps]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    if same < SIMILAR * len(mine):
        return None
    close = same >= CLOSE * len(mine)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        added, left = mine[i:i_end], theirs[j:j_end]
        if tag == "insert" and set(left) == {NOT}:
            return Slip("a negation of the guide is left out", True)
        if tag in ("equal", "insert"):
            continue
        if NOT in added and NOT not in left:
            return Slip("a negation is added", True)
        if moved_whole(added, theirs) or own_part(said, i, i_end):
            continue
        if left and len(left) <= len(added) + LONGER:
            if not harmless(added, left, chapter):
                return Slip(f"'{' '.join(added)}' for the guide's '{' '.join(left)}'", close)
        elif reason := misplaced(added, mine, theirs, chapter, context):
            return Slip(reason, close)
    return None


def moved_whole(added: list[str], theirs: list[str]) -> bool:
    """Whether at least three words stand together in the guide's sentence, elsewhere."""
    n = len(added)
    return n >= 3 and any(theirs[k : k + n] == added for k in range(len(theirs) - n + 1))


def own_part(said: Statement, i: int, end: int) -> bool:
    """Whether the steps from `i` to `end` are whole parts, and so not an exchange within one."""
    size = Counter(part for _, part in said.steps)
    inside = Counter(part for _, part in said.steps[i:end])
    return end - i > 1 and all(count == size[part] for part, count in inside.items())


def harmless(added: list[str], left: list[str], chapter: Vocabulary) -> bool:
    """Whether words were exchanged that carry no claim: quantifiers, or words of daily language."""
    if chapter.light.issuperset(added + left):
        return True

    def neutral(key: str) -> bool:
        return key != NOT and not is_number(key) and key not in chapter.directed

    return all(map(neutral, added + left)) and not any(key in chapter for key in added)


def misplaced(
    added: list[str],
    mine: list[str],
    theirs: list[str],
    chapter: Vocabulary,
    context: frozenset[str],
) -> str:
    """A word that the sentence says once more than the guide, or a name that it says elsewhere."""
    for key in added:
        if key in theirs:
            known = key in chapter.light or key in chapter.topic or key in context
            if mine.count(key) > theirs.count(key) and not known:
                return f"'{key}' is said once too often"
            if key in chapter.names:
                return f"'{key}' has moved"
    return ""
