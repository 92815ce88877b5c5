"""Three tokenizers: exactly the engine's tokens, and what each does to a text."""

import http.client
import json
import os
from urllib.parse import urlsplit

import pytest

from demos.shared.tokens import colored, hexadecimal, visible
from demos.shared.weights import Weights, quietly
from demos.tokenization import run as tokenization
from demos.tokenization.__main__ import main
from demos.tokenization.bpe import train
from demos.tokenization.figures import describe, show_encodings, show_training
from demos.tokenization.real_tokenizers import (
    LONGEST,
    Encodings,
    by_byte_level,
    by_engine,
    byte_letters,
    encode_text,
)
from demos.tokenization.run import PRESETS, run
from tests.demos.letters import LetterEngine
from tutor.settings import read_settings

HARD = [
    *PRESETS.values(),
    "",
    " ",
    "a\tb\r\n\n  c",
    "<|im_end|> </s> [CLS] [UNK] <|endoftext|>",
    "🦜🇨🇭👨‍👩‍👧 नमस्ते",
    "1234567890 ²½ e\u0301",
    "aaaa" * 60,
    "\u200b\u202e\x00\x07",
]


@pytest.fixture(scope="module")
def weights():
    """SmolLM2 is the engine: a tokenizer of transformers from the same file must agree with it."""
    return Weights(read_settings(model="smollm2-135m"), quietly)


def test_the_byte_letters_are_gpt2s():
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    assert byte_letters() == {letter: byte for byte, letter in bytes_to_unicode().items()}


def test_visible_tokens():
    assert visible(b" a\n") == "·a↵"
    assert visible("é".encode()[:1] + b"x") == "<C3>x"
    assert visible("\u202e".encode()) == "<U+202E>"
    assert hexadecimal("🦜".encode()) == "F0 9F A6 9C"


def test_nothing_typed_becomes_html():
    evil = "<img src=x onerror=alert(1)>\"'"
    assert "<img" not in colored([evil], [evil], [evil])
    assert "<img" not in show_training(evil * 3, 5, evil)


def test_the_engines_split_has_its_ids_and_bytes():
    encoding = by_engine("ab a", LetterEngine())
    assert [token.id for token in encoding.tokens] == [97, 98, 32, 97]
    assert encoding.back == "ab a"
    assert by_engine("", LetterEngine()).tokens == ()


def test_the_guess_is_compared():
    encodings = Encodings("ab a", False, (by_engine("ab a", LetterEngine()),))
    assert "You guessed 4, exactly right." in describe(encodings, 4)
    assert "You guessed 6, 2 too many." in describe(encodings, 6)
    assert "You guessed 1, 3 too few." in describe(encodings, 1)
    assert "guessed" not in describe(encodings, None)


def test_training_says_where_it_ends():
    assert "No two tokens" in show_training("abc", 5, "x")
    assert "94 bytes, 62 tokens after 4 merges." in show_training(tokenization.TEXT, 4, "lowest")
    assert len(train("x" * 5000, 3).merges) == 3


@pytest.mark.model
@pytest.mark.parametrize("text", HARD)
def test_both_readers_of_one_file_give_the_same_tokens(weights, text):
    engine = by_engine(text, weights.engine())
    other = by_byte_level("SmolLM2", text, weights.smollm2_tokenizer())
    assert [t.id for t in engine.tokens] == [t.id for t in other.tokens]
    assert [t.piece for t in engine.tokens] == [t.piece for t in other.tokens]
    assert engine.back == other.back == text


def asked(engine, text):
    """llama.cpp's own answer to a request of the test's own."""
    connection = http.client.HTTPConnection(urlsplit(engine.address).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {engine.key}", "Content-Type": "application/json"}
    body = {"content": text, "add_special": False, "parse_special": False}
    connection.request("POST", "/tokenize", json.dumps(body), headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer["tokens"]


@pytest.mark.model
@pytest.mark.parametrize("text", HARD)
def test_the_tab_shows_the_engines_own_tokens(weights, text):
    shown = encode_text(text, weights).all[0]
    assert [token.id for token in shown.tokens] == asked(weights.engine(), text)
    page = show_encodings(encode_text(text, weights))
    assert all(f">{token.id}</" in page for token in shown.tokens)


@pytest.mark.model
def test_the_tokens_are_those_the_engine_computes_with(weights):
    """llama.cpp counts the tokens of a prompt it was given as text."""
    engine = weights.engine()
    for text in ("The cat sat.", "naïve 🦜 <|im_end|>x"):
        request = {"prompt": text, "n_predict": 1, "cache_prompt": False}
        counted = engine._ask("/completion", request)["tokens_evaluated"]
        assert len(engine.tokenize(text, control=True)) == counted


@pytest.mark.model
def test_wordpiece_loses_what_bpe_keeps(weights):
    encodings = encode_text("Naïve 🦜  x", weights)
    first, second, wordpiece = encodings.all
    assert first.back == second.back == "Naïve 🦜  x"
    assert wordpiece.back == "naive [UNK] x"
    assert [t.unknown for t in wordpiece.tokens] == [False, True, False]
    assert [t.piece.decode() for t in wordpiece.tokens] == ["Naïve", "🦜", "x"]
    assert wordpiece.vocabulary == 30_522


@pytest.mark.model
def test_a_long_text_is_cut_and_it_says_so(weights):
    encodings = encode_text("word " * 1000, weights)
    assert encodings.cut
    assert len(encodings.text) == LONGEST
    assert "Only the first 1,000 characters" in describe(encodings, None)
    assert "4.9" in show_encodings(encodings) or "5.0" in show_encodings(encodings)


@pytest.mark.model
def test_run_loads_tokenizers_and_no_model_besides_the_engine(weights):
    result = run(weights=weights)
    assert result.word == (b"low", b"est")
    assert set(weights._kept) <= {"engine", "smollm2 tokenizer", "minilm tokenizer"}
    assert [encoding.name for encoding in result.encodings.all][1:] == [
        "SmolLM2-135M",
        "all-MiniLM-L6-v2",
    ]


def test_without_a_model_the_command_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setitem(os.environ, "TUTOR_MODEL", "none")
    assert main([]) == 2
    assert "TUTOR_MODEL" in capsys.readouterr().err
