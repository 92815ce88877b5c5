"""A language model behind an OpenAI-compatible endpoint: vLLM, SGLang, Ollama, llama.cpp's server.

The same interface as the engine in this process, with another address. Whether the server goes on
from the assistant's last words is up to it: llama.cpp does, vLLM and SGLang do when told with the
two flags sent here, others begin a new turn.
"""

import json
from collections.abc import Iterator, Sequence

import httpx

from tutor.engine.generate import Message, Sampling, Stopped, Usage
from tutor.engine.llama import read_line
from tutor.errors import EngineError


class EndpointEngine:
    """Streams from `address`/chat/completions; the address usually ends in /v1."""

    constrains = False  # no common way to pass a grammar

    def __init__(self, address: str, model: str, key: str, timeout: float):
        """No request is made until the first reply."""
        self.name = f"{model} at {httpx.URL(address).host}"
        self._address = address.rstrip("/")
        self._model = model
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(timeout, connect=5.0),
            trust_env=False,
            # Servers close idle connections without a word; a new one costs next to nothing.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, stopped: Stopped | None = None
    ) -> Iterator[str | Usage]:
        """See `Engine.stream`. Leaving the loop closes the connection; the server then stops."""
        request: dict[str, object] = {
            "model": self._model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
        }
        if sampling.stop:
            request["stop"] = list(sampling.stop)
        if messages and messages[-1].role == "assistant":
            request |= {"add_generation_prompt": False, "continue_final_message": True}
        url = f"{self._address}/chat/completions"
        try:
            with self._client.stream("POST", url, json=request) as response:
                if response.is_error:
                    body = response.read().decode(errors="replace").strip()[:200]
                    raise EngineError(f"{url} answered {response.status_code}: {body}")
                for line in response.iter_lines():
                    if stopped and stopped():
                        return
                    yield from read_line(line)
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            message = f"No reply from {url} ({error})."
            raise EngineError(f"{message} Is the server running? See TUTOR_MODEL.") from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
