"""Understands a turn in its conversation: what is searched for, and what kind of reply is wanted.

No model rewrites anything. A turn that can stand alone is searched as it is; an elliptical one
("and why?", "the second one", "give me an example") is searched together with the last turn that
stood alone. Whether it is elliptical is read from its words.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from tutor.engine.generate import Message
from tutor.errors import InputError
from tutor.turn.ask import Ask, Query
from tutor.turn.intent import read_intent

LONGEST_TURN = 2000  # characters; a longer one is refused, not cut, so that no meaning is lost
HISTORY_TURNS = 40  # older turns are not looked at

# Words that carry no topic of their own: an elliptical turn has little else.
TOPICLESS = frozenset(
    """a about above again all also an and another any anything are as ask at be because been before
    better between but by can case cases change cheaper clearer compare compared concrete could
    detail did differ difference different do does doesn't during each else elaborate even ever
    every everything exactly example examples expand explain faster first former for formula from
    further get give go good had happen happens has have help how i if important in instead
    interview into is isn't it its just know last latter less like long longer make many me mean
    means method methods mistake mistakes more most much my need never no not number numbers of ok
    okay on one
    ones only or other others our out over pitfalls please point points practice problem pros cons
    quick quickly quiz real really reason right same say second see shorter should show simple
    simpler simply slower so some something step steps still such summarize tell than that that's
    the their them then there these they thing things think third this those though to too typical
    under understand up us use used using usually value values very was way we well were what
    what's when where which while who why will with without won't word words work works worse would
    yes you your brief dr eli5 hm hmm huh instance list look looks ok short sum summary tl
    tldr""".split()
)
OPENERS = re.compile(
    r"^\s*(and|but|so|or|then|also|ok(ay)?|what about|how about|why not|how so|really|"
    r"same for|what if|which (one|of))\b",
    re.IGNORECASE,
)
# "And beam search?" names another topic and stands alone; "and in beam search?" goes on.
ADDITION = re.compile(
    r"^\s*(?:(?:and|or|but|so|ok(?:ay)?|what about|how about|same for)[\s,]+)+"
    r"(?!(?:for|in|at|with|on|during|when|if|by|to|from|how|why|what|is|does|do|can|are|of|not|"
    r"after|before|without|under|then)\b)",
    re.IGNORECASE,
)
ADDED_WORDS = 4  # topic words up to which such a turn is a name and no sentence
WHY = re.compile(r"^\s*why\b", re.IGNORECASE)
WHY_WORDS = 1  # topic words up to which a "why" leans on what was said
POINTING_WORDS = 2  # and a turn that points back or begins with "and"
REFERENCES = re.compile(
    r"\b(it|its|that|this|they|them|their|those|these|ones|former|latter|both|either|neither|"
    # "one" points back where it stands for a thing, not where it counts: "only one token".
    r"(?:this|that|which|what|each|every|other|first|second|third|last|better|best) one|"
    r"one(?= (?:of|is|does|has|should|would|can|do|to|works|looks?|in)\b)|one(?=\W*$)|"
    r"the (first|second|third|last|other)|here|there)\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"\b(?:q|question)\s*(?:#|no\.?|number)?\s*(\d{1,2})\b", re.IGNORECASE)
# How a reply is wanted, not what about: left out of the search when a topic remains.
MANNER = re.compile(
    r"\b(?:(?:like|as if) i(?:'m| am| was) (?:a )?(?:five|5|child|beginner)(?: years? old)?|eli5|"
    r"in (?:simple|plain|layman's) (?:terms|words|english)|simply|intuitively|"
    r"(?:give|show) me (?:an?|another|some|the) (?:\w+ )?(?:examples?|analogy|formula) (?:of|for)|"
    r"with (?:an?|some) (?:\w+ )?(?:examples?|numbers)|"
    r"(?:in|for|during) (?:an?|my|the) (?:job )?interview|in (?:one|a) minute|"
    r"(?:please|can you|could you|quiz me on|explain|briefly|in short))\b",
    re.IGNORECASE,
)
# Said before a new topic: what was talked about no longer counts.
CHANGE = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|and|so|but|now|well|next|alright|let's|i have|one more)[\s,]+)*"
    r"(?:(?:on )?(?:to )?(?:an?|about an?)?\s*(?:something (?:else|different)|"
    r"(?:entirely |completely |totally )?(?:different|new|another|other|unrelated) "
    r"(?:thing|topic|question|subject|matter)|unrelated(?: question)?)|"
    r"(?:change|switch)(?:ing)?(?: of| the)? (?:topics?|subjects?)|mov(?:e|ing) on|"
    r"(?:forget|leave|leaving|put|putting|set|setting) [\w\s-]{1,30} "
    r"(?:aside|for a (?:moment|minute|second)|for now)|forget (?:that|it|about that)|"
    r"never ?mind(?: that)?|leave that)(?:[\s,.:;!-]+|$)",
    re.IGNORECASE,
)
# Goes back to an earlier turn, counted from the first.
RETURN = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|but|now|let's|let us|can we|i want to)[\s,]+)*"
    r"(?:(?:go |going |come |coming )?back|return|returning) to (?:the |your |my |our )?(?:very )?"
    r"(first|second|third|fourth|last|beginning|start|original|initial)\b"
    r"(?: (?:thing|topic|question|answer|point|subject|one|part|reply|you said|i asked))*"
    r"[\s,.:;!-]*",
    re.IGNORECASE,
)
# How a refusal begins; nothing in one says what the conversation is about.
NOT_COVERED = "The guide does not cover that, and I would rather not guess."
ORDINALS = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3, "last": -1}


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
        message = f"That message has {len(text):,} characters; up to {LONGEST_TURN:,} can be read."
        raise InputError(f"{message} Ask the question on its own.")
    return kept


def understand(
    turn: str, history: Sequence[Message] = (), titles: Mapping[int, str] | None = None
) -> Ask:
    """What a turn asks, given the turns before it (oldest first). Raises InputError like `clean`.

    `titles` are the guide's questions by number, for turns such as "Q12" or "question 12 please".

    >>> past = [Message("user", "What is LoRA?"), Message("assistant", "Two low-rank matrices.")]
    >>> understand("and why does it need less memory?", past).query.joined
    'What is LoRA? and why does it need less memory?'
    """
    text = clean(turn)
    intent = read_intent(text)
    history = history[-HISTORY_TURNS:]
    if (match := NUMBERED.search(text)) and (title := (titles or {}).get(int(match[1]))):
        rest = f"{text[: match.start()]} {text[match.end() :]}".strip()
        return Ask(text, Query(f"{title} {rest}" if topic_words(rest) else title), intent)
    spoken, history = returned(text, history)
    new = CHANGE.sub("", spoken)
    changed = new != spoken and bool(topic_words(new))
    subject = new if changed else spoken
    bare = " ".join(MANNER.sub(" ", subject).split())
    bare = bare if topic_words(bare) else subject
    if changed or not any(message.role == "user" for message in history):
        return Ask(text, Query(bare), intent)
    topic = " ".join(part for part in (topic_turn(history), referred(spoken, history)) if part)
    replies = [
        message.content
        for message in history
        if message.role == "assistant" and not message.content.startswith(NOT_COVERED)
    ]
    joined, reply = f"{topic} {bare}", replies[-1] if replies else ""
    continues = bool(OPENERS.match(bare)) and len(topic_words(bare)) <= POINTING_WORDS
    return Ask(text, Query(bare, joined, reply, leaning(bare), continues), intent)


def returned(text: str, history: Sequence[Message]) -> tuple[str, Sequence[Message]]:
    """A turn that goes back to an earlier one, without saying so, and the history up to there.

    >>> past = [Message("user", "What is LoRA?"), Message("assistant", "Two matrices."),
    ...         Message("user", "What is RAG?"), Message("assistant", "Retrieval first.")]
    >>> text, before = returned("back to the first thing. is it slower?", past)
    >>> text, before[-1].content
    ('is it slower?', 'Two matrices.')
    """
    match = RETURN.match(text)
    asked = [place for place, message in enumerate(history) if message.role == "user"]
    which = ORDINALS.get(match[1].lower(), 0) if match else 0
    if not match or not -len(asked) <= which < len(asked):
        return text, history
    place = asked[which]
    before = history[: place + 2]  # that turn and its reply
    rest = text[match.end() :].strip()
    return (rest, before) if rest.strip(" ?!.") else (history[place].content, before)


def leaning(text: str) -> int:
    """How much a turn leans on the conversation: 0 stands alone, 1 points back, 2 has no topic.

    >>> [leaning(t) for t in ("What is LoRA?", "is LoRA better than that?", "why?")]
    [0, 1, 2]
    """
    if not topic_words(text):
        return 2
    return 1 if is_elliptical(text) else 0


def is_elliptical(text: str) -> bool:
    """Whether a turn lacks a topic of its own.

    >>> [is_elliptical(t) for t in ("why?", "give me an example", "What is LoRA?")]
    [True, True, False]
    """
    own = topic_words(text)
    if not own:
        return True
    points = REFERENCES.search(text)
    if ADDITION.match(text) and not points and len(own) <= ADDED_WORDS:
        return False
    if OPENERS.match(text) or points:
        return len(own) <= POINTING_WORDS
    # A bare "why" asks about what was said; with a topic behind it, it is a question of its own.
    return bool(WHY.match(text)) and len(own) <= WHY_WORDS


def topic_words(text: str) -> list[str]:
    """The words of a turn that could be a topic."""
    return [w for w in re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower()) if w not in TOPICLESS]


def topic_turn(history: Sequence[Message]) -> str:
    """The last turn of the student's that stands alone, with the elliptical ones after it."""
    carried: list[str] = []
    for message in reversed(history):
        if message.role == "user":
            carried.insert(0, message.content[:LONGEST_TURN])
            if not is_elliptical(message.content[:LONGEST_TURN]):
                break
    # The turn that stands alone names the topic; of those after it only the last still matters.
    return " ".join(dict.fromkeys([carried[0], carried[-1]])) if carried else ""


def referred(text: str, history: Sequence[Message]) -> str:
    """What "the second one" names: that item of the tutor's last list or enumeration."""
    match = re.search(r"\b(first|former|second|latter|third|fourth|last)\b", text, re.IGNORECASE)
    replies = [m.content for m in history if m.role == "assistant"]
    if not match or not replies:
        return ""
    items = listed(replies[-1])
    place = ORDINALS[match[1].lower()]
    return items[place] if -len(items) <= place < len(items) else ""


def listed(reply: str) -> list[str]:
    """The items of a reply's list, or of its first "A, B and C"."""
    items = re.findall(r"^\s*(?:[-*]|\d+[.)])\s+(.+)$", reply, re.MULTILINE)
    if len(items) > 1:
        return items
    match = re.search(
        r"((?:[\w-]+ ){0,4}[\w-]+)((?:, (?:[\w-]+ ?){1,5})*),? (?:and|or) ((?:[\w-]+ ?){1,5})",
        reply,
    )
    if not match:
        return []
    middle = [part.strip() for part in match[2].split(",") if part.strip()]
    return [match[1].strip(), *middle, match[3].strip()]
