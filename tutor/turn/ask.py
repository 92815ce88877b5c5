"""A turn, understood: what was typed, what it is, what is searched for."""

from dataclasses import dataclass

from tutor.engine.generate import Message
from tutor.turn.kinds import ASKING, LEFT_OUT, TALK, Kind
from tutor.turn.reader import Reading
from tutor.turn.wish import About, Wish


@dataclass(frozen=True)
class Ask:
    """One turn, understood.

    `text` is the turn as typed and cleaned, `kinds` what it is, the most probable first, `words`
    what is looked for by words: the text, or a guide question's title in place of its number,
    `before` the messages that it follows, oldest first, and `wish` what it wishes of the form of an
    answer, if that is certain.
    """

    text: str
    words: str
    reading: Reading
    kinds: tuple[Kind, ...]
    before: tuple[Message, ...] = ()
    wish: Wish | None = None

    @property
    def alone(self) -> bool:
        """Whether nothing was said before it."""
        return not self.before

    @property
    def kind(self) -> Kind:
        """What the reply has to do: the first kind that is more than small talk, if any is."""
        return next((kind for kind in self.kinds if kind not in TALK), self.kinds[0])

    @property
    def talks(self) -> Kind | None:
        """The small talk that comes with it, if any."""
        return next((kind for kind in self.kinds if kind in TALK), None)

    @property
    def asks(self) -> bool:
        """Whether something is asked of the guide's matter, whether it is there or not; a wish that
        names its own matter ("rotary embeddings in one line") may be read as a question, too."""
        named = self.wish is not None and self.wish.about is About.NAMED
        kinds = self.reading.kinds
        read = max(kinds, key=lambda kind: kinds[kind]) if named and kinds else self.kind
        return read in ASKING | LEFT_OUT
