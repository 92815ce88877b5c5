"""Models by address, in processes of their own: llama.cpp's server and `transformers serve`.

The second needs `transformers[serving]` in the environment that runs the tests.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from transformers.utils.import_utils import is_serve_available

from tutor.engine.catalog import named
from tutor.engine.endpoint import EndpointEngine
from tutor.engine.generate import Message, Sampling, Usage
from tutor.engine.llama_index import EngineLLM
from tutor.engine.models import status
from tutor.errors import AwayError, EngineError
from tutor.start import make_tutor
from tutor.web.loading import Loading

pytestmark = [pytest.mark.model, pytest.mark.slow]

KEY = "a-key-for-the-tests"
SMOLLM2 = "smollm2-135m"
ASK = [Message("user", "Name a color.")]
COUNTED = [Message("user", "Count."), Message("assistant", "One, two, three,")]
WAIT = 240.0  # seconds
LLAMA = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.port, params.api_keys = sys.argv[1], int(sys.argv[2]), [sys.argv[3]]
params.n_ctx, params.n_parallel, params.cpuparams.n_threads, params.verbosity = 4096, 2, 2, 0
server = xllamacpp.Server(params)
while True:
    time.sleep(1)
"""
# A model in the format that the second server reads, out of the same file.
CONVERT = """
import sys
from pathlib import Path
from transformers import AutoModelForCausalLM, AutoTokenizer
path, out = Path(sys.argv[1]), sys.argv[2]
read = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype="float32")
plain = AutoModelForCausalLM.from_config(read.config)
plain.load_state_dict(read.state_dict())
plain.save_pretrained(out)
AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name).save_pretrained(out)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(command: list[str], url: str) -> subprocess.Popen[bytes]:
    """A server that answers at its address."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/models", timeout=5, trust_env=False).status_code != 503:
                return process
        except httpx.HTTPError:
            time.sleep(0.2)
    process.kill()
    process.wait(10)
    raise AssertionError(f"no server at {url}")


@pytest.fixture(scope="module")
def model(real_settings) -> Path:
    """SmolLM2's file."""
    path = status(named(SMOLLM2), real_settings.home).path
    assert path
    return path


class Llama:
    """llama.cpp's server, which can go away and come back to the same address."""

    def __init__(self, model: Path):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._command = [sys.executable, "-c", LLAMA, str(model), str(self.port), KEY]
        self.start()

    def start(self) -> None:
        self._process = started(self._command, self.url)

    def end(self) -> None:
        self._process.kill()
        self._process.wait(10)


@pytest.fixture(scope="module")
def llama(model) -> Iterator[Llama]:
    server = Llama(model)
    yield server
    server.end()


@pytest.fixture(scope="module")
def serving(model, tmp_path_factory) -> Iterator[str]:
    """`transformers serve` with the same model: its address, its model's name."""
    if not is_serve_available():
        pytest.skip("needs: pip install transformers[serving]")
    folder = tmp_path_factory.mktemp("serving") / SMOLLM2
    subprocess.run(
        [sys.executable, "-c", CONVERT, str(model), str(folder)],
        check=True, capture_output=True, timeout=WAIT,
    )  # fmt: skip
    url = f"http://127.0.0.1:{(port := free_port())}/v1"
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder)]
    process = started([*command, "--port", str(port), "--device", "cpu"], url)
    yield url, str(folder)
    process.terminate()
    process.wait(20)


def engine_at(server: Llama, key: str = KEY) -> EndpointEngine:
    return EndpointEngine(server.url, "default", key, WAIT)


def said(engine, messages, most=8) -> tuple[str, Usage]:
    *pieces, usage = engine.stream(messages, Sampling(max_tokens=most))
    return "".join(pieces), usage


def test_llama_cpp_goes_on_counts_and_repeats(llama):
    engine = engine_at(llama)
    text, usage = said(engine, COUNTED)
    assert "four" in text.lower()
    assert usage.prompt > usage.generated == 8
    assert said(engine, COUNTED)[0] == text
    assert "SmolLM2" in engine.name
    assert EngineLLM(engine, 2048, Sampling(max_tokens=8)).complete("Say hi.").text
    engine.close()


def test_several_are_answered_side_by_side(llama):
    engine, texts = engine_at(llama), []
    threads = [threading.Thread(target=lambda: texts.append(said(engine, ASK))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert len(texts) == 4
    assert all(text for text, _ in texts)


def test_a_reply_that_is_left_makes_room_for_the_next(llama):
    engine = engine_at(llama)
    for _ in range(4):  # more than the server has places
        pieces = engine.stream([Message("user", "Count to 900.")], Sampling(max_tokens=2000))
        assert any(next(pieces) for _ in range(50))
        pieces.close()
    assert said(engine, ASK)[0]


def test_the_wrong_key_is_said(llama):
    with pytest.raises(EngineError, match="TUTOR_ENDPOINT_KEY"):
        said(engine_at(llama, "wrong"), ASK)


def test_a_prompt_that_is_too_long_is_said_and_the_next_one_works(llama):
    engine = engine_at(llama)
    with pytest.raises(EngineError, match="context"):
        said(engine, [Message("user", "word " * 20_000)])
    assert said(engine, ASK)[0]


def test_another_projects_server_without_prefill_flags_or_a_list_of_models(serving):
    url, name = serving
    engine = EndpointEngine(url, name, "none", WAIT)
    text, usage = said(engine, COUNTED)
    assert text
    assert usage.generated
    assert said(engine, ASK)[0]
    engine.check()


def test_while_the_address_is_away_another_answers_and_then_it_again(llama, library, real_settings):
    settings = real_settings.model_copy(update={"model": llama.url, "fallback": SMOLLM2})
    loading, remote = Loading(settings), engine_at(llama)
    watcher = threading.Thread(target=loading.watch, args=(library, remote), daemon=True)

    def until(wanted: str) -> None:
        deadline = time.monotonic() + WAIT
        while wanted not in loading.status.text and time.monotonic() < deadline:
            time.sleep(0.1)
        assert wanted in loading.status.text
        assert loading.status.may_change

    watcher.start()
    until("at 127.0.0.1")
    llama.end()
    try:
        with pytest.raises(AwayError, match="Is the server running"):
            list(make_tutor(library, remote, settings).reply("What is beam search?"))
        until(f"Answering with {SMOLLM2}")
        assert "No reply from" in loading.status.problem
        tutor = loading.tutor()
        assert tutor
        assert tutor.model == SMOLLM2
    finally:
        llama.start()
    until("at 127.0.0.1")
    assert not loading.status.problem
    loading.close()
    watcher.join(WAIT)
    assert not watcher.is_alive()
