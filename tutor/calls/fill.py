"""Fills a calculation from a conversation, runs it, or says what is missing or impossible.

Every argument stands in the conversation, or is a default that the result names. What is said later
wins over what was said before, as long as the talk is of the same calculation.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tutor.calls.quantity import Span, numbers, spans, vectors
from tutor.calls.slots import SLOTS, Given, Impossible, Missing, read_value
from tutor.calls.table import CALLS
from tutor.calls.tagger import NONE, Tagged, Tagger
from tutor.calls.worked import Worked
from tutor.engine.generate import Message

Cut = Callable[[str], list[str]]  # a text to its tokens, as they are written

TURNS_BACK = 4
SURE = 0.6  # probability from which something is to be worked out
POSSIBLE = 0.55  # of a calculation, from which it is tried
AS_SURE = 0.15  # difference of two probabilities that says nothing
LIKELY = 0.35  # of a slot, below which a number is left alone
# Of every number of the turn, that it is what it was taken for: below, nothing is worked out, as a
# wrong number is worse than none.
CLEAR = 0.5
# Of what is kept of a distribution, what is asked now does not add to what was asked before.
FILTERS = frozenset({"top_k", "top_p", "min_p"})
# What is given of these begins a calculation anew: another list has nothing of the one before.
ANEW = frozenset({"probabilities", "scores", "eigenvalues", "matrix", "vector", "p"})


@dataclass(frozen=True)
class Computed:
    """A calculation that a turn wants: worked out, or the sentence that says why it is not."""

    call: str
    worked: Worked | None
    problem: str = ""
    chance: float = 1.0  # that it is what the turn wants

    @property
    def text(self) -> str:
        """What is said."""
        return self.worked.text if self.worked else self.problem

    @property
    def number(self) -> int:
        """The guide question behind it."""
        return CALLS[self.call].number


def compute(
    tagger: Tagger,
    turn: str,
    history: Sequence[Message] = (),
    tokenizers: Mapping[str, Cut] | None = None,
    by_itself: bool = False,
) -> Computed | None:
    """What the turn wants worked out; None if it wants no calculation.

    Of the calculations that it may want, the most probable that has all it needs. `by_itself` tells
    from the turn alone what is wanted, as after talk of something else; an argument that it leaves
    open is looked for in the talk before all the same. `tokenizers` cut a text into pieces, by
    name. Raises nothing: a missing or impossible argument is part of the result.
    """
    window = turns_of(turn, history)
    if not any(spans(text) for parts in window for text in parts):
        return None
    alone = [(turn, "", "")]
    found = []
    for call, chance in wanted(tagger.tag(alone if by_itself else window)[-1]):
        tagged = tagger.tag(window, call)
        if by_itself:
            tagged = [*tagged[:-1], *tagger.tag(alone, call)]
        if computed := filled(call, chance, tagged, window, tokenizers or {}):
            found.append(computed)
    return next((one for one in found if one.worked), found[0] if found else None)


def wanted(tagged: Tagged) -> list[tuple[str, float]]:
    """The calculations that a turn may want, the most probable first; none if it wants none."""
    if tagged.call == NONE or 1 - tagged.calls.get(NONE, 0.0) < SURE:
        return []
    found = [(call, chance) for call, chance in tagged.calls.items() if call in CALLS]
    return sorted((pair for pair in found if pair[1] >= POSSIBLE), key=lambda pair: -pair[1])


def filled(
    call: str,
    chance: float,
    tagged: Sequence[Tagged],
    window: Sequence[tuple[str, str, str]],
    tokenizers: Mapping[str, Cut],
) -> Computed | None:
    """One calculation from what the turns hold; None if they hold nothing for it, if it is not
    clear what a number of the turn is, or if the result was just given."""
    if any(sure < CLEAR for _, _, sure in tagged[-1].turn):
        return None
    values, problem = collected(call, tagged)
    if not values:
        return None
    if problem:
        return Computed(call, None, problem, chance)
    for text in values.get("text", ())[-1:]:
        values["cut"] = [(name, cut(text)) for name, cut in tokenizers.items()]
    try:
        worked = worked_out(call, values, tagged)
        repeated = any(worked.answer in reply for _, _, reply in window)
        return None if repeated else Computed(call, worked, chance=chance)
    except Missing as missing:
        text = f"To work that out I need {SLOTS[missing.slot].label}. What is it in your case?"
        return Computed(call, None, text, chance)
    except Impossible as error:
        return Computed(call, None, str(error), chance)
    except (OverflowError, ZeroDivisionError):
        text = "With these numbers nothing sensible comes out; check them."
        return Computed(call, None, text, chance)


def worked_out(call: str, values: dict[str, list[Any]], tagged: Sequence[Tagged]) -> Worked:
    """The result; what is missing is taken from earlier talk, if it was named there for something
    else. Raises Missing or Impossible."""
    while True:
        try:
            return CALLS[call].works(Given(values))
        except Missing as missing:
            found = mentioned(missing.slot, tagged)
            if missing.slot in values or not found:
                raise
            values[missing.slot] = found


def mentioned(slot: str, tagged: Sequence[Tagged]) -> list[Any]:
    """The value that an argument had last, whatever was worked out with it; none if it had none."""
    for one in reversed(tagged):
        for text in (text for side in (one.turn, one.before) for text in slotted(side, slot)):
            try:
                return [read_value(slot, text)]
            except (Impossible, ValueError):
                continue
    return []


def slotted(tagged: Sequence[tuple[Span, str, float]], slot: str) -> list[str]:
    """The texts of one slot, the last first."""
    return [text for _, text, _ in reversed(list(pieces(tagged, {slot})))]


def turns_of(turn: str, history: Sequence[Message]) -> list[tuple[str, str, str]]:
    """The last learner's turns, oldest first, each with the turn and the reply before it."""
    texts: list[tuple[str, str]] = []  # (learner, reply)
    for message in history:
        if message.role == "user":
            texts.append((message.content, ""))
        elif message.role == "assistant" and texts:
            texts[-1] = (texts[-1][0], message.content)
    texts = [("", ""), *texts, (turn, "")][-TURNS_BACK - 1 :]
    return [(now[0], before[0], before[1]) for before, now in pairwise(texts)]


def collected(call: str, tagged: Sequence[Tagged]) -> tuple[dict[str, list[Any]], str]:
    """The values of a call's arguments, and a sentence if one of them is impossible.

    Earlier turns count as far back as they are of the same calculation, or were asked about it.
    """
    takes = set(CALLS[call].takes)
    first = len(tagged) - 1
    while first > 0 and tagged[first - 1].call == call:
        first -= 1
    values: dict[str, list[Any]] = defaultdict(list)
    problem = ""
    for place in range(first, len(tagged)):
        for side in (tagged[place].before, tagged[place].turn):
            fresh: dict[str, list[tuple[float, Any]]] = defaultdict(list)
            # What was said before the first turn was not read yet; before the others it was, and
            # a second look only finds what is still missing.
            again = side is tagged[place].before and place > first
            for slot, text, chance in pieces(side, takes - values.keys() if again else takes):
                try:
                    value = read_value(slot, text)
                except Impossible as error:
                    problem = str(error)
                except ValueError:
                    continue  # not what this argument can be, such as half a layer
                else:
                    fresh[slot].append((chance, value))
            if ANEW & fresh.keys() and side is tagged[place].turn:
                values = defaultdict(list)
            if FILTERS & fresh.keys() and side is tagged[place].turn:
                values = defaultdict(list, {s: v for s, v in values.items() if s not in FILTERS})
            for slot, found in fresh.items():
                most = max(chance for chance, _ in found)
                # Of two that are as sure, the later: "linear warmup, then a cosine", "no, 32".
                surest = [value for chance, value in found if chance >= most - AS_SURE][-1:]
                values[slot] = (
                    [value for _, value in found] if slot in CALLS[call].several else surest
                )
    return dict(values), problem


def pieces(
    tagged: Sequence[tuple[Span, str, float]], takes: Collection[str]
) -> Iterator[tuple[str, str, float]]:
    """Slots of one text with what stands there and how sure that is; numbers of one list that
    follow each other, such as "2, 1 and 0.1", as a list."""
    found: list[tuple[str, list[str], float]] = []
    open_list = False
    for span, slot, chance in tagged:
        if slot not in takes or chance < LIKELY:
            open_list = False
            continue
        single = SLOTS[slot].reads in (numbers, vectors) and not span.text.startswith(("[", "("))
        if single and open_list and found[-1][0] == slot:
            found[-1][1].append(span.text)
        else:
            found.append((slot, [span.text], chance))
        open_list = single
    for slot, texts, chance in found:
        yield slot, ", ".join(texts), chance
