"""Handlers of events: a line of status first, as many outputs as an event has, errors in words."""

import inspect

import gradio as gr

from demos.shared.panel import Running, handler, problem, working
from tutor.errors import InputError

WRONG = InputError("There is no text. Type <one>.")


def test_a_handler_waits_and_then_answers():
    @handler(working("MiniLM"), failed=[None, ""])
    def show(text):
        return "said", "figure", text

    first, last = list(show("x"))
    assert "Reading MiniLM" in first[0]
    assert first[1:] == (gr.skip(), gr.skip())
    assert last == ("said", "figure", "x")
    assert inspect.isgeneratorfunction(show)  # what Gradio streams


def test_a_handler_streams_until_something_is_wrong():
    @handler(working("MiniLM"), failed=[None], meanwhile=[""])
    def show():
        yield "one", 1
        raise WRONG

    waited, one, wrong = list(show())
    assert waited[1] == ""
    assert one == ("one", 1)
    assert wrong == (problem(WRONG), None)
    assert "&lt;one&gt;" in wrong[0]


def test_a_single_output_is_no_tuple():
    @handler(working("MiniLM"))
    def show():
        raise WRONG

    assert list(show()) == [working("MiniLM"), problem(WRONG)]


def test_a_handler_that_need_not_wait_returns():
    @handler(failed=[None])
    def show(good):
        if not good:
            raise WRONG
        return "said", "figure"

    assert show(True) == ("said", "figure")
    assert show(False) == (problem(WRONG), None)


def test_closing_a_handler_closes_what_it_runs():
    closed = []

    @handler(working("MiniLM"))
    def show():
        try:
            yield from "ab"
        finally:
            closed.append(True)

    stream = show()
    assert [next(stream), next(stream)] == [working("MiniLM"), "a"]
    stream.close()
    assert closed == [True]


def test_a_visitor_may_stop_what_runs():
    running = Running()
    running.stop()
    assert running.stopped
