"""Tokens as colored pieces: three tokenizers one below the other, and a BPE after some merges."""

import html
from collections.abc import Sequence

from demos.shared.markup import status
from demos.shared.tokens import colored, hexadecimal, visible
from demos.tokenization.bpe import train
from demos.tokenization.real_tokenizers import LONGEST, Encoding, Encodings

UNDER = {"Ids": "id", "Bytes": "bytes", "As in the vocabulary": "written"}


def describe(encodings: Encodings, guessed: float | None) -> str:
    """The counts in a sentence, and the guess beside the truth."""
    first = encodings.all[0]
    counts = ", ".join(f"{len(encoding.tokens)} for {encoding.name}" for encoding in encodings.all)
    bytes_, characters = len(encodings.text.encode()), len(encodings.text)
    text = f"{characters} characters, {bytes_} bytes. Tokens: {counts}."
    if encodings.cut:
        text = f"Only the first {LONGEST:,} characters were read. {text}"
    if guessed:  # an empty box may arrive as None or 0
        off = len(first.tokens) - int(guessed)
        verdict = "exactly right" if not off else f"{abs(off)} too {'few' if off > 0 else 'many'}"
        text = f"You guessed {int(guessed)}, {verdict}. {text}"
    return status(text)


def show_encodings(encodings: Encodings, below: str = "Ids") -> str:
    """The three encodings as colored tokens."""
    return "".join(show_encoding(encodings, encoding, UNDER[below]) for encoding in encodings.all)


def show_encoding(encodings: Encodings, encoding: Encoding, below: str) -> str:
    """One encoding: its name, its numbers, its tokens, and what decoding gives if not the text."""
    small = {
        "id": [str(token.id) for token in encoding.tokens],
        "bytes": [hexadecimal(token.piece) for token in encoding.tokens],
        "written": [token.written for token in encoding.tokens],
    }
    labels = [
        "[UNK]" if token.unknown else visible(token.piece) or token.written
        for token in encoding.tokens
    ]
    titles = [
        f"{token.written}: id {token.id}, {len(token.piece)} bytes" for token in encoding.tokens
    ]
    head = f"<b>{html.escape(encoding.name)}</b>, {html.escape(encoding.method)}"
    numbers = f"{len(encoding.tokens)} tokens"
    if encoding.tokens:
        numbers += f" · {encodings.per_token(encoding):.2f} characters per token"
    numbers += f" · vocabulary {encoding.vocabulary:,}"
    if encoding.back == encodings.text:
        back = "Decoding gives back the text exactly."
    else:
        back = f"Decoding gives another text: {encoding.back!r}"
    return (
        f'<section style="margin:0.8rem 0"><div>{head}</div><small>{numbers}</small>'
        f"<div>{colored(labels, small[below], titles)}</div>"
        f'<small style="overflow-wrap:anywhere">{html.escape(back)}</small></section>'
    )


def show_training(text: str, steps: float, word: str) -> str:
    """The text after `steps` merges, the merges so far, and the word in their tokens."""
    kept = text[:LONGEST]
    trained = train(kept, int(steps))
    tokens = trained.encode(kept)
    pieces = trained.pieces
    counted = (
        f"{len(kept.encode())} bytes, {len(tokens)} tokens after {len(trained.merges)} merges."
    )
    if len(trained.merges) < steps:
        counted += " No two tokens stand together twice any more."
    if len(text) > LONGEST:
        counted = f"Only the first {LONGEST:,} characters were read. {counted}"
    merges = "".join(
        f"<li><code>{shown(pieces[merge.pair[0]])}</code> + "
        f"<code>{shown(pieces[merge.pair[1]])}</code> → "
        f"<code>{shown(pieces[merge.id])}</code>, {merge.count} times</li>"
        for merge in trained.merges
    )
    spelled = [visible(pieces[token]) for token in trained.encode(word[:60])]
    return (
        status(counted) + f"<div>{plain_spans([visible(pieces[t]) for t in tokens])}</div>"
        f"<p>{html.escape(word[:60])}: {len(spelled)} tokens {plain_spans(spelled)}</p>"
        f'<ol style="columns:2;font-size:0.85rem;padding-left:1.6rem">{merges}</ol>'
    )


def plain_spans(labels: Sequence[str]) -> str:
    """Colored tokens without anything below them."""
    return colored(labels, [""] * len(labels), labels)


def shown(piece: bytes) -> str:
    """A token as escaped HTML."""
    return html.escape(visible(piece))
