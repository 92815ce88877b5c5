"""llama.cpp in this process, through xllamacpp: the engine that answers on a laptop.

xllamacpp runs llama.cpp's server as a library. It keeps the key-value cache of earlier prompts, so
a prompt that starts like a recent one costs only its new part. It always opens an HTTP port as
well; that port is bound to loopback, needs a random key, and is closed to other origins.
"""

import http.client
import json
import math
import os
import secrets
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from tutor.engine.apart import BEAT, POLL, Give, apart
from tutor.engine.choice import grammar_of, settled
from tutor.engine.generate import Message, Pieces, Sampling, Stopped, Usage, Waiting
from tutor.engine.line import Line, Place
from tutor.errors import EngineError

CACHE_MIB = 512  # prompts kept besides the current one; 0.5B needs about 13 KB a token
QUIET = 0  # llama.cpp's log level
LONGEST_END = 4.0  # seconds for the reply in progress to leave its place at the end
# Prompt tokens computed between two looks at a stop. Small, because a reply that is stopped while
# its prompt is computed should free the processor within a second; the speed is the same.
PROMPT_BATCH = 128
# The priority of the model's threads, 0 to 19: with 10 they get a tenth of a core that another
# thread wants too, and all of it otherwise (`man 7 sched`, "The nice value").
BEHIND = 10


def give_way() -> None:
    """Let others go first: a search takes a blink, and waits seconds for a core beside a model.

    On Linux a thread has a priority of its own, and those it starts inherit it; elsewhere only a
    whole process has one.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)


class Candidate(NamedTuple):
    """A token that could come next: its id, its bytes, the natural logarithm of its probability.

    `piece` is empty for control tokens, such as the end of a turn; `detokenize` names them.
    """

    id: int
    piece: bytes
    logprob: float


class LlamaEngine:
    """A GGUF model loaded into this process. A few replies at a time; others wait in line.

    Replies that are made at once share every pass over the weights (llama.cpp's continuous
    batching). Replies and the single questions of the demos stand in one line, so that a demo that
    asks again and again lets a visitor's reply in between. Only replies are refused when it is
    long.
    """

    constrains = True

    def __init__(
        self,
        path: Path,
        name: str,
        threads: int,
        context: int,
        timeout: float,
        room: int = 20,
        slots: int = 1,
    ):
        """Load the model: seconds for 0.5B. Raises EngineError if llama.cpp cannot.

        `slots` replies are made at once, each with `context` tokens of its own; `room` is how many
        may wait for them.
        """
        import xllamacpp

        self.name = name
        self._timeout = timeout
        self._line = Line(slots, room)
        self._closing = threading.Event()  # ends the replies in progress
        self._key = secrets.token_urlsafe(24)
        params: Any = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context * slots
        params.n_parallel = slots
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
            # Threads that llama.cpp starts have the priority of the one that starts them.
            with ThreadPoolExecutor(1, initializer=give_way) as starter:
                self._server: Any = starter.submit(xllamacpp.Server, params).result()
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
    ) -> Pieces:
        """See `Engine.stream`. During the prompt's computation a stop acts within one batch."""

        def ends() -> bool:
            return self._closing.is_set() or bool(stopped and stopped())

        with self._line.join() as place:
            yield from self._queued(place, ends)
            if not ends():
                make = self._pick if sampling.choices else self._speak
                yield from make(messages, sampling, ends)

    def _speak(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None
    ) -> Iterator[str | Usage]:
        """A reply in the model's own words, or under a grammar."""
        for event in self._events(request_of(messages, sampling), stopped):
            if not event or "prompt_progress" in event:
                yield ""
            yield from read_event(event)

    def _pick(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None
    ) -> Iterator[str | Usage]:
        """One or two of the choices; each is said as soon as the model has settled on it."""
        *before, last = messages
        left, usage = list(sampling.choices), Usage()
        for begun in (False, True):
            if not left:
                break
            bound = replace(sampling, choices=(), grammar=grammar_of(left, begun))
            chosen, text = None, ""
            timings: dict[str, Any] = {}
            with closing(self._events(request_of([*before, last], bound), stopped)) as events:
                for event in events:
                    text += "".join(part for part in read_event(event) if isinstance(part, str))
                    timings = event.get("timings", timings)
                    yield ""
                    if chosen := settled(text, left):
                        break
            if stopped and stopped():
                return
            usage = with_timings(usage, timings)
            if not chosen:
                break
            yield f" {chosen}"
            left.remove(chosen)
            last = Message(last.role, f"{last.content} {chosen}")
        yield usage

    def _queued(self, place: Place, stopped: Stopped | None) -> Iterator[Waiting]:
        """Wait in line for the model, or until `stopped`: how many are before, every second."""
        while not place.wait(0.0):
            yield Waiting(place.before)
            deadline = time.monotonic() + BEAT
            while time.monotonic() < deadline and not place.wait(POLL):
                if stopped and stopped():
                    return

    def _events(
        self, request: dict[str, Any], stopped: Stopped | None
    ) -> Generator[dict[str, Any], None, None]:
        """What llama.cpp reports of a request as it runs; an empty event when it is silent."""

        def make(give: Give[dict[str, Any]]) -> None:
            try:
                self._server.handle_chat_completions(request, give)
            except RuntimeError as error:
                give({"error": {"message": str(error)}})

        # A visitor's place is given up when this computation has ended.
        with closing(apart(make, self._timeout, stopped, join=True)) as events:
            for event in events:
                yield event or {}

    def vocabulary(self) -> int:
        """How many different tokens the model has."""
        return int(self._ask("/v1/models")["data"][0]["meta"]["n_vocab"])

    def tokenize(self, text: str, control: bool = False) -> list[tuple[int, bytes]]:
        """The model's tokens of a text: id and bytes, as the engine itself cuts it.

        The bytes joined are the text; one token can be part of a character. With `control`, marks
        such as `<|im_end|>` are read as control tokens, as in a prompt, otherwise as plain text.
        """
        body = {"content": text, "with_pieces": True, "parse_special": control}
        tokens = self._ask("/tokenize", body)["tokens"]
        return [(token["id"], piece_bytes(token["piece"])) for token in tokens]

    def detokenize(self, tokens: Sequence[int]) -> str:
        """The text of tokens; control tokens by their names, broken characters as U+FFFD."""
        return str(self._ask("/detokenize", {"tokens": list(tokens)})["content"])

    def prompt_text(self, messages: Sequence[Message]) -> str:
        """A conversation as the model reads it: its chat template, up to where it goes on."""
        turns = [{"role": m.role, "content": m.content} for m in messages]
        return str(self._ask("/apply-template", {"messages": turns})["prompt"])

    def next_tokens(self, prompt: Sequence[int], count: int, **options: Any) -> list[Candidate]:
        """What llama.cpp chose to follow a prompt, and after it the `count` most probable tokens.

        Probabilities are the softmax over the whole vocabulary; a `count` beyond its size gives
        all of it. `options` are further fields of llama.cpp's /completion request; the choice is
        greedy without them. Empty if the choice is only a part of a character, for which
        llama.cpp reports nothing.

        A call takes one turn and lets replies in before the next. Of a prompt that begins like the
        one before it only the rest is computed. Raises EngineError, also for an empty prompt.
        """
        request = {"n_predict": 1, "n_probs": count, "temperature": 0.0, "cache_prompt": True}
        answer = self._ask("/completion", {"prompt": list(prompt), **request, **options})
        return [
            read_candidate(entry)
            for chosen in answer.get("completion_probabilities", [])
            for entry in (chosen, *chosen.get("top_logprobs", chosen.get("top_probs", [])))
        ]

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request to llama.cpp's own server, in a turn of its own. Raises EngineError."""
        place = self._line.join(always=True)
        try:
            if not place.wait(self._timeout):
                raise EngineError("The model is busy with other replies. Try again in a moment.")
            # http.client and not urllib: no proxy of the environment may stand in between.
            host = urlsplit(self.address).netloc
            connection = http.client.HTTPConnection(host, timeout=self._timeout)
            headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
            try:
                method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
                connection.request(method, path, data, headers)
                raw = connection.getresponse().read()
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            message = f"The model did not answer ({error}). Try again, or raise TUTOR_TIMEOUT."
            raise EngineError(message) from error
        finally:
            place.leave()
        answer: dict[str, Any] = orjson.loads(raw)  # a whole vocabulary is 14 MB: twice as fast
        if "error" in answer:
            raise EngineError(f"The model failed: {failure(answer)}")
        return answer

    def close(self) -> None:
        """End the replies in progress and unload the model; who waits is sent away.

        A reply that nobody takes any more, as from a page that was shut, keeps its place: it is
        waited for no longer than LONGEST_END.
        """
        self._closing.set()
        self._line.close(LONGEST_END)
        self._server = None


def request_of(messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
    """A request of the chat API, with llama.cpp's own fields."""
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
        "timings_per_token": True,  # counts that are there when a reply is left early
    }
    return request | {"grammar": sampling.grammar} if sampling.grammar else request


def with_timings(usage: Usage, timings: dict[str, Any]) -> Usage:
    """The counts of a reply made in two steps; what the first one computed is no longer new."""
    cached, computed = timings.get("cache_n", 0), timings.get("prompt_n", 0)
    return Usage(
        max(usage.prompt, cached + computed),
        cached if usage == Usage() else usage.cached,
        usage.generated + timings.get("predicted_n", 0),
    )


def read_event(event: dict[str, Any]) -> Iterator[str | Usage]:
    """The text or token counts in one event of the chat-completions stream (OpenAI's format).

    Thoughts that a server sends apart are empty text. Raises EngineError for a failure.
    """
    if not event:
        return
    if "error" in event or "choices" not in event:
        raise EngineError(f"The model failed: {failure(event)}")
    for choice in event["choices"]:
        delta = choice.get("delta") or {}
        if text := delta.get("content"):
            yield text
        elif delta.get("reasoning_content") or delta.get("reasoning"):
            yield ""
    if usage := event.get("usage"):
        details = usage.get("prompt_tokens_details") or {}
        yield Usage(
            usage.get("prompt_tokens") or 0,
            details.get("cached_tokens") or 0,
            usage.get("completion_tokens") or 0,
        )


def failure(event: dict[str, Any]) -> str:
    """What llama.cpp says went wrong, in one line."""
    error = event.get("error", event)
    detail = error.get("message", error) if isinstance(error, dict) else error
    return str(detail).strip()[:300]


def read_candidate(entry: dict[str, Any]) -> Candidate:
    """A token of llama.cpp's list, given with its logarithm or, after samplers, its probability."""
    if "prob" in entry:
        logprob = math.log(entry["prob"]) if entry["prob"] > 0 else -math.inf
    else:
        logprob = entry["logprob"]
    return Candidate(entry["id"], bytes(entry["bytes"]), logprob)


def piece_bytes(piece: str | list[int]) -> bytes:
    """A token's bytes: llama.cpp gives text, or numbers if the bytes alone are not valid UTF-8."""
    return piece.encode() if isinstance(piece, str) else bytes(piece)
