"""A model by address: what is sent again, what is left out, what is found out. The network is fake;
real servers are in tests/integration/test_endpoint.py."""

import json
import threading

import httpx
import pytest

from tutor.engine.endpoint import HALF_A_WORD, THINKING, EndpointEngine
from tutor.engine.generate import Message, Sampling, Usage
from tutor.engine.thoughts import without_thoughts
from tutor.errors import AwayError, EngineError

ASK = [Message("user", "Why?")]
LEAD = [*ASK, Message("assistant", "Because")]


def told(*deltas, usage=None):
    """A stream of the chat API."""
    events = [{"choices": [{"delta": delta}]} for delta in deltas]
    events += [{"choices": [], "usage": usage}] if usage else []
    lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"]
    return httpx.Response(200, text="".join(lines))


class Server:
    """Answers chat requests by a function of the body, and remembers them; goes on if it can."""

    def __init__(self, answer, goes_on=True, models=("tiny",)):
        self.answer, self.goes_on, self.models = answer, goes_on, models
        self.asked = []

    def __call__(self, request):
        if request.url.path.endswith("/models"):
            return httpx.Response(200, json={"data": [{"id": name} for name in self.models]})
        body = json.loads(request.content)
        if HALF_A_WORD[0].content in body["messages"][0]["content"]:
            if self.goes_on is None:
                return self.answer(body)
            return told({"content": "is." if self.goes_on else "The capital"})
        self.asked.append(body)
        return self.answer(body)


def engine_at(server, **options):
    """An engine that speaks to a function instead of a network."""
    given = {"model": "default", "pauses": (0.0, 0.0), "timeout": 20.0} | options
    return EndpointEngine(
        "http://far.test/v1/", key="k", transport=httpx.MockTransport(server), **given
    )


def said(engine, messages=ASK, **sampling):
    """The text of a reply and its Usage."""
    *pieces, usage = engine.stream(messages, Sampling(**sampling))
    return "".join(pieces), usage


def test_a_reply_with_its_counts():
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 2,
        "prompt_tokens_details": {"cached_tokens": 4},
    }
    server = Server(lambda _: told({"content": "So"}, {"content": " it is."}, usage=usage))
    assert said(engine_at(server)) == ("So it is.", Usage(9, 4, 2))


def test_where_no_counts_come_the_pieces_are_counted():
    server = Server(lambda _: told({"role": "assistant"}, {"content": "So"}, {"content": " is."}))
    assert said(engine_at(server))[1] == Usage(generated=2)


def test_the_only_model_that_is_listed_is_meant_unless_one_is_named():
    server = Server(lambda _: told({"content": "x"}))
    engine = engine_at(server)
    said(engine)
    said(engine_at(server, model="mine"))
    assert [body["model"] for body in server.asked] == ["tiny", "mine"]
    assert engine.name == "tiny at far.test"


def test_a_server_that_goes_on_gets_the_lead_as_the_last_message():
    server = Server(lambda _: told({"content": " it is."}))
    said(engine_at(server), LEAD)
    (body,) = server.asked
    assert body["messages"][-1] == {"role": "assistant", "content": "Because"}
    assert body["continue_final_message"] is True


def test_a_server_that_begins_anew_is_asked_to_go_on_in_words():
    server = Server(lambda _: told({"content": "It is."}), goes_on=False)
    said(engine_at(server), LEAD)
    (body,) = server.asked
    (message,) = body["messages"]
    assert message["role"] == "user"
    assert "Why?" in message["content"]
    assert "Because" in message["content"]
    assert "continue_final_message" not in body


def test_a_server_that_refuses_to_go_on_is_asked_in_words():
    def answer(body):
        if body["messages"][-1]["role"] == "assistant":
            return httpx.Response(400, json={"error": {"message": "prefill: incompatible"}})
        return told({"content": "It is."})

    server = Server(answer, goes_on=None)
    assert said(engine_at(server), LEAD)[0] == "It is."
    assert [body["messages"][-1]["role"] for body in server.asked] == ["user"]


def test_fields_that_are_refused_are_left_out_from_then_on():
    def answer(body):
        if "stream_options" in body:
            return httpx.Response(422, json={"detail": "stream_options: extra field"})
        if "max_tokens" in body:
            return httpx.Response(400, text="Use 'max_completion_tokens' instead.")
        return told({"content": "Yes."})

    server = Server(answer)
    engine = engine_at(server)
    assert said(engine, max_tokens=7)[0] == said(engine, max_tokens=7)[0] == "Yes."
    assert len(server.asked) == 4
    assert server.asked[-1]["max_completion_tokens"] == 7
    assert "temperature" in server.asked[-1]


@pytest.mark.parametrize("status", [429, 503])
def test_what_cannot_have_begun_is_sent_again(status):
    replies = iter([httpx.Response(status, headers={"Retry-After": "0"})] * 2)
    server = Server(lambda _: next(replies, None) or told({"content": "Yes."}))
    assert said(engine_at(server))[0] == "Yes."
    assert len(server.asked) == 3


def test_a_refused_connection_is_tried_again_and_then_the_server_is_away():
    tried = []

    def refuse(body):
        tried.append(body)
        raise httpx.ConnectError("refused")

    with pytest.raises(AwayError, match=r"far\.test.*TUTOR_MODEL"):
        said(engine_at(Server(refuse)))
    assert len(tried) == 3


def test_what_has_begun_is_never_sent_again():
    def broken(_):
        def body():
            yield b'data: {"choices": [{"delta": {"content": "So"}}]}\n\n'
            raise httpx.ReadError("reset")

        return httpx.Response(200, content=body())

    server = Server(broken)
    pieces = engine_at(server).stream(ASK, Sampling())
    assert next(pieces) == "So"
    with pytest.raises(EngineError, match="broke off"):
        list(pieces)
    assert len(server.asked) == 1


def test_other_refusals_are_said_in_one_line():
    for status, text in ((401, "TUTOR_ENDPOINT_KEY"), (404, "no such model"), (500, "no such")):
        server = Server(
            lambda _, status=status: httpx.Response(status, json={"error": "no such model"})
        )
        with pytest.raises(EngineError, match=text) as raised:
            said(engine_at(server))
        assert "\n" not in str(raised.value)
        assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_found_out_by_a_look():
    for status, kind in ((503, AwayError), (401, EngineError)):
        with pytest.raises(kind):
            engine_at(lambda _, status=status: httpx.Response(status)).check()
    for status in (404, 500):  # it answers, and has no such list
        engine_at(lambda _, status=status: httpx.Response(status)).check()


def test_thoughts_are_left_out_and_get_tokens_of_their_own():
    server = Server(lambda _: told({"reasoning_content": "Hm."}, {"content": "Yes."}))
    engine = engine_at(server)
    assert said(engine, max_tokens=5)[0] == said(engine, max_tokens=5)[0] == "Yes."
    assert [body["max_tokens"] for body in server.asked] == [5, 5 + THINKING]


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_thoughts_between_tags_are_left_out_wherever_pieces_are_cut(size):
    text = "<think>\nIs 1 < 2?\n</think>\n\nYes: 1 < 2 <thin."
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(without_thoughts(pieces)) == "Yes: 1 < 2 <thin."


def test_who_stops_waits_no_longer_for_a_silent_server():
    asked, go = threading.Event(), threading.Event()

    def silent(_):
        asked.set()
        go.wait(20)
        return told({"content": "late"})

    assert list(engine_at(Server(silent)).stream(ASK, Sampling(), asked.is_set)) == []
    go.set()


def test_a_server_that_takes_too_long():
    go = threading.Event()
    server = Server(lambda _: go.wait(20) and told({"content": "late"}))
    engine = engine_at(server, timeout=0.5)
    with pytest.raises(EngineError, match="TUTOR_TIMEOUT"):
        said(engine)
    go.set()
