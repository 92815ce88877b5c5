"""What turns a statement around: negations, directions, numbers, quantities, and who does what.

Each check compares what a sentence says with a guide sentence that shares most of its words, and
returns the reason why the guide does not say it, or an empty string. The checks know words and
their order, no grammar, and are meant to object too often rather than too seldom.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tutor.statement import Statement, Vocabulary, Word
from tutor.wording import ALL, AXES, FEW, PARTNERED, PREFIXES, QUANTITIES, STRICT

NEIGHBORS = 3  # content words on either side that say where a word stands
TOLD = 0.6  # share of a guide clause that a sentence must repeat to be held to its negation


def opposite(said: Statement, known: Statement, chapter: Vocabulary) -> str:
    """Why the sentence says the opposite of the guide's: another number, negation or direction."""
    return (
        other_number(said, known) or negated(said, known, chapter) or directed(said, known, chapter)
    )


def unsaid(said: Statement, known: Statement, chapter: Vocabulary, context: frozenset[str]) -> str:
    """Why the guide's words, although the same, do not say what the sentence says.

    `context` are the words of the question that the guide sentence answers.
    """
    return (
        missing(said, known, chapter.topic, context)
        or misplaced_number(said, known, chapter)
        or negated(said, known, chapter, strictly=True)
        or directed(said, known, chapter)
        or crossed(said, known, chapter)
        or exchanged(said, known)
        or renamed(said, known, chapter)
        or compared(said, known)
        or mixed(said, known)
    )


def missing(
    said: Statement, known: Statement, topic: frozenset[str], context: frozenset[str]
) -> str:
    """A number, quantity, absolute or name that the guide does not have there."""
    total = any(word.text in ALL for word in known.words)
    for i, word in enumerate(said.words):
        if word.key in known.keys:
            continue
        only_few = word.text == "only" and {w.text for w in said.words[i + 1 : i + 2]} & FEW
        if (
            word.numeric
            or word.text in QUANTITIES
            or (word.text in ALL and not total)
            or (word.text in STRICT and not only_few)
            or (word.name and word.key not in topic | context)
            or (word.text in PARTNERED and (word.key not in topic or partner_of(word, known)))
        ):
            return f"'{word.text}' is not said there"
    return ""


def partner_of(word: Word, known: Statement) -> bool:
    """Whether the guide's sentence has the opposite of a word."""
    axes = AXES[word.text]
    return any(has(other, axis, -sign) for other in known.words for axis, sign in axes)


def misplaced_number(said: Statement, known: Statement, chapter: Vocabulary) -> str:
    """A number that stands beside other words in the guide, or where the guide has another one."""
    for i, word in enumerate(said.words):
        spots = [j for j, other in enumerate(known.words) if other.key == word.key]
        if not word.numeric or not spots:
            continue
        near = beside_number(said.words, i, NEIGHBORS)
        if near and not any(near & beside_number(known.words, j, NEIGHBORS + 1) for j in spots):
            return f"{word.text} belongs to something else"
        clause = aligned(word.clause, said, known, chapter)
        there = {other.key for other in known.words if other.clause == clause and other.numeric}
        if there - said.keys and word.key not in there:
            return f"{word.text} belongs to something else"
    return ""


def other_number(said: Statement, known: Statement) -> str:
    """A number in whose place the guide has another one."""
    others = [
        (other, beside_number(known.words, j, NEIGHBORS - 1))
        for j, other in enumerate(known.words)
        if other.numeric and other.key not in said.keys
    ]
    for i, word in enumerate(said.words):
        if word.numeric and word.key not in known.keys:
            near = beside_number(said.words, i, NEIGHBORS - 1)
            for other, there in others:
                if near & there:
                    return f"{word.text} against the guide's {other.text}"
    return ""


def beside(words: Sequence[Word], i: int, reach: int = NEIGHBORS) -> frozenset[str]:
    """The keys up to `reach` words beside a word, in its clause."""
    word, near = words[i], words[max(0, i - reach) : i + reach + 1]
    return frozenset(w.key for w in near if w.clause == word.clause and w.key != word.key)


def beside_number(words: Sequence[Word], i: int, reach: int) -> frozenset[str]:
    """The keys beside a number that tell what is counted: neither numbers nor single letters."""
    return frozenset(key for key in beside(words, i, reach) if len(key) > 1 and key[0].isalpha())


def negated(said: Statement, known: Statement, chapter: Vocabulary, strictly: bool = False) -> str:
    """A negation in one of the two that the other does not share.

    Without `strictly` a negation is held against the sentence only if the guide's sentence has the
    very word that it negates; otherwise the two may say the same in other words.
    """
    for scope in scopes(said):
        shared = [word for word in scope if word.key in known.keys]
        alone = not shared and not any(word.negated for word in known.words)
        turned = shared and free(shared, known) and not partly_free(shared, said)
        if (turned and scope[0].key in known.keys) or (strictly and (turned or alone)):
            return f"the guide does not negate '{scope[0].text}'"
    for scope in scopes(known):
        shared = [word for word in scope if word.key in said.keys]
        if shared and free(shared, said) and not partly_free(shared, known):
            clause = {word.key for word in known.words if word.clause == scope[0].clause}
            told = chapter.weight(clause & said.keys) >= TOLD * chapter.weight(clause)
            if told or scope[0].key in said.keys:
                return f"the guide negates '{shared[0].text}'"
    return ""


def scopes(statement: Statement) -> Iterator[list[Word]]:
    """The words that each negation reaches, its head first."""
    scope: list[Word] = []
    for word in statement.words:
        if word.negated != 1 and scope:
            yield scope
            scope = []
        if word.negated:
            scope.append(word)
    if scope:
        yield scope


def free(words: Sequence[Word], statement: Statement) -> bool:
    """Whether none of these words is ever negated in a statement."""
    negated_keys = {word.key for word in statement.words if word.negated}
    return not any(word.key in negated_keys for word in words)


def partly_free(words: Sequence[Word], statement: Statement) -> bool:
    """Whether each of these words also stands in a statement without a negation."""
    keys = {word.key for word in statement.words if not word.negated}
    return all(word.key in keys for word in words)


def directed(said: Statement, known: Statement, chapter: Vocabulary) -> str:
    """A word of direction in whose place the guide has its opposite."""
    new = {word.text for word in said.words if word.key not in known.keys}
    left = {word.text for word in known.words if word.key not in said.keys}
    for prefix in PREFIXES:
        for one, other in ((new, left), (left, new)):
            if prefixed := {prefix + text for text in one} & other:
                return f"'{min(prefixed)}' in one of the two only"
    for i, word in enumerate(said.words):
        for axis, sign in AXES.get(word.text, ()):
            turned = [j for j, other in enumerate(known.words) if has(other, axis, -sign)]
            place = opposed_at(said, i, known, turned, (axis, sign), chapter) if turned else None
            if place is not None:
                return f"'{word.text}' against the guide's '{known.words[place].text}'"
    return ""


def has(word: Word, axis: int, sign: int) -> bool:
    """Whether a word points this way on an axis."""
    return (axis, sign) in AXES.get(word.text, ())


def opposed_at(
    said: Statement,
    i: int,
    known: Statement,
    turned: Sequence[int],
    direction: tuple[int, int],
    chapter: Vocabulary,
) -> int | None:
    """Where in the guide's sentence an opposite takes the place of the sentence's word `i`."""
    word, near = said.words[i], beside(said.words, i)
    clause = aligned(word.clause, said, known, chapter)
    if word.key in known.keys:
        same = [j for j, other in enumerate(known.words) if other.key == word.key]
        if any(near & beside(known.words, j) or known.words[j].clause == clause for j in same):
            return None
        return next((j for j in turned if near & beside(known.words, j)), None)
    clauses = {other.clause for other in known.words if has(other, *direction)}
    for j in turned:
        there = beside(known.words, j)
        if known.words[j].key in said.keys:
            continue
        if not clauses and (near & there or not (near or there)):
            return j
        if known.words[j].clause == clause and clause not in clauses:
            return j
    return None


def aligned(clause: int, said: Statement, known: Statement, chapter: Vocabulary) -> int | None:
    """The guide's clause that shares most with a clause of the sentence."""
    keys = {word.key for word in said.words if word.clause == clause}
    shared: defaultdict[int, float] = defaultdict(float)
    for of, key in sorted({(word.clause, word.key) for word in known.words if word.key in keys}):
        shared[of] += chapter.weight([key])
    return max(shared, key=shared.__getitem__, default=None)


def single_places(known: Statement) -> dict[str, int]:
    """The clause of every word that stands in one clause only."""
    places: defaultdict[str, set[int]] = defaultdict(set)
    for word in known.words:
        places[word.key].add(word.clause)
    return {key: min(clauses) for key, clauses in places.items() if len(clauses) == 1}


def crossed(said: Statement, known: Statement, chapter: Vocabulary) -> str:
    """Two clauses of which each has taken something from the other's counterpart in the guide."""
    place = single_places(known)
    taken: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for clause, key in sorted({(w.clause, w.key) for w in said.words if w.key in place}):
        taken[clause][place[key]] += chapter.weight([key])
    best = {clause: max(weights, key=weights.__getitem__) for clause, weights in taken.items()}
    for one, of_one in best.items():
        for other, of_other in best.items():
            if of_one != of_other and of_other in taken[one] and of_one in taken[other]:
                return "two clauses have exchanged their parts"
    return ""


def exchanged(said: Statement, known: Statement) -> str:
    """Two words that have changed places: "A needs a third of B's" for "B needs a third of A's"."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(word for word in known.words if word.key in said.keys):
        places[word.key].append(place)

    def follows(one: str, other: str) -> bool:
        return any(1 <= q - p <= 2 for p in places[one] for q in places[other])

    shared = [word for word in said.words if word.key in places]
    apart = [
        (one.key, other.key)
        for one, other in pairwise(shared)
        if one.clause == other.clause and one.key != other.key and not follows(one.key, other.key)
    ]
    for i, (one, two) in enumerate(apart):
        for three, four in apart[i + 1 :]:
            if len({one, two, three, four}) == 4 and follows(one, four) and follows(three, two):
                return f"'{two}' and '{four}' have changed places"
    return ""


def renamed(said: Statement, known: Statement, chapter: Vocabulary) -> str:
    """A clause that begins with the first word of another clause of the guide's sentence."""
    firsts = first_keys(known)
    for clause, first in first_keys(said).items():
        of = aligned(clause, said, known, chapter)
        if of is None or first not in firsts.values() or firsts[of] in said.keys:
            continue
        if all(word.key != first for word in known.words if word.clause == of):
            return f"the guide says this of '{firsts[of]}', not of '{first}'"
    return ""


def first_keys(statement: Statement) -> dict[int, str]:
    """The first word of every clause."""
    return {word.clause: word.key for word in reversed(statement.words)}


def compared(said: Statement, known: Statement) -> str:
    """A comparison of which one side, after "than", stands on the other side in the guide."""
    after = {word.key for word in said.words if word.compared}
    there = {word.key for word in known.words if word.compared}
    changed = not after & there or (there - after) & said.keys
    if there and changed and (after - there) & known.keys:
        return "the sides of the comparison have changed"
    return ""


def mixed(said: Statement, known: Statement) -> str:
    """One part made of two that the guide sets against each other with "but" or "while"."""
    place = single_places(known)
    contrasts = {word.clause for word in known.words if word.contrast}
    for part in {word.part for word in said.words}:
        of = {place[word.key] for word in said.words if word.part == part and word.key in place}
        if any(clause in contrasts and clause - 1 in of for clause in of):
            return "the guide sets these against each other"
    return ""
