"""Visitors who come to one page at once, over HTTP: what is written waits for nobody, and whoever
leaves gives the place in the model's line up."""

import asyncio
import socket
import time

import pytest

from tests.bench.load import Visit, follow
from tests.integration.visiting import LIMIT, visiting
from tutor.engine.generate import ScriptedEngine, Usage, Waiting
from tutor.engine.line import Line
from tutor.engine.llama_index import EngineLLM, Sampling
from tutor.reply.tutor import Tutor
from tutor.web.loading import Loading, Status
from tutor.web.page import build_page
from tutor.web.serve import launch_options

ASKED = "Why is the nucleus used?"
ROOM = 3  # who may wait, beside the one who is answered


class Busy(ScriptedEngine):
    """Answers one after the other, each for as long as it is not told to go on."""

    def __init__(self):
        super().__init__(["In practice the nucleus holds forty tokens."])
        self.line = Line(1, ROOM)
        self.released = False

    def stream(self, messages, sampling, stopped=None):
        with self.line.join() as place:
            while not place.wait(0.1):
                yield Waiting(place.before)
            while not self.released:
                time.sleep(0.05)
                yield ""
            yield self.lines[0]
            yield Usage()

    def standing(self) -> int:
        """How many are answered or wait."""
        with self.line.join(always=True) as place:
            return place.before


class Held(Loading):
    """Loaded, with a tutor that the test gives."""

    def __init__(self, settings, tutor):
        super().__init__(settings)
        self._tutor = tutor
        self._status = Status("Answering", searchable=True, ready=True)


@pytest.fixture
def engine():
    return Busy()


@pytest.fixture
def address(engine, guide, retriever, settings):
    tutor = Tutor(guide, retriever, EngineLLM(engine, 2048, Sampling()), "busy")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = settings.model_copy(update={"port": port})
    page = build_page(Held(settings, tutor), guide).queue()
    page.launch(**launch_options(settings), prevent_thread_lock=True)
    yield f"http://127.0.0.1:{port}"
    engine.released = True
    page.close()


class Crowd:
    """Visitors who have asked; what each has seen so far."""

    def __init__(self, server, count):
        self.seen = [Visit() for _ in range(count)]
        self.tasks = [asyncio.create_task(follow(server, ASKED, seen)) for seen in self.seen]

    async def leave(self, number):
        """As a closed tab does."""
        self.tasks[number].cancel()
        await asyncio.gather(self.tasks[number], return_exceptions=True)


async def until(true):
    """Wait until something is so."""
    deadline = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def test_what_is_written_waits_for_nobody_and_who_has_no_room_is_told(address, engine):
    async def story(server):
        crowd = Crowd(server, 12)
        await until(lambda: all(seen.written for seen in crowd.seen))
        await until(lambda: sum(seen.whole is not None for seen in crowd.seen) == 12 - 1 - ROOM)
        assert all(seen.full for seen in crowd.seen if seen.whole)
        assert engine.standing() == 1 + ROOM
        engine.released = True
        await asyncio.wait_for(asyncio.gather(*crowd.tasks), LIMIT)
        assert sum(seen.model is not None for seen in crowd.seen) == 1 + ROOM
        assert sum(seen.full for seen in crowd.seen) == 12 - 1 - ROOM

    visiting(address, story)


def test_who_closes_the_page_gives_the_place_up(address, engine):
    async def story(server):
        crowd = Crowd(server, 3)
        await until(lambda: all(seen.written for seen in crowd.seen) and engine.standing() == 3)
        await crowd.leave(0)
        await until(lambda: engine.standing() == 2)
        await crowd.leave(1)
        await until(lambda: engine.standing() == 1)
        engine.released = True
        await asyncio.wait_for(crowd.tasks[2], LIMIT)
        assert crowd.seen[2].model is not None
        assert engine.standing() == 0

    visiting(address, story)
