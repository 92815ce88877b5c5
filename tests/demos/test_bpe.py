"""The small BPE trainer against the guide's worked example and against `tokenizers`."""

from itertools import pairwise

import pytest

from demos.tokenization.bpe import train, words

GUIDE = "low " * 5 + "lower " * 2 + "newest " * 6 + "widest " * 3
TEXTS = [
    GUIDE,
    "the cat sat on the mat and the other cat sat there too, then the cats left",
    "naïve café, naïve cafés: 你好你好 🙂🙂 🦜🦜",
    "def add(a, b):\n    return a + b\n\ndef sub(a, b):\n    return a - b\n",
]


def pieces_of(trained, text, steps=None):
    return [trained.pieces[token] for token in trained.encode(text, steps)]


def by_tokenizers(text: str, merges: int):
    """The merges and tokens of the `tokenizers` library, on our words.

    Each byte is written as a letter of its own, in the bytes' order, so that ties are settled by
    the same order; white space separates our words.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    letter = {byte: chr(0x4E00 + byte) for byte in range(256)}
    back = {shown: byte for byte, shown in letter.items()}
    line = " ".join("".join(letter[byte] for byte in word) for word in words(text))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=256 + merges,
        initial_alphabet=list(letter.values()),
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator([line], trainer)
    by_id = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    learned = [bytes(back[c] for c in piece) for piece, _ in by_id]
    tokens = [bytes(back[c] for c in piece) for piece in tokenizer.encode(line).tokens]
    return learned, tokens


def test_the_guides_worked_example():
    # One word apiece, so that no space takes part: every word stands on its own line's start.
    trained = train(GUIDE.replace(" ", "\n"), 4)
    learned = [(trained.pieces[merge.id], merge.count) for merge in trained.merges]
    assert learned == [(b"es", 9), (b"est", 9), (b"lo", 7), (b"low", 7)]
    assert pieces_of(trained, "lowest") == [b"low", b"est"]


@pytest.mark.parametrize("text", TEXTS)
def test_as_the_tokenizers_library_does_it(text):
    learned, tokens = by_tokenizers(text, 40)
    trained = train(text, 40)
    assert list(trained.pieces) == learned
    assert pieces_of(trained, text) == tokens


@pytest.mark.parametrize("text", ["", " ", "a", "²_½ x", *TEXTS, "हिन्दी में", "\u200b\n\n\t x"])
def test_the_tokens_joined_are_the_text(text):
    trained = train(TEXTS[1], 30)
    for steps in (0, 5, None):
        assert b"".join(pieces_of(trained, text, steps)) == text.encode()


def test_every_merge_shortens_the_text():
    trained = train(TEXTS[1], 30)
    lengths = [len(trained.encode(TEXTS[1], steps)) for steps in range(len(trained.merges) + 1)]
    for merge, (before, after) in zip(trained.merges, pairwise(lengths), strict=True):
        assert before - merge.count <= after < before


def test_it_stops_when_no_pair_repeats():
    assert train("abcdef", 10).merges == ()
    assert len(train("ab cab", 10).merges) == 1
