"""Hours of visitors: python -m tests.bench.soak --minutes 120

A few visitors at a time hold conversations of tests/eval with the page over HTTP, run demos with
what their inputs begin with, and some close the page in mid-answer. Once a minute the server's
resident memory is printed, and what was lost as soon as it is. At the end: what was asked, answered
and left, how much the memory grew since SETTLED minutes, and the first traceback of the server's
log. The exit status is 1 if memory grew by more than GROWTH, a reply was lost, or something was
raised.
"""

import argparse
import asyncio
import contextlib
import json
import random
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.bench.load import Server, Visit, events_of, follow
from tests.bench.run import resident
from tests.bench.served import call, served, wait
from tests.eval.sets import FOLDER

SETTLED = 15  # minutes after which caches, models of the demos and allocators have settled
GROWTH = 0.05
LEAVES = 0.2  # share of the visitors who close the page in mid-answer
LIMIT = 180.0  # seconds for a reply or a demo
PLAIN = {"textbox", "number", "slider", "radio", "dropdown", "checkbox", "checkboxgroup", "state"}
LONG = "Traceback (most recent call last)"


@dataclass
class Tally:
    """What happened so far."""

    answered: int = 0
    left: int = 0
    demos: int = 0
    lost: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MiB, one a minute

    def lose(self, what: str) -> None:
        """Count and say what was lost, at once: a soak that is ended early has said it."""
        self.lost.append(what)
        print(f"lost: {what}", flush=True)


@dataclass(frozen=True)
class Press:
    """A demo's button: the number of its event, and what its inputs begin with."""

    event: int
    data: tuple[Any, ...]


def conversations() -> list[list[str]]:
    """What the learners of tests/eval say, conversation by conversation."""
    lines = (FOLDER / "talks.jsonl").read_text(encoding="utf-8").splitlines()
    return [[turn["learner"] for turn in json.loads(line)["turns"]] for line in lines]


def presses(config: dict[str, Any]) -> list[Press]:
    """Every button of the Lab whose inputs are plain values."""
    parts = {one["id"]: one for one in config["components"]}
    lab = set(config["page"]["lab"]["dependencies"])
    found = []
    for event in config["dependencies"]:
        inputs = [parts[number] for number in event["inputs"]]
        clicked = event["queue"] and any(name == "click" for _, name in event["targets"])
        plain = bool(inputs) and all(one["type"] in PLAIN for one in inputs)
        if event["id"] in lab and clicked and plain:
            found.append(Press(event["id"], tuple(one["props"].get("value") for one in inputs)))
    return found


async def press(server: Server, one: Press) -> None:
    """Run a demo to its end. Raises RuntimeError with what went wrong."""
    session = secrets.token_hex(6)
    body = {"data": list(one.data), "fn_index": one.event, "session_hash": session}
    (await server.client.post("queue/join", json=body)).raise_for_status()
    place = {"session_hash": session}
    async with server.client.stream("GET", "queue/data", params=place) as stream:
        async for line in stream.aiter_lines():
            event = json.loads(line[5:]) if line.startswith("data:") else {"msg": ""}
            if event["msg"] == "process_completed":
                if not event["success"]:
                    raise RuntimeError(str(event["output"].get("error")))
                return
    raise RuntimeError("the stream ended before the demo")


async def visitor(
    server: Server, buttons: Sequence[Press], dice: random.Random, until: float, tally: Tally
) -> None:
    """One visitor after another: a conversation each, a demo, or a page closed in mid-answer."""
    talks = conversations()
    while time.monotonic() < until:
        chat: list[Any] = []
        for question in dice.choice(talks):
            if time.monotonic() >= until:
                return
            leaves = dice.random() < LEAVES
            patience = dice.uniform(0.2, 3.0) if leaves else LIMIT
            try:
                async with asyncio.timeout(patience):
                    chat = await follow(server, question, Visit(), chat)
                tally.answered += 1
            except TimeoutError:
                if leaves:
                    tally.left += 1
                    break
                tally.lose(f"no end within {LIMIT:.0f} s: {question[:60]}")
            except (httpx.HTTPError, RuntimeError) as error:
                tally.lose(f"{error or type(error).__name__}: {question[:60]}")
            await asyncio.sleep(dice.uniform(0.5, 4.0))
        one = dice.choice(buttons)
        try:
            async with asyncio.timeout(LIMIT):
                await press(server, one)
            tally.demos += 1
        except TimeoutError:
            tally.left += 1
        except (httpx.HTTPError, RuntimeError) as error:
            tally.lose(f"demo {one.event}: {error or type(error).__name__}")


async def watch(process: int, until: float, tally: Tally) -> None:
    """The server's memory, once a minute."""
    while time.monotonic() < until:
        await asyncio.sleep(min(60.0, max(0.0, until - time.monotonic())))
        tally.memory.append(resident(process))
        print(
            f"{len(tally.memory):4} min {tally.memory[-1]:7.0f} MiB  {tally.answered} answered,"
            f" {tally.left} left, {tally.demos} demos, {len(tally.lost)} lost",
            flush=True,
        )


async def soak(url: str, process: int, minutes: float, visitors: int, seed: int) -> Tally:
    """Visitors for so many minutes."""
    tally, until = Tally(), time.monotonic() + 60 * minutes
    timeout = httpx.Timeout(LIMIT)
    async with httpx.AsyncClient(base_url=f"{url}/gradio_api/", timeout=timeout) as client:
        server = Server(client, await events_of(client, url))
        buttons = presses((await client.get(f"{url}/config")).json())
        dice = [random.Random(seed + number) for number in range(visitors)]
        going = [visitor(server, buttons, one, until, tally) for one in dice]
        await asyncio.gather(watch(process, until, tally), *going)
    return tally


def grown(memory: Sequence[float]) -> float:
    """How much the memory grew: the last quarter's mean against the five minutes after SETTLED."""
    first = memory[SETTLED : SETTLED + 5]
    last = memory[-max(1, (len(memory) - SETTLED) // 4) :]
    if not first:
        return 0.0
    return (sum(last) / len(last)) / (sum(first) / len(first)) - 1


def main(argv: Sequence[str] | None = None) -> int:
    """Soak a server of this process's settings; 0 if nothing grew and nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak")
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--visitors", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    with contextlib.ExitStack() as stack:
        log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "log"
        url, process = stack.enter_context(served(log=log))
        wait(lambda: bool(call(url, "health")["ready"]), process)
        tally = asyncio.run(soak(url, process.pid, options.minutes, options.visitors, options.seed))
        said = log.read_text(encoding="utf-8", errors="replace")
    raised = said.count(LONG)
    growth = grown(tally.memory)
    print(f"{tally.answered} answered, {tally.left} left, {tally.demos} demos")
    print(f"memory {growth:+.1%} since minute {SETTLED}, {raised} tracebacks in the log")
    print(f"{len(tally.lost)} lost")
    if raised:
        print(said[said.index(LONG) :][:2000])
    return int(growth > GROWTH or raised > 0 or bool(tally.lost))


if __name__ == "__main__":
    raise SystemExit(main())
