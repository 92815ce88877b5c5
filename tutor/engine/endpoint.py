"""A language model behind an OpenAI-compatible endpoint: vLLM, SGLang, Ollama, llama.cpp's server.

The same interface as the engine in this process, with another address. Servers differ in what they
can do, so that is found out, at the first reply or from what they refuse:

    model's name    without one of the settings, the first that the server lists
    going on        some go on from the assistant's last words, told so by two flags (vLLM, SGLang)
                    or unasked (llama.cpp); the others are asked to in words
    fields          one that a server refuses is not sent to it again
    token counts    where none come, the pieces are counted
    thoughts        in a field of their own or between <think> tags; they are left out, and get
                    tokens of their own

Requests run side by side: whom to serve first is the server's business. One that cannot have begun
(no connection, 429, 503) is sent again, one that has said a word never is.
"""

import json
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

import httpx

from tutor.engine.apart import Give, apart
from tutor.engine.generate import Message, Pieces, Sampling, Stopped, Usage
from tutor.engine.llama import failure, read_event
from tutor.engine.thoughts import without_thoughts
from tutor.errors import AwayError, EngineError

CONNECT = 5.0  # seconds
PAUSES = (0.5, 2.0)  # seconds before a request that cannot have begun is sent again
LONGEST_PAUSE = 5.0  # seconds, whatever Retry-After says
UNREACHED = (502, 503, 504)  # what gateways say of a server that is away or starting
THINKING = 1024  # tokens for a model's thoughts
ANY = "default"  # the setting that names no model
FLAGS = {"add_generation_prompt": False, "continue_final_message": True}
# What can be left out of a request without changing what is asked for.
OPTIONAL = ("stream_options", "seed", "top_p", "temperature", "stop", *FLAGS)
# Going on means ending this word; a new turn would begin a sentence.
HALF_A_WORD = (Message("user", "What is the capital of France?"),
               Message("assistant", "The capital of France is Par"))  # fmt: skip
OTHER_HALF = "is"
GO_ON = """{asked}

Your answer begins like this:

{lead}

Go on from there in one or two sentences, without repeating it."""


class EndpointEngine:
    """Streams from `address`/chat/completions; the address usually ends in /v1."""

    constrains = False  # no common way to pass a grammar

    def __init__(
        self,
        address: str,
        model: str,
        key: str,
        timeout: float,
        transport: httpx.BaseTransport | None = None,
        pauses: Sequence[float] = PAUSES,
    ):
        """No request is made until the first reply, or `check`. `transport` stands in for a network
        in tests."""
        self._address = address.rstrip("/")
        self._model = model
        self._timeout = timeout
        self._pauses = pauses
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(timeout, connect=CONNECT, pool=None),
            trust_env=False,
            transport=transport,
            # Servers close idle connections without a word; a new one costs next to nothing.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
        self._refused: set[str] = set()  # fields that this server does not take
        self._goes_on: bool | None = None  # from the assistant's last words; None: not known yet
        self._thinks = False
        self._finding_out = threading.Lock()

    @property
    def name(self) -> str:
        """The model and the host it runs on."""
        return f"{self._model} at {httpx.URL(self._address).host}"

    def check(self) -> None:
        """Ask the server for its models. AwayError if it is not there, EngineError if it refuses.

        Cheap, for looking every few seconds.
        """
        url = f"{self._address}/models"
        try:
            response = self._client.get(url, timeout=CONNECT)
        except httpx.HTTPError as error:
            raise self._away(error) from error
        if response.status_code in (401, 403):
            raise EngineError(f"{url} does not take the key. Set TUTOR_ENDPOINT_KEY.")
        if response.status_code in UNREACHED:  # any other failure is the list's own
            raise AwayError(f"{url} answered {response.status_code}. See TUTOR_MODEL.")
        if self._model == ANY and response.is_success:
            listed = names_of(response)
            self._model = listed[0] if listed and ANY not in listed else ANY

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None = None
    ) -> Pieces:
        """See `Engine.stream`. Leaving the loop closes the connection at the next token; the server
        then stops."""
        self._find_out()
        count, usage = 0, None
        with closing(self._pieces(messages, sampling, stopped)) as pieces:
            for piece in without_thoughts(pieces):
                if isinstance(piece, Usage):
                    usage = piece
                    continue
                count += bool(piece)
                yield piece
        if not (stopped and stopped()):
            yield usage or Usage(generated=count)

    def _find_out(self) -> None:
        """Once: the model's name, and whether it goes on from the assistant's last words."""
        with self._finding_out:
            if self._goes_on is not None:
                return
            self.check()
            self._goes_on = True  # as far as known; a refusal unsets it
            text = None
            try:
                with closing(self._pieces(HALF_A_WORD, Sampling(max_tokens=8), None)) as pieces:
                    said = [part for part in without_thoughts(pieces) if isinstance(part, str)]
                text = "".join(said)
            finally:
                found = self._goes_on and text is not None and text.startswith(OTHER_HALF)
                self._goes_on = None if text is None else found

    def _pieces(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None
    ) -> Generator[str | Usage, None, None]:
        """What the server sends, empty pieces while it is silent."""

        def make(give: Give[str | Usage]) -> None:
            self._request(messages, sampling, give)

        with closing(apart(make, self._timeout, stopped, join=False)) as pieces:
            for piece in pieces:
                yield "" if piece is None else piece

    def _request(
        self, messages: Sequence[Message], sampling: Sampling, give: Give[str | Usage]
    ) -> None:
        """Send a request until it is taken, and give away what comes."""
        pauses = iter(self._pauses)
        while True:
            body = self._body(messages, sampling)
            try:
                with self._client.stream(
                    "POST", f"{self._address}/chat/completions", json=body
                ) as response:
                    if not response.is_error:
                        self._read(response, give)
                        return
                    text = response.read().decode(errors="replace").strip()
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if (pause := next(pauses, None)) is None:
                    raise self._away(error) from error
            except (httpx.HTTPError, json.JSONDecodeError) as error:
                raise EngineError(f"{self.name} broke off ({error}). Ask again.") from error
            else:
                pause = self._after_refusal(response, text, body, pauses)
            if give(""):
                return
            time.sleep(pause)

    def _after_refusal(
        self, response: httpx.Response, text: str, body: dict[str, Any], pauses: Iterator[float]
    ) -> float:
        """Seconds after which to send it again, with fewer fields if those were refused."""
        status = response.status_code
        if status in (429, 503) and (pause := next(pauses, None)) is not None:
            asked = response.headers.get("Retry-After", "")
            return min(float(asked), LONGEST_PAUSE) if asked.isdecimal() else pause
        if status in (400, 422) and self._do_without(text, body):
            return 0.0
        if status in (401, 403):
            raise EngineError(f"{self.name} does not take the key. Set TUTOR_ENDPOINT_KEY.")
        message = f"{self.name} answered {status}: {reason(text)}"
        kind = AwayError if status in (429, *UNREACHED) else EngineError
        raise kind(f"{message} See TUTOR_MODEL.")

    def _do_without(self, text: str, body: dict[str, Any]) -> bool:
        """Whether a refused request can be changed: without the fields that the refusal names."""
        if "max_completion_tokens" in text and "max_tokens" in body:
            self._refused.add("max_tokens")
            return True
        named = {field for field in OPTIONAL if field in body and field in text}
        if not named and self._goes_on and body["messages"][-1]["role"] == "assistant":
            self._goes_on = False  # such as "prefill is incompatible with thinking"
            return True
        self._refused |= named
        return bool(named)

    def _body(self, messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
        """The request, as far as this server takes it."""
        most = sampling.max_tokens + (THINKING if self._thinks else 0)
        goes_on = bool(messages) and messages[-1].role == "assistant"
        if goes_on and not self._goes_on:
            messages, goes_on = in_words(messages), False
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_completion_tokens" if "max_tokens" in self._refused else "max_tokens": most,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if goes_on:
            body |= FLAGS
        return {name: value for name, value in body.items() if name not in self._refused}

    def _read(self, response: httpx.Response, give: Give[str | Usage]) -> None:
        """Give away what the server-sent events of an answer hold."""
        for line in response.iter_lines():
            data = line.removeprefix("data:").strip()
            if not line.startswith("data:") or data == "[DONE]":
                continue
            for piece in read_event(json.loads(data)):
                if piece == "" or "<think>" in str(piece):
                    self._thinks = True
                if give(piece):
                    return

    def _away(self, error: httpx.HTTPError) -> AwayError:
        """What to say of a server that does not answer."""
        message = f"No reply from {self._address} ({error or type(error).__name__})."
        return AwayError(f"{message} Is the server running? See TUTOR_MODEL.")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def in_words(messages: Sequence[Message]) -> list[Message]:
    """A conversation that ends with the user, who asks to go on from the assistant's last words."""
    *past, asked, lead = messages
    return [*past, Message("user", GO_ON.format(asked=asked.content, lead=lead.content))]


def names_of(response: httpx.Response) -> list[str]:
    """The models that a server lists; none if it is no such list."""
    try:
        return [str(entry["id"]) for entry in response.json()["data"]]
    except (ValueError, TypeError, KeyError):
        return []


def reason(text: str) -> str:
    """What a server says of a failure, in one short line."""
    try:
        found = json.loads(text)
    except ValueError:
        return text[:200]
    return failure(found)[:200] if isinstance(found, dict) else text[:200]
