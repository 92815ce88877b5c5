"""Many visitors at once: python -m tests.bench.load --visitors 1 4 16 64

Each visitor posts one question to the page, by the page's own events over HTTP, and reads the
reply as it streams. All post in the same moment. For each number of visitors, in seconds:

    written   until the written answer was there
    model     until the first words of the model, for the replies that have some
    whole     until the reply was complete
    worst     the longest whole reply, and how many times the median it is

and the visitors who got no reply (errors), and who were told that the model has no room (full).
A last line is of newcomers who come one after the other while a crowd asks again and again.
The server is started for this with the settings of the environment, or named by --url.
"""

import argparse
import asyncio
import contextlib
import json
import random
import re
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from gradio_client.utils import apply_diff

from tests.bench.served import call, served, wait
from tests.eval.sets import read
from tutor.engine.line import FULL

GROWING = re.compile(r'<span class="adding".*?</span>', re.DOTALL)  # ends a reply still under way
EVENTS = ("post", "answer")  # a turn into the conversation, and its reply
SEED = 0
SETTLED = 10.0  # seconds after which those who asked first wait for the model
NEWCOMERS = 12


@dataclass
class Visit:
    """What one visitor saw: seconds from posting, and how it ended."""

    written: float | None = None
    model: float | None = None
    whole: float | None = None
    words: int = 0  # of the written answer
    full: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Server:
    """A server under load: a client with its address, and the numbers of the page's events."""

    client: httpx.AsyncClient
    events: dict[str, int]


async def visit(server: Server, question: str, limit: float) -> Visit:
    """Post a question and read its reply, for at most `limit` seconds."""
    seen = Visit()
    try:
        async with asyncio.timeout(limit):
            await follow(server, question, seen)
    except TimeoutError:
        seen.problem = f"no end within {limit:.0f} s"
    except (httpx.HTTPError, RuntimeError) as error:
        seen.problem = str(error) or type(error).__name__
    return seen


async def follow(
    server: Server, question: str, seen: Visit, before: Sequence[Any] = ()
) -> list[Any]:
    """The conversation after a question, `before` being what was said; fills in what is seen.

    Raises RuntimeError with what the server says went wrong.
    """
    session = secrets.token_hex(6)
    begin = time.perf_counter()

    async def send(path: str, event: str, data: list[Any]) -> Any:
        body = {"data": data, "fn_index": server.events[event], "session_hash": session}
        response = await server.client.post(path, json=body)
        if response.is_error:
            raise RuntimeError(f"{response.status_code}: {response.text[:80]}")
        return response.json()

    chat = (await send("run/predict", "post", [question, list(before), None]))["data"][0]
    await send("queue/join", "answer", [chat, "", None])
    shown: list[Any] = []
    place = {"session_hash": session}
    async with server.client.stream("GET", "queue/data", params=place) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            event = json.loads(line[5:])
            after = time.perf_counter() - begin
            if event["msg"] == "process_generating":
                shown = grown(shown, event["output"]["data"])
                look(shown[0], seen, after)
            elif event["msg"] == "process_completed":
                if not event["success"]:
                    raise RuntimeError(str(event["output"].get("error")))
                seen.whole = after
                seen.full = FULL in text_of(shown[0])
                return list(shown[0])
    raise RuntimeError("the stream ended before the reply")


def grown(shown: list[Any], data: list[Any]) -> list[Any]:
    """The values on the page after an event: the first brings them, later ones what changed."""
    return [apply_diff(old, new) for old, new in zip(shown, data, strict=True)] if shown else data


def look(chat: list[dict[str, Any]], seen: Visit, after: float) -> None:
    """Note when the written answer and when the model's first words stand in the conversation."""
    text = text_of(chat)
    growing = GROWING.search(text) is not None
    words = len(GROWING.sub("", text).split())
    if chat[-1]["role"] == "assistant" and words and seen.written is None:
        seen.written = after
        seen.words = words
    elif growing and seen.model is None and words > seen.words:
        seen.model = after


def text_of(chat: list[dict[str, Any]]) -> str:
    """The last message's text."""
    content = chat[-1]["content"]
    return content if isinstance(content, str) else "".join(c.get("text", "") for c in content)


@contextlib.asynccontextmanager
async def opened(url: str, limit: float) -> AsyncIterator[Server]:
    """A server as visitors reach it, as many at a time as there are."""
    limits = httpx.Limits(max_connections=None)
    timeout = httpx.Timeout(limit)
    address = f"{url}/gradio_api/"
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=timeout) as client:
        yield Server(client, await events_of(client, url))


async def crowd(url: str, questions: Sequence[str], limit: float) -> list[Visit]:
    """All visitors at once, one for each question."""
    async with opened(url, limit) as server:
        return await asyncio.gather(*(visit(server, asked, limit) for asked in questions))


async def newcomers(
    url: str, questions: Sequence[str], limit: float, others: int, count: int
) -> list[Visit]:
    """So many visitors, one after the other, while `others` ask one question after the other."""

    async def ask_on(server: Server, place: int) -> None:
        while True:
            await visit(server, questions[place % len(questions)], limit)
            place += others

    async with opened(url, limit) as server, asyncio.TaskGroup() as group:
        asking = [group.create_task(ask_on(server, place)) for place in range(others)]
        await asyncio.sleep(SETTLED)
        seen = [await visit(server, asked, limit) for asked in questions[-count:]]
        for one in asking:
            one.cancel()
    return seen


async def events_of(client: httpx.AsyncClient, url: str) -> dict[str, int]:
    """The numbers of the page's events by their names."""
    found = (await client.get(f"{url}/config")).json()["dependencies"]
    return {one["api_name"]: one["id"] for one in found if one["api_name"] in EVENTS}


def report(visits: Sequence[Visit]) -> str:
    """One line of the table."""
    whole = [one.whole for one in visits if one.whole is not None]
    median = statistics.median(whole) if whole else float("nan")
    worst = max(whole, default=float("nan"))
    problems = [one.problem for one in visits if one.problem]
    columns = [
        f"{len(visits):8}",
        spread([one.written for one in visits]),
        spread([one.model for one in visits]),
        spread(whole),
        f"{worst:6.1f} (x{worst / median:4.1f})",
        f"{len(problems):6} {sum(one.full for one in visits):5}",
    ]
    return "  ".join(columns) + "".join(f"\n          {text}" for text in sorted({*problems}))


def spread(times: Sequence[float | None]) -> str:
    """Median and 95th percentile in seconds, and how many there are."""
    known = sorted(time for time in times if time is not None)
    if not known:
        return f"{'-':>6} {'-':>6} {0:4}"
    high = known[min(len(known) - 1, round(0.95 * (len(known) - 1)))]
    return f"{statistics.median(known):6.2f} {high:6.2f} {len(known):4}"


def main(argv: Sequence[str] | None = None) -> None:
    """Load the server with each number of visitors in turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--url", help="a server that is running; by default one is started")
    parser.add_argument("--others", type=int, default=16, help="who ask while newcomers come [16]")
    parser.add_argument("--limit", type=float, default=180.0, help="seconds for one reply [180]")
    options = parser.parse_args(argv)
    with contextlib.ExitStack() as stack:
        url, process = options.url, None
        if not url:
            url, process = stack.enter_context(served())
        wait(lambda: bool(call(url, "health")["ready"]), process)
        questions = [case.question for case in read("questions", "test")]
        random.Random(SEED).shuffle(questions)
        asyncio.run(crowd(url, questions[-2:], options.limit))  # what only the first ones pay
        print("visitors  written: median p95, n   model: median p95, n   whole: median p95, n")
        print("          worst (of the median)  errors  full", flush=True)
        for count in options.visitors:
            asked = [questions[place % len(questions)] for place in range(count)]
            print(report(asyncio.run(crowd(url, asked, options.limit))), flush=True)
        if options.others:
            print(f"{NEWCOMERS} newcomers, one after the other, while {options.others} ask on")
            alone = newcomers(url, questions, options.limit, options.others, NEWCOMERS)
            print(report(asyncio.run(alone)), flush=True)


if __name__ == "__main__":
    main()
