"""Turns of the test conversations: does the tutor do what they ask for, about the right topic?

A turn fits if the reply's plan is one of those that its labels want and its topic is one of theirs.
Kinds that get the same sort of reply are one plan: a question, a case and something to compute are
all answered with a passage, and both sorts of what the guide leaves out are refused.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.conversations import TEST, Turn, read_conversations
from training.examples import history_of
from tutor.reply.tutor import Tutor
from tutor.turn.kinds import ASKING, LEFT_OUT, TALK, Kind

FEWEST = 30  # turns of a kind from which its own share is reported


@dataclass(frozen=True)
class Outcome:
    """A turn with what the tutor made of it."""

    turn: Turn
    plan: str
    topics: tuple[int, ...]
    refused: bool
    ms: float

    @property
    def wanted(self) -> set[int]:
        """The guide questions that answer the turn; none for small talk."""
        return {number for number, _ in self.turn.passages}

    @property
    def found(self) -> bool:
        """Whether the first topic is right, where one is wanted."""
        return not self.wanted or bool(set(self.topics[:1]) & self.wanted)

    @property
    def fits(self) -> bool:
        """Whether plan and topic are right."""
        return self.found and self.plan in {plan_of(kind) for kind in self.turn.kinds}


def plan_of(kind: Kind) -> str:
    """What a turn of a kind wants done."""
    if kind in LEFT_OUT:
        return "refuse"
    if kind in TALK:
        return "talk"
    return "explain" if kind in ASKING - {Kind.CLAIM, Kind.CODE} else kind.value


def outcomes(tutor: Tutor) -> Iterator[Outcome]:
    """Every turn of the test conversations, answered without the model."""
    for conversation in read_conversations(TEST):
        for place, turn in enumerate(conversation.turns):
            history = history_of(conversation.turns[:place])
            reply = tutor.look_up(tutor.understand(turn.learner, history), history)
            refused = reply.lead.refused
            topics = reply.evidence.topics if reply.evidence else ()
            plan = "refuse" if refused else plan_of(reply.ask.kind)
            yield Outcome(turn, plan, topics, refused, reply.timings.evidence_ms)


def figures_of(seen: Sequence[Outcome]) -> dict[str, float]:
    """Shares over all turns and over those of each kind that is frequent enough."""
    asked = [o for o in seen if o.wanted]
    left_out = {kind: [o for o in seen if kind in o.turn.kinds] for kind in sorted(LEFT_OUT)}
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for outcome in seen:
        by_kind[outcome.turn.kinds[0].value].append(outcome.fits)
    return {
        "turns that fit": share([o.fits for o in seen]),
        "turn hit@1": share([o.found for o in asked]),
        "turn hit@3": share([bool(set(o.topics[:3]) & o.wanted) for o in asked]),
        "turns falsely refused": share([o.refused for o in asked]),
        **{f"turns refused, {k}": share([o.refused for o in rows]) for k, rows in left_out.items()},
        **{
            f"turns that fit, {kind}": share(hits)
            for kind, hits in sorted(by_kind.items(), key=lambda item: -len(item[1]))
            if len(hits) >= FEWEST
        },
    }


def share(values: Sequence[bool]) -> float:
    """The mean of booleans, rounded for printing; 0 for none."""
    return round(sum(values) / len(values), 3) if values else 0.0
