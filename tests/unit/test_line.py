"""The line before a model: order, places, room, and those who leave it."""

import threading

import pytest

from tutor.engine.line import FULL, STOPPING, Line
from tutor.errors import BusyError


def test_who_leaves_gives_the_place_up_at_once():
    line = Line(places=1, room=5)
    served, gone, last = line.join(), line.join(), line.join()
    assert [place.before for place in (served, gone, last)] == [0, 1, 2]
    gone.leave()
    assert last.before == 1
    assert not last.wait(0)
    served.leave()
    assert last.wait(0)


def test_several_are_served_at_once():
    line = Line(places=2, room=5)
    first, second, third = line.join(), line.join(), line.join()
    assert [place.wait(0) for place in (first, second, third)] == [True, True, False]
    assert third.before == 1
    second.leave()
    assert third.wait(0)


def test_turns_come_in_the_order_of_arrival():
    line, order = Line(places=1, room=9), []
    places = [line.join() for _ in range(5)]

    def take(number):
        with places[number] as place:
            assert place.wait(10)
            order.append(number)

    threads = [threading.Thread(target=take, args=[number]) for number in reversed(range(5))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert order == [0, 1, 2, 3, 4]


def test_beyond_the_room_it_is_said_at_once_but_not_to_those_always_let_in():
    line = Line(places=1, room=1)
    line.join()
    waiting = line.join()
    with pytest.raises(BusyError, match=FULL):
        line.join()
    assert line.join(always=True).before == 2
    waiting.leave()
    with pytest.raises(BusyError, match=FULL):
        line.join()


def test_a_place_is_left_also_by_an_error_and_only_once():
    line = Line(places=1, room=1)
    with pytest.raises(ValueError, match="defect"), line.join():
        raise ValueError("defect")
    place = line.join()
    assert place.wait(0)
    place.leave()
    place.leave()
    assert line.join().wait(0)


def test_when_it_closes_who_waits_is_sent_away_and_who_is_served_ends():
    line = Line(places=1, room=5)
    served, waiting = line.join(), line.join()
    told = []

    def wait():
        try:
            waiting.wait(10)
        except BusyError as error:
            told.append(str(error))
            waiting.leave()
            served.leave()

    thread = threading.Thread(target=wait)
    thread.start()
    line.close(10)
    thread.join(10)
    assert told == [STOPPING]
    with pytest.raises(BusyError, match=STOPPING):
        line.join()
