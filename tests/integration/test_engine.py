"""llama.cpp in this process: streams, stops, continues, keeps to a grammar, guards its port."""

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tutor.engine.generate import Message, Sampling, Usage, Waiting
from tutor.engine.llama import BEHIND, LlamaEngine
from tutor.errors import BusyError, EngineError
from tutor.start import open_engine

pytestmark = [pytest.mark.model]

ASK = [Message("user", "Name a color.")]


def said(stream) -> tuple[str, Usage | None]:
    """The text of a stream and its last Usage."""
    text, usage = "", None
    for part in stream:
        if isinstance(part, Usage):
            usage = part
        elif isinstance(part, str):
            text += part
    return text, usage


def test_a_reply_repeats_and_is_bounded(engine):
    first, usage = said(engine.stream(ASK, Sampling(max_tokens=8)))
    again, cached = said(engine.stream(ASK, Sampling(max_tokens=8)))
    assert first == again
    assert first
    assert usage.generated <= 8
    assert cached.cached > 0


def test_the_assistants_last_words_are_continued(engine):
    messages = [*ASK, Message("assistant", "One, two, three,")]
    text, _ = said(engine.stream(messages, Sampling(max_tokens=6)))
    assert "four" in text.lower()


def test_a_grammar_is_obeyed(engine):
    grammar = 'root ::= "The answer is " ("yes" | "no") "."'
    text, _ = said(engine.stream(ASK, Sampling(max_tokens=20, grammar=grammar)))
    assert text in ("The answer is yes.", "The answer is no.")


def test_one_or_two_of_the_choices_are_said_and_most_of_their_tokens_never_made(engine):
    choices = (
        "Red is a color that everybody on this earth has seen in a sunset over the sea.",
        "Seven is a number that comes after six and before eight in every list of numbers.",
        "Berlin is a city with many bridges and many museums and a tower of television.",
    )
    ask = [*ASK, Message("assistant", "Here it is.")]
    text, usage = said(engine.stream(ask, Sampling(max_tokens=80, choices=choices)))
    picked = [choice for choice in choices if choice in text]
    assert 1 <= len(picked) <= 2
    assert len(text) == sum(len(choice) + 1 for choice in picked)
    assert usage.prompt > usage.cached >= 0
    assert 0 < usage.generated < len(text.split())


def test_who_leaves_the_line_gives_the_place_up(engine):
    first = engine.stream([Message("user", "Count to 500.")], Sampling(max_tokens=400))
    while not next(first):
        pass
    second, third = (engine.stream(ASK, Sampling(max_tokens=4)) for _ in range(2))
    assert next(second) == Waiting(1)
    assert next(third) == Waiting(2)
    second.close()
    assert next(third) == Waiting(1)
    first.close()
    assert said(third)[0]


def test_closing_the_stream_stops_the_model_and_frees_it(engine):
    stream = engine.stream([Message("user", "Count to 500.")], Sampling(max_tokens=400))
    next(stream)
    stream.close()
    text, _ = said(engine.stream(ASK, Sampling(max_tokens=4)))
    assert text


def test_a_stop_ends_the_stream_without_usage(engine):
    seen = []
    parts = engine.stream(
        [Message("user", "Count to 500.")], Sampling(max_tokens=400), lambda: len(seen) >= 3
    )
    for part in parts:
        seen.append(part)
    assert 3 <= len(seen) < 10
    assert not any(isinstance(part, Usage) for part in seen)


def test_two_at_once_wait_for_each_other(engine):
    texts = []
    threads = [
        threading.Thread(target=lambda: texts.append(said(engine.stream(ASK, Sampling(12)))[0]))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(texts) == 2
    assert texts[0] == texts[1]


def test_a_prompt_that_is_too_long_is_an_error_and_the_next_one_works(engine):
    with pytest.raises(EngineError, match="The model failed"):
        said(engine.stream([Message("user", "word " * 20_000)], Sampling(max_tokens=4)))
    assert said(engine.stream(ASK, Sampling(max_tokens=4)))[0]


def test_its_port_asks_for_the_key(engine):
    request = urllib.request.Request(f"{engine.address}/v1/models")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=5)
    request.add_header("Authorization", f"Bearer {engine.key}")
    with urllib.request.urlopen(request, timeout=5) as response:
        assert response.status == 200
        assert response.headers.get("Access-Control-Allow-Origin") != "*"


def test_two_replies_are_made_at_once_and_a_third_waits(real_settings):
    both = open_engine(real_settings.model_copy(update={"slots": 2}), lambda *_: None)
    try:
        first, second = (
            both.stream([Message("user", f"Tell a long story of a {animal}.")], Sampling())
            for animal in ("cat", "dog")
        )
        for stream in (first, second, first, second):
            while not isinstance(part := next(stream), str) or not part:
                assert not isinstance(part, Usage), "it ended before the other began"
        third = next(both.stream(ASK, Sampling()))
        assert isinstance(third, Waiting)
        assert third.before == 1
        first.close()
        second.close()
    finally:
        both.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux")
def test_others_go_before_the_model(engine):
    """All that a reply computes runs behind, and the thread that asked for it does not."""

    def spent() -> dict[int, int]:
        """Ticks of processor time by nice value (`man 5 proc_pid_stat`, fields 14 and 19)."""
        ticks: dict[int, int] = {}
        for path in Path("/proc/self/task").glob("*/stat"):
            fields = path.read_text().rpartition(")")[2].split()
            ticks[int(fields[16])] = ticks.get(int(fields[16]), 0) + int(fields[11])
        return ticks

    before = spent()
    assert said(engine.stream([Message("user", "Tell a long story of a cat.")], Sampling()))[0]
    after = spent()
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == 0
    behind, others = (
        sum(after[nice] - before.get(nice, 0) for nice in after if (nice == BEHIND) == own)
        for own in (True, False)
    )
    assert behind > 5 * others


def test_a_file_that_is_no_model(tmp_path):
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(EngineError, match=r"cannot load broken\.gguf"):
        LlamaEngine(path, "broken", 1, 1024, 10.0)


def test_it_took_too_long(engine):
    hurried = LlamaEngine.__new__(LlamaEngine)
    hurried.__dict__.update(engine.__dict__)
    hurried._timeout = 0.0
    with pytest.raises(EngineError, match="TUTOR_TIMEOUT"):
        said(hurried.stream(ASK, Sampling(max_tokens=50)))


def test_closing_does_not_wait_for_a_reply_that_nobody_takes_any_more(real_settings):
    engine = open_engine(real_settings, lambda *_: None)
    stream = engine.stream([Message("user", "Count to 500.")], Sampling(max_tokens=400))
    while not next(stream):  # words have come, and then nobody looks again
        pass
    begun = {thread.name for thread in threading.enumerate() if thread.name == "reply"}
    engine.close()
    assert begun
    deadline = time.monotonic() + 30
    while any(thread.name == "reply" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the model still computes"
        time.sleep(0.1)
    with pytest.raises(BusyError):
        next(engine.stream(ASK, Sampling(max_tokens=4)))
