"""Understands a turn in its conversation: cleaned, read, its kinds put in order.

Nearly all of it is the reader's work. Rules decide only what a rule decides better: that a text is
empty or too long, and that "Q12" is the guide's question 12.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tutor.engine.generate import Message
from tutor.errors import InputError
from tutor.turn.ask import Ask
from tutor.turn.kinds import LEFT_OUT, RETOLD, TALK, Kind
from tutor.turn.reader import Reader, Reading
from tutor.turn.wish import KIND_OF, About, Form, Wish, WishReader

LONGEST_TURN = 2000  # characters; a longer one is refused, not cut, so that no meaning is lost
HISTORY_TURNS = 40  # older turns are not looked at
ALONE = 0.25  # probability from which a turn that looks like thanks holds what it is by itself
HOLDS = 0.5  # probability from which a kind holds beside the most probable one
UNWISHED = LEFT_OUT | {Kind.HOSTILE}  # kinds that no form is read into
# Wishes that the reader of wishes has not learnt, and the forms that the reader of turns has not.
UNLEARNT = frozenset({Kind.CODE, Kind.FORMULA, Kind.PITFALLS, Kind.READING})
OWN_FORMS = frozenset({Form.TABLE, Form.CARDS})
NUMBERED = re.compile(r"\b(?:q|question)\s*(?:#|no\.?|number)?\s*(\d{1,2})\b", re.IGNORECASE)


def clean(text: str) -> str:
    """The turn without control characters and runs of white space.

    Raises InputError if nothing is left or more than LONGEST_TURN characters are.
    """
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c
        for c in text[: 20 * LONGEST_TURN]
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
    kept = " ".join(kept.split())
    if not kept:
        raise InputError("That message is empty. Ask something, for example: What is LoRA?")
    if len(kept) > LONGEST_TURN:
        message = f"That message has {len(kept):,} characters; up to {LONGEST_TURN:,} can be read."
        raise InputError(f"{message} Ask the question on its own.")
    return kept


def understand(
    turn: str,
    reader: Reader,
    history: Sequence[Message] = (),
    titles: Mapping[int, str] | None = None,
    wishes: WishReader | None = None,
) -> Ask:
    """What a turn is, given the turns before it (oldest first). Raises InputError like `clean`.

    `titles` are the guide's questions by number, for turns such as "Q12" or "question 12 please";
    `wishes` reads what it wishes of the form.
    """
    text = clean(turn)
    words = with_title(text, titles or {})
    before = tuple(history[-HISTORY_TURNS:])
    reading = reader.read(words, before)
    kinds = holding(reading, asked_last(before))
    if before and TALK.issuperset(kinds):
        # "Ok thanks. Now what about X" looks like thanks in its conversation; X shows by itself.
        # Alone, any reaction seems to leave the guide: that is no sign.
        alone = reader.read(words).kinds
        best = max(alone.keys() - TALK - LEFT_OUT, key=lambda kind: alone[kind])
        kinds += (best,) if alone[best] >= ALONE else ()
    ask = Ask(text, words, reading, kinds, before)
    return wished(ask, wishes.read(words)) if wishes else ask


def wished(ask: Ask, wish: Wish | None) -> Ask:
    """The turn as the wish that it is, small talk with it kept.

    A wish about what was said needs something said. One that names its own matter is a question as
    well: only forms in which an answer is told again go before that. What is not to be answered is
    not in any form.
    """
    if not wish or ask.kind in UNWISHED or (ask.alone and wish.about is not About.NAMED):
        return ask
    if ask.kind in UNLEARNT and wish.form not in OWN_FORMS:
        return ask
    kind = KIND_OF[wish.form]
    if wish.about is About.NAMED and kind not in RETOLD:
        return ask
    talk = tuple(one for one in ask.kinds if one in TALK)
    return replace(ask, kinds=(kind, *talk), wish=wish)


def with_title(text: str, titles: Mapping[int, str]) -> str:
    """The text with the title of the guide question that it names by number, if it does.

    >>> with_title("Q12 please", {12: "Top-k vs top-p sampling?"})
    'Top-k vs top-p sampling? please'
    """
    return NUMBERED.sub(lambda match: titles.get(int(match[1]), match[0]), text)


def asked_last(before: Sequence[Message]) -> bool:
    """Whether the tutor's last reply asks something, so that a turn can be an answer to it."""
    last = next((m.content for m in reversed(before) if m.role == "assistant"), "")
    return "?" in last


def holding(reading: Reading, asked: bool = True) -> tuple[Kind, ...]:
    """The most probable kind and all others that hold, the most probable first; without a question
    `asked` nothing is an answer."""
    possible = [kind for kind in reading.kinds if asked or kind is not Kind.ANSWER]
    ranked = sorted(possible, key=lambda kind: -reading.kinds[kind])
    return tuple(k for k in ranked if k is ranked[0] or reading.kinds[k] >= HOLDS)
