"""The reply to two questions in one message: an answer to each, if both are found for certain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.engine.generate import Message
from tutor.reply.lead import Lead
from tutor.search.retrieve import Evidence
from tutor.turn.ask import Ask
from tutor.turn.kinds import Kind
from tutor.turn.parts import parts_of

# How near an answer's question has to be to a part: by half a message one is easily misled.
CERTAIN = 0.56
AS_ONE = 0.8  # probability from which a written answer is taken to answer the message as it is
ASKED = {Kind.QUESTION, Kind.CASE, Kind.COMPUTE}


@dataclass(frozen=True)
class Found:
    """A turn, or a part of one, with what was found for it and the lead that was chosen."""

    ask: Ask
    evidence: Evidence
    lead: Lead

    @property
    def near(self) -> float:
        """How near the turn is to what the lead answers, 0 to 1; 1 for what was worked out."""
        if not self.lead.chunks:
            return float(bool(self.lead.quotes))
        offered = (*self.evidence.passages, *self.evidence.written)
        return max((p.near for p in offered if p.chunk == self.lead.chunks[0]), default=0.0)


def both_lead(
    whole: Found, history: Sequence[Message], find: Callable[[str, Sequence[Message]], Found]
) -> Lead | None:
    """One lead for both questions of a message; None if it has one, or if one is not found.

    `find` looks for a text after the messages before it: the second question follows the first.
    """
    parts = parts_of(whole.ask.text)
    written = max((p.answers for p in whole.evidence.written), default=0.0)
    if len(parts) == 1 or whole.ask.kind not in ASKED or written >= AS_ONE:
        return None
    first = find(parts[0], history)
    said = [Message("user", parts[0]), Message("assistant", first.lead.text)]
    second = find(parts[1], [*history, *said])
    leads = [first.lead, second.lead]
    if any(found.ask.kind not in ASKED or found.near < CERTAIN for found in (first, second)):
        return None
    if leads[0].text == leads[1].text:
        return None
    return Lead(
        "\n\n".join(lead.text for lead in leads),
        tuple(dict.fromkeys(chunk for lead in leads for chunk in lead.chunks)),
        quotes=tuple(quote for lead in leads for quote in lead.quotes),
    )
