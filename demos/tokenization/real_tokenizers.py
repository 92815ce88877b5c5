"""One text through three real tokenizers: the tutor's BPE, SmolLM2's BPE and MiniLM's WordPiece.

A byte-level BPE's tokens are bytes, so joined they are the text again. WordPiece lower-cases,
drops accents and spaces, and has one token, [UNK], for every word it cannot spell.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from demos.shared.weights import Weights
from tutor.engine.llama import LlamaEngine

LONGEST = 1000  # characters that are tokenized and shown
# What a person types is plain text: no marks are added, and none that it spells is obeyed.
PLAIN: dict[str, Any] = {
    "add_special_tokens": False,
    "split_special_tokens": True,
    "truncation": False,
    "verbose": False,
}


@dataclass(frozen=True)
class Token:
    """A token: its id, the bytes of the text it stands for, and how the vocabulary writes it."""

    id: int
    piece: bytes
    written: str
    unknown: bool = False


@dataclass(frozen=True)
class Encoding:
    """A text as one tokenizer cuts it. `back` is what decoding the ids gives."""

    name: str
    method: str
    vocabulary: int
    tokens: tuple[Token, ...]
    back: str


@dataclass(frozen=True)
class Encodings:
    """The three encodings of a text, which may have been cut to LONGEST characters."""

    text: str
    cut: bool
    all: tuple[Encoding, ...]

    def per_token(self, encoding: Encoding) -> float:
        """Characters per token; NaN without tokens."""
        return len(self.text) / len(encoding.tokens) if encoding.tokens else math.nan


def encode_text(text: str, weights: Weights) -> Encodings:
    """The text through all three tokenizers, without special tokens added."""
    # A lone surrogate cannot be written as bytes; a browser sends none, a command line may.
    kept = text[:LONGEST].encode("utf-8", "replace").decode()
    encodings = (
        by_engine(kept, weights.engine()),
        by_byte_level("SmolLM2-135M", kept, weights.smollm2_tokenizer()),
        by_wordpiece("all-MiniLM-L6-v2", kept, weights.minilm_tokenizer()),
    )
    return Encodings(kept, len(text) > LONGEST, encodings)


def by_engine(text: str, engine: LlamaEngine) -> Encoding:
    """The tokens with which the tutor's own engine reads the text, cut by llama.cpp itself."""
    tokens = tuple(
        Token(number, piece, piece.decode("utf-8", "replace"))
        for number, piece in (engine.tokenize(text) if text else [])
    )
    back = b"".join(token.piece for token in tokens).decode("utf-8", "replace")
    method = "byte-level BPE (the tutor's model)"
    return Encoding(engine.name, method, engine.vocabulary(), tokens, back)


def by_byte_level(name: str, text: str, tokenizer: Any) -> Encoding:
    """A text through a byte-level BPE of transformers, whose vocabulary writes bytes as letters."""
    ids = tokenizer(text, **PLAIN)["input_ids"]
    written = tokenizer.convert_ids_to_tokens(ids)
    letters = byte_letters()
    tokens = tuple(
        Token(number, bytes(letters[letter] for letter in piece), piece)
        for number, piece in zip(ids, written, strict=True)
    )
    back = b"".join(token.piece for token in tokens).decode("utf-8", "replace")
    return Encoding(name, "byte-level BPE", len(tokenizer), tokens, back)


def by_wordpiece(name: str, text: str, tokenizer: Any) -> Encoding:
    """A text through WordPiece; a token's piece is the part of the text it was made from."""
    encoded = tokenizer(text, **PLAIN, return_offsets_mapping=True)
    ids, places = encoded["input_ids"], encoded["offset_mapping"]
    written = tokenizer.convert_ids_to_tokens(ids)
    tokens = tuple(
        Token(number, text[start:end].encode(), piece, number == tokenizer.unk_token_id)
        for number, piece, (start, end) in zip(ids, written, places, strict=True)
    )
    return Encoding(name, "WordPiece", len(tokenizer), tokens, tokenizer.decode(ids))


@cache
def byte_letters() -> dict[str, int]:
    """Which byte each letter of a byte-level vocabulary stands for; Ġ is the space.

    GPT-2's encoder (Radford et al. 2019): printable Latin-1 characters stand for themselves, the
    other bytes, in order, for the characters from U+0100 on.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {chr(byte): byte for byte in plain}
    return letters | {chr(0x100 + place): byte for place, byte in enumerate(others)}
