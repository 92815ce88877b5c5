"""llama.cpp in this process, through xllamacpp: the engine that answers on a laptop.

xllamacpp runs llama.cpp's server as a library. It keeps the key-value cache of earlier prompts, so
a prompt that starts like a recent one costs only its new part. It always opens an HTTP port as
well; that port is bound to loopback, needs a random key, and is closed to other origins.
"""

import json
import queue
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tutor.errors import EngineError
from tutor.generate import Message, Sampling, Stopped, Usage

CACHE_MIB = 512  # prompts kept besides the current one; 0.5B needs about 13 KB a token
POLL = 0.1  # seconds between looks at `stopped` while the model computes the prompt
QUIET = 0  # llama.cpp's log level
# Prompt tokens computed between two looks at a stop. Small, because a reply that is stopped while
# its prompt is computed should free the processor within a second; the speed is the same.
PROMPT_BATCH = 128


class LlamaEngine:
    """A GGUF model loaded into this process. One reply at a time; others wait their turn."""

    constrains = True

    def __init__(self, path: Path, name: str, threads: int, context: int, timeout: float):
        """Load the model: seconds for 0.5B. Raises EngineError if llama.cpp cannot."""
        import xllamacpp

        self.name = name
        self._timeout = timeout
        self._turn = threading.Lock()
        self._key = secrets.token_urlsafe(24)
        params: Any = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context
        params.n_parallel = 1
        params.n_batch = params.n_ubatch = PROMPT_BATCH
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.cache_prompt = True
        params.cache_ram_mib = CACHE_MIB
        params.verbosity = QUIET
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_keys = [self._key]
        params.cors_origins = "http://127.0.0.1"
        params.endpoint_slots = False
        params.ui = False
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError as error:
            message = f"llama.cpp cannot load {path.name} ({error})."
            raise EngineError(f"{message} Fetch it again: python -m tutor pull {name}") from error

    @property
    def address(self) -> str:
        """The loopback address of llama.cpp's own server, for requests with `key`."""
        return str(self._server.listening_address)

    @property
    def key(self) -> str:
        """The bearer key that the loopback port asks for."""
        return self._key

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None = None
    ) -> Iterator[str | Usage]:
        """See `Engine.stream`. During the prompt's computation a stop acts within one batch."""
        request = {
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "repeat_penalty": sampling.repeat_penalty,
            "seed": sampling.seed,
            "stop": list(sampling.stop),
            "cache_prompt": True,
            "return_progress": True,  # an event per batch, so that a stop acts within one
        }
        if sampling.grammar:
            request["grammar"] = sampling.grammar
        while not self._turn.acquire(timeout=POLL):
            if stopped and stopped():
                return
        try:
            yield from self._events(request, stopped)
        finally:
            self._turn.release()

    def _events(self, request: dict[str, Any], stopped: Stopped | None) -> Iterator[str | Usage]:
        """Run the request on a thread of its own and pass on what its callback is given."""
        events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        cancelled = threading.Event()

        def receive(event: dict[str, Any]) -> bool:
            events.put(event)
            return cancelled.is_set()  # True makes llama.cpp stop

        def run() -> None:
            try:
                self._server.handle_chat_completions(request, receive)
            except RuntimeError as error:
                events.put({"error": {"message": str(error)}})
            finally:
                events.put(None)

        thread = threading.Thread(target=run, name="llama-reply", daemon=True)
        deadline = time.monotonic() + self._timeout
        thread.start()
        try:
            while (event := self._next(events, deadline, stopped)) is not None:
                yield from read_event(event)
        finally:
            cancelled.set()
            # The next visitor's turn begins when this computation has ended.
            thread.join(self._timeout)

    def _next(self, events: Any, deadline: float, stopped: Stopped | None) -> dict[str, Any] | None:
        """The next event, or None at the end or when stopped; EngineError past the deadline."""
        while True:
            if stopped and stopped():
                return None
            if time.monotonic() > deadline:
                message = f"The model took longer than {self._timeout:.0f} s."
                raise EngineError(f"{message} Ask again, or raise TUTOR_TIMEOUT.")
            try:
                event: dict[str, Any] | None = events.get(timeout=POLL)
            except queue.Empty:
                continue
            return event

    def close(self) -> None:
        """Unload the model once the reply in progress has ended."""
        with self._turn:
            self._server = None


def read_event(event: dict[str, Any]) -> Iterator[str | Usage]:
    """The text or token counts in one event of the chat-completions stream (OpenAI's format)."""
    if "error" in event or "choices" not in event:
        error = event.get("error", event)
        detail = error.get("message", error) if isinstance(error, dict) else error
        raise EngineError(f"The model failed: {str(detail).strip()[:300]}")
    for choice in event["choices"]:
        if text := choice.get("delta", {}).get("content"):
            yield text
    if usage := event.get("usage"):
        details = usage.get("prompt_tokens_details") or {}
        yield Usage(
            usage["prompt_tokens"], details.get("cached_tokens") or 0, usage["completion_tokens"]
        )


def read_line(line: str) -> Iterator[str | Usage]:
    """The text or token counts in one line of server-sent events; nothing for other lines."""
    data = line.removeprefix("data:").strip()
    if line.startswith("data:") and data != "[DONE]":
        yield from read_event(json.loads(data))
