"""Other tabs of the page in the same browser, and the record that all of them keep in one place.

A tab reads the browser's storage once, when it opens, and writes all of its record with every
entry: an older tab would write over what another has added since. So every tab tells the others
what its record has become (the page's script carries it), and each joins that with its own.
"""

import json
from dataclasses import replace
from typing import Any

import gradio as gr

from tutor.practice.record import Record, as_json, merged, read_record
from tutor.web.chat import QUIET

LONGEST = 2_000_000  # characters of a record in JSON
FORGOTTEN = "forgotten"
TELL = (
    "(record) => document.dispatchEvent(new CustomEvent('tell', {detail: JSON.stringify(record)}))"
)
TELL_FORGOTTEN = f"() => document.dispatchEvent(new CustomEvent('tell', {{detail: '{FORGOTTEN}'}}))"


def share_record(record: gr.BrowserState) -> Any:
    """Wire a place's record to those of other tabs; the event after which it has been joined."""
    told = gr.Textbox(visible="hidden", elem_id="told")
    record.change(None, record, js=TELL)
    return told.submit(join, [told, record], record, **QUIET)


def join(told: str, kept: Any) -> Any:
    """The record with the entries that another tab has; its interview and what is wanted are what
    that tab says. Unchanged if there is nothing new, or the other tells nothing."""
    mine = read_record(kept)
    if told == FORGOTTEN:
        return gr.skip() if mine == Record() else as_json(Record())
    other = read_told(told)
    if other == Record():
        return gr.skip()
    both = replace(merged(mine, other), interview=other.interview, wanted=other.wanted)
    return gr.skip() if both == mine else as_json(both)


def read_told(told: str) -> Record:
    """What another tab told, or as much of it as has the right shape."""
    try:
        return read_record(json.loads(told[:LONGEST]))
    except (ValueError, RecursionError):
        return Record()
