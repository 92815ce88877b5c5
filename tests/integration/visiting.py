"""What visitors do at a page's address, over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.bench.load import Server, events_of

LIMIT = 60.0  # seconds for what takes one
Story = Callable[[Server], Awaitable[None]]


def visiting(address: str, story: Story) -> None:
    """Run what visitors do, on a thread of its own: the browser tests leave theirs with a loop."""

    async def run() -> None:
        async with httpx.AsyncClient(base_url=f"{address}/gradio_api/", timeout=LIMIT) as client:
            await story(Server(client, await events_of(client, address)))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(run())).result(timeout=3 * LIMIT)
