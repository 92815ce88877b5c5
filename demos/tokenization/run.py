"""A text through three tokenizers, a BPE trained on another, and a word spelled with it."""

from dataclasses import dataclass

from demos.shared.choices import check_ranges
from demos.shared.weights import Weights, open_weights
from demos.tokenization.bpe import Trained, train
from demos.tokenization.real_tokenizers import LONGEST, Encodings, encode_text

TEXT = "low " * 5 + "lower " * 2 + "newest " * 6 + "widest " * 2 + "widest"
PRESETS = {
    "Rare words": "Tokenization is unbelievably antidisestablishmentarian, said Ms Xyzzyqua.",
    "Emoji": "Well done 🎉🦜 family 👨‍👩‍👧 flag 🇨🇭",
    "Code": "def mean(xs):\n    return sum(xs) / len(xs)  # 0.333333",
    "Languages": "Guten Morgen, wie geht’s? 你好，世界。 नमस्ते दुनिया. Привет, мир!",
    "Numbers": "7 42 365 1024 31415 271828 12:59 3.14159 1e-05",
    "Guide's words": TEXT,
}
WORD = "lowest"
MOST_MERGES = 60


@dataclass(frozen=True)
class Tokenization:
    """A text in three encodings, a BPE trained on it, and another word in that BPE's tokens."""

    encodings: Encodings
    trained: Trained
    word: tuple[bytes, ...]


def run(
    text: str = PRESETS["Rare words"],
    merges: int = 12,
    word: str = WORD,
    corpus: str = TEXT,
    weights: Weights | None = None,
) -> Tokenization:
    """Split `text` three times; train up to `merges` merges on `corpus` and spell `word` with them.

    Text beyond 1,000 characters is left out. Raises InputError, EngineError, ModelError.
    """
    check_ranges({"merges": (0, MOST_MERGES)}, merges=merges)
    trained = train(corpus[:LONGEST], merges)
    spelled = tuple(trained.pieces[token] for token in trained.encode(word[:LONGEST]))
    return Tokenization(encode_text(text, weights or open_weights()), trained, spelled)
