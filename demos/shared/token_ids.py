"""A typed sentence as token ids, cut to what a picture of pairs can show."""

from typing import Any

from tutor.errors import InputError

MAX_TOKENS = 40  # what a picture of pairs can show
MAX_CHARACTERS = 400


def token_ids(text: str, tokenizer: Any) -> tuple[list[int], bool]:
    """The ids of a text, at most MAX_TOKENS with [CLS] and [SEP], and whether it was cut."""
    ids = tokenizer(checked_text(text)[:MAX_CHARACTERS], add_special_tokens=False)["input_ids"]
    framed = tokenizer.cls_token_id is not None  # BERT's family frames a text with two tokens
    room = MAX_TOKENS - 2 if framed else MAX_TOKENS
    cut = len(ids) > room or len(text) > MAX_CHARACTERS
    ids = list(ids[:room])
    return ([tokenizer.cls_token_id, *ids, tokenizer.sep_token_id] if framed else ids), cut


def checked_text(text: str) -> str:
    """The text, if there is any."""
    if not text.strip():
        raise InputError("There is no text. Type a sentence and look again.")
    return text
