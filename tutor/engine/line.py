"""Who may use a model now, and who comes next: a line with as many places as the model serves.

Python's locks are not fair, and say nothing of who waits. In this line everybody knows their place,
whoever leaves it gives it up at once, and where there is no room left that is said at once.

>>> line = Line(places=1, room=1)
>>> first, second = line.join(), line.join()
>>> first.wait(0), second.wait(0), second.before
(True, False, 1)
>>> first.leave()
>>> second.wait(0)
True
"""

import threading

from tutor.errors import BusyError

FULL = "The model has no room for one more visitor. Ask again in a minute."
STOPPING = "The model is being stopped. Ask again in a minute."


class Line:
    """At most `places` are served at once, at most `room` wait; the others in order of arrival."""

    def __init__(self, places: int, room: int):
        """Both are counts of callers, 1 or more."""
        self.places = places
        self.room = room
        self._order: list[Place] = []  # those who are served, then those who wait
        self._closed = False
        self.changed = threading.Condition()

    def join(self, always: bool = False) -> "Place":
        """A place at the end, to be left. BusyError if nobody else may wait, unless `always`."""
        with self.changed:
            if self._closed:
                raise BusyError(STOPPING)
            if len(self._order) >= self.places + self.room and not always:
                raise BusyError(FULL)
            place = Place(self)
            self._order.append(place)
            return place

    def leave(self, place: "Place") -> None:
        """Give a place up, whether it was served or not; once more does nothing."""
        with self.changed:
            if place in self._order:
                self._order.remove(place)
                self.changed.notify_all()

    def serves(self, place: "Place") -> bool:
        """Whether a place is among those that are served. BusyError if it never will be."""
        if self.before(place) < self.places:
            return True
        if self._closed:
            raise BusyError(STOPPING)
        return False

    def before(self, place: "Place") -> int:
        """How many are served or wait before a place."""
        return self._order.index(place)

    def close(self, seconds: float) -> None:
        """Send away whoever waits, and let those who are served end, for at most so long."""
        with self.changed:
            self._closed = True
            self.changed.notify_all()
            self.changed.wait_for(lambda: not self._order, seconds)


class Place:
    """One caller's place in a line. As a context it is left at the end."""

    def __init__(self, line: Line):
        """Made by `Line.join`."""
        self._line = line

    @property
    def before(self) -> int:
        """How many have to be done before this one is served; 0 if it is, or may be next."""
        with self._line.changed:
            return max(0, self._line.before(self) - self._line.places + 1)

    def wait(self, seconds: float) -> bool:
        """Whether it is one's turn, looked at for at most so long; BusyError if it never will."""
        with self._line.changed:
            return self._line.changed.wait_for(lambda: self._line.serves(self), seconds)

    def leave(self) -> None:
        """Give it up."""
        self._line.leave(self)

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
