"""A turn, understood: what was typed, what is searched for, what kind of reply is wanted."""

from dataclasses import dataclass

from tutor.turn.intent import Intent


@dataclass(frozen=True)
class Query:
    """What is searched for. Without a conversation `text` is all there is.

    `joined` is the text with the topic it continues, `reply` the tutor's last one. `leaning` says
    how much the text depends on them: 0 stands alone, 1 points back, 2 has no topic of its own.
    One that `continues` ("and in training?") is covered if what it goes on from is.
    """

    text: str
    joined: str = ""
    reply: str = ""
    leaning: int = 0
    continues: bool = False


@dataclass(frozen=True)
class Ask:
    """One turn, understood: `text` as typed and cleaned, `query` as searched for."""

    text: str
    query: Query
    intent: Intent
